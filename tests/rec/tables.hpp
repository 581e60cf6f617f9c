// What the tests of rec/ share: the textbook's table, and ratings with a known low-rank truth.
#pragma once

#include <vector>

#include "gram/expr/expr.hpp"
#include "gram/rec/ratings.hpp"
#include "support/matrices.hpp"

namespace support {

// 5 users, 4 films (two of action, two of romance), 0: not rated.
template <class T>
gram::Matrix<T> textbook() {
    return {{5, 4, 1, 0}, {4, 5, 2, 1}, {3, 3, 3, 3}, {1, 0, 5, 4}, {1, 2, 4, 5}};
}
template <class T>
gram::rec::Ratings<T> known_ratings(const gram::Matrix<T>& R) {
    std::vector<gram::rec::Rating<T>> list;
    for (index_t u = 0; u < R.rows(); ++u) {
        for (index_t i = 0; i < R.cols(); ++i) {
            if (R(u, i) != T{0}) list.push_back({u, i, R(u, i)});
        }
    }
    return {R.rows(), R.cols(), list};
}

// 3 + a_u + c_i + p_u . q_i with small random numbers: what the models assume.
template <class T>
struct Planted {
    gram::rec::Ratings<T> train, test;

    Planted(index_t users, index_t items, index_t rank, double known, std::uint64_t seed, double bias = 0) {
        Random random(seed);
        const auto P = gaussian<double>(users, rank, seed + 1), Q = gaussian<double>(items, rank, seed + 2),
                   a = gaussian<double>(users, 1, seed + 3), c = gaussian<double>(items, 1, seed + 4);
        std::vector<gram::rec::Rating<T>> to_fit, to_judge;
        for (index_t u = 0; u < users; ++u) {
            for (index_t i = 0; i < items; ++i) {
                double r = 3 + bias * (a(u, 0) + c(i, 0));
                for (index_t f = 0; f < rank; ++f) r += P(u, f) * Q(i, f);
                const bool is_known = random.uniform() < known;
                (is_known ? to_fit : to_judge).push_back({u, i, static_cast<T>(r)});
            }
        }
        train = gram::rec::Ratings<T>(users, items, to_fit);
        test = gram::rec::Ratings<T>(users, items, to_judge);
    }
};

}  // namespace support
