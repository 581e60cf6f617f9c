/// Ratings to fit and ratings to judge by: both keep the extents of the whole table and the order of its list.
#pragma once

#include <cmath>
#include <vector>

#include "gram/core/random.hpp"
#include "gram/rec/ratings.hpp"

namespace gram::rec::inline GRAM_ISA {

/// Two disjoint parts of one table.
template <class T>
struct Split {
    Ratings<T> train;
    Ratings<T> test;
};

namespace detail {

template <class T, class IsTest>
Split<T> split_by(const Ratings<T>& ratings, IsTest is_test) {
    std::vector<Rating<T>> train, test;
    for (index_t p = 0; p < ratings.size(); ++p) {
        const auto& r = ratings.list()[static_cast<std::size_t>(p)];
        (is_test(p) ? test : train).push_back(r);
    }
    return {Ratings<T>(ratings.users(), ratings.items(), std::move(train)),
            Ratings<T>(ratings.users(), ratings.items(), std::move(test))};
}

}  // namespace detail

/// Every k-th rating of the list, the last of each k, is held out to test. std::invalid_argument unless k >= 1.
/// @snippet models.cpp ratings
template <std::floating_point T>
[[nodiscard]] Split<T> split_every(const Ratings<T>& ratings, index_t k) {
    if (k < 1) throw std::invalid_argument("split_every: k = " + std::to_string(k) + ", expected k >= 1");
    return detail::split_by(ratings, [k](index_t p) { return p % k == k - 1; });
}

/// round(fraction size) ratings, drawn at random, are held out to test. The same seed gives the same split.
/// std::invalid_argument unless 0 <= fraction <= 1.
/// @snippet models.cpp ratings
template <std::floating_point T>
[[nodiscard]] Split<T> split_random(const Ratings<T>& ratings, double fraction, Rng& rng) {
    if (!(fraction >= 0 && fraction <= 1)) {
        throw std::invalid_argument("split_random: fraction = " + std::to_string(fraction) + ", expected 0 to 1");
    }
    const index_t held_out = static_cast<index_t>(std::llround(fraction * static_cast<double>(ratings.size())));
    const auto order = rng.permutation(ratings.size());
    std::vector<bool> is_test(order.size(), false);
    for (index_t p = 0; p < held_out; ++p) is_test[static_cast<std::size_t>(order[static_cast<std::size_t>(p)])] = true;
    return detail::split_by(ratings, [&](index_t p) { return bool(is_test[static_cast<std::size_t>(p)]); });
}

}  // namespace gram::rec::inline GRAM_ISA
