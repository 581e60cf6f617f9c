/// Operands that gram and its peers share, and the contest on them.
#pragma once

#include <algorithm>
#include <cmath>
#include <complex>
#include <functional>
#include <memory>
#include <stdexcept>
#include <string>

#include <gram/core/matrix.hpp>

#include "peers/peers.hpp"
#include "support/compare.hpp"
#include "support/machine.hpp"

namespace bench {

using gram::index_t;
using peers::Call;
using peers::Op;

template <class T>
inline constexpr const char* type_name = "?";
template <>
inline constexpr const char* type_name<float> = "f32";
template <>
inline constexpr const char* type_name<double> = "f64";
template <>
inline constexpr const char* type_name<std::complex<float>> = "c64";
template <>
inline constexpr const char* type_name<std::complex<double>> = "c128";

/// Numbers from [low, high), the same in every run. They need not be good, only quick to make.
template <class T>
void fill(gram::Vector<T>& x, double low = -0.5, double high = 0.5) {
    using Real = decltype(std::abs(T{}));
    std::uint64_t state = 88172645463325252U;
    const auto next = [&] {
        state = state * 6364136223846793005U + 1442695040888963407U;
        return static_cast<Real>(low + (high - low) * static_cast<double>(state >> 11U) * 0x1p-53);
    };
    for (T& element : x) {
        if constexpr (std::is_same_v<T, Real>) {
            element = next();
        } else {
            const Real re = next();
            element = T{re, next()};
        }
    }
}

/// The memory of one case.
template <class T>
struct Problem {
    Problem(index_t a_size, index_t b_size, index_t c_size, index_t bias_size = 0)
        : a(a_size), b(b_size), bias(bias_size), c(c_size), start(c_size) {
        fill(a), fill(b), fill(bias), fill(start);
        reset();
    }
    /// Connects the call with the memory; to be done once more after a change of place.
    void reset() {
        std::copy(start.begin(), start.end(), c.begin());
        call.a = a.data(), call.b = b.data(), call.bias = bias.data(), call.c = c.data();
    }
    gram::Vector<T> a, b, bias, c, start;
    Call<T> call;
};

/// gram's own loop, in the form of a peer's.
template <class T>
using Own = void (*)(const Call<T>&, long reps);

/// How far the elements of c are from `expected`, relative to the greatest of them.
template <class T>
double difference(const gram::Vector<T>& c, const gram::Vector<T>& expected) {
    double most = 0, scale = 0;
    for (index_t i = 0; i < c.rows(); ++i) {
        const double d = static_cast<double>(std::abs(c[i] - expected[i]));
        if (!(d <= most)) most = d;  // NaN too
        scale = std::max(scale, static_cast<double>(std::abs(expected[i])));
    }
    return scale > 0 ? most / scale : most;
}

/// gram against every peer that has the operation. All of them must come to the same result first.
template <class T>
compare::Contest contest(const std::shared_ptr<Problem<T>>& x, Op op, Own<T> own) {
    compare::Contest result;
    result.entrants.push_back({"gram", [x, own](long reps) { own(x->call, reps); }});
    for (const peers::Peer& peer : peers::all()) {
        const auto run = peer.tables.of<T>()[op];
        if (run == nullptr) continue;
        result.entrants.push_back({peer.name, [x, run, self = peer.self](long reps) { run(self, x->call, reps); }});
    }
    gram::Vector<T> expected;
    for (const auto& entrant : result.entrants) {
        x->reset();
        entrant.run(1);
        if (entrant.who == "gram") {
            expected = x->c;
        } else if (!(difference(x->c, expected) < (sizeof(decltype(std::abs(T{}))) == 4 ? 1e-3 : 1e-10))) {
            throw std::runtime_error(entrant.who + " computes something else than gram");
        }
    }
    x->reset();
    return result;
}

/// The same, as a share of the peak of this machine's multiply-adds.
template <class T>
compare::Contest contest_of_flops(const std::shared_ptr<Problem<T>>& x, Op op, Own<T> own, int threads) {
    auto result = contest(x, op, own);
    result.yardstick_rate = machine::peak<decltype(std::abs(T{}))>() * threads;
    return result;
}

inline double product(long a, long b, long c = 1) {
    return static_cast<double>(a) * static_cast<double>(b) * static_cast<double>(c);
}

}  // namespace bench
