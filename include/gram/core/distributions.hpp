/// The distributions of Rng that need rejection. Included by core/random.hpp.
#pragma once

#include <algorithm>
#include <stdexcept>
#include <string>

#include "gram/core/random.hpp"

namespace gram {

namespace core_detail {

[[noreturn]] inline void refuse_parameter(const char* distribution, double value, const char* expected) {
    throw std::invalid_argument(std::string("Rng::") + distribution + ": " + std::to_string(value) + ", expected " +
                                expected);
}
constexpr double largest_parameter = 1e300;

template <class Isa>
void require_positive(const char* distribution, double value) {
    if (!(value > 0 && value <= largest_parameter)) refuse_parameter(distribution, value, "a positive finite number");
}
template <class Isa>
void require_not_negative(const char* distribution, double value) {
    if (!(value >= 0 && value <= largest_parameter)) refuse_parameter(distribution, value, "a finite number >= 0");
}
template <class Isa>
void require_probability(const char* distribution, double p) {
    if (!(p >= 0 && p <= 1)) refuse_parameter(distribution, p, "a probability in [0, 1]");
}

/// Uniform in (0, 1), never 0 and never 1: its logarithm is finite.
template <class Isa>
double open_uniform(Rng& rng) {
    return (static_cast<double>(rng() >> 12) + 0.5) * 0x1p-52;
}
template <class Isa>
double standard_exponential(Rng& rng) {
    return -portable_log<Isa>(open_uniform<Isa>(rng));
}

/// Gamma for shape >= 1: Marsaglia & Tsang, A simple method for generating gamma variables, ACM TOMS 26 (2000).
template <class Isa>
double gamma_from_one(Rng& rng, double shape) {
    const double d = shape - 1.0 / 3, c = 1 / std::sqrt(9 * d);
    for (;;) {
        const double x = rng.normal<Isa>();
        const double base = std::fma(c, x, 1.0);
        if (base <= 0) continue;
        const double v = base * base * base, half_square = 0.5 * x * x;
        const double bound = std::fma(d, 1 - v + portable_log<Isa>(v), half_square);
        if (portable_log<Isa>(open_uniform<Isa>(rng)) < bound) return d * v;
    }
}
/// The logarithm of a gamma variable; for small shapes the variable itself would underflow.
/// Gamma(a) = Gamma(a + 1) u^(1/a) (ibid.).
template <class Isa>
double log_gamma_variable(Rng& rng, double shape) {
    if (shape >= 1) return portable_log<Isa>(gamma_from_one<Isa>(rng, shape));
    const double log_power = -standard_exponential<Isa>(rng) / shape;
    return portable_log<Isa>(gamma_from_one<Isa>(rng, shape + 1)) + log_power;
}

/// Successes of n trials when n p is small: waiting times that together outlast -ln(1 - p) (Devroye, Non-uniform
/// random variate generation, 1986, p. 525). O(n p).
template <class Isa>
index_t binomial_by_waiting(Rng& rng, index_t n, double p) {
    const double limit = -portable_log1p<Isa>(-p);
    double waited = 0;
    index_t successes = 0;
    for (; successes < n; ++successes) {
        waited += standard_exponential<Isa>(rng) / static_cast<double>(n - successes);
        if (waited > limit) break;
    }
    return successes;
}

/// Successes of n trials for n p >= 10, p <= 1/2: Hörmann, The generation of binomial random variates, J. Statist.
/// Comput. Simul. 46 (1993), algorithm BTRS.
template <class Isa>
index_t binomial_by_rejection(Rng& rng, index_t trials, double p) {
    const auto n = static_cast<double>(trials);
    const double deviation = std::sqrt(n * p * (1 - p));
    const double b = std::fma(2.53, deviation, 1.15);
    const double a = std::fma(0.0248, b, std::fma(0.01, p, -0.0873));
    const double c = std::fma(n, p, 0.5);
    const double v_r = 0.92 - 4.2 / b, alpha = (2.83 + 5.1 / b) * deviation;
    const double log_odds = portable_log<Isa>(p / (1 - p)), mode = std::floor((n + 1) * p);
    const double at_mode = portable_log_factorial<Isa>(mode) + portable_log_factorial<Isa>(n - mode);
    for (;;) {
        const double u = rng.uniform() - 0.5;
        double v = 1 - rng.uniform();
        const double us = 0.5 - std::abs(u);
        const double k = std::floor(std::fma(2 * a / us + b, u, c));
        if (us >= 0.07 && v <= v_r) return static_cast<index_t>(k);
        if (!(k >= 0 && k <= n)) continue;
        v = portable_log<Isa>(v * alpha / (a / (us * us) + b));
        const double here = portable_log_factorial<Isa>(k) + portable_log_factorial<Isa>(n - k);
        if (v <= std::fma(k - mode, log_odds, at_mode - here)) return static_cast<index_t>(k);
    }
}

/// Arrivals of a process of unit rate until `mean`. O(mean).
template <class Isa>
index_t poisson_by_waiting(Rng& rng, double mean) {
    index_t arrivals = 0;
    for (double waited = standard_exponential<Isa>(rng); waited <= mean; waited += standard_exponential<Isa>(rng))
        ++arrivals;
    return arrivals;
}

/// Poisson for mean >= 10: Hörmann, The transformed rejection method for generating Poisson random variables,
/// Insurance: Mathematics and Economics 12 (1993), algorithm PTRS.
template <class Isa>
index_t poisson_by_rejection(Rng& rng, double mean) {
    const double log_mean = portable_log<Isa>(mean);
    const double b = std::fma(2.53, std::sqrt(mean), 0.931), a = std::fma(0.02483, b, -0.059);
    const double log_inverse_alpha = portable_log<Isa>(1.1239 + 1.1328 / (b - 3.4)), v_r = 0.9277 - 3.6224 / (b - 2);
    for (;;) {
        const double u = rng.uniform() - 0.5, v = 1 - rng.uniform();
        const double us = 0.5 - std::abs(u);
        const double k = std::floor(std::fma(2 * a / us + b, u, mean + 0.43));
        if (us >= 0.07 && v <= v_r) return static_cast<index_t>(k);
        if (k < 0 || (us < 0.013 && v > us)) continue;
        const double left = portable_log<Isa>(v) + log_inverse_alpha - portable_log<Isa>(a / (us * us) + b);
        if (left <= std::fma(k, log_mean, -mean - portable_log_factorial<Isa>(k))) return static_cast<index_t>(k);
    }
}

/// The sum of weights that are finite and >= 0. std::invalid_argument, also unless the sum is positive.
template <class Isa>
double require_weights(const char* name, std::span<const double> weights) {
    double sum = 0;
    for (const double w : weights) {
        require_not_negative<Isa>(name, w);
        sum += w;
    }
    if (!(sum > 0 && sum <= largest_parameter)) refuse_parameter(name, sum, "weights with a positive finite sum");
    return sum;
}

}  // namespace core_detail

template <class Isa>
double Rng::normal(double mean, double deviation) {
    core_detail::require_not_negative<Isa>("normal", deviation);
    return std::fma(deviation, normal<Isa>(), mean);
}

template <class Isa>
double Rng::exponential(double scale) {
    core_detail::require_not_negative<Isa>("exponential", scale);
    return scale * core_detail::standard_exponential<Isa>(*this);
}

template <class Isa>
double Rng::gamma(double shape, double scale) {
    core_detail::require_positive<Isa>("gamma", shape);
    core_detail::require_not_negative<Isa>("gamma", scale);
    if (shape >= 1) return scale * core_detail::gamma_from_one<Isa>(*this, shape);
    return scale * core_detail::portable_exp<Isa>(core_detail::log_gamma_variable<Isa>(*this, shape));
}

template <class Isa>
double Rng::beta(double a, double b) {
    core_detail::require_positive<Isa>("beta", a);
    core_detail::require_positive<Isa>("beta", b);
    const double x = core_detail::log_gamma_variable<Isa>(*this, a);
    const double y = core_detail::log_gamma_variable<Isa>(*this, b);
    return 1 / (1 + core_detail::portable_exp<Isa>(y - x));
}

template <class Isa>
double Rng::chi_squared(double degrees) {
    core_detail::require_positive<Isa>("chi_squared", degrees);
    return gamma<Isa>(degrees / 2, 2);
}

template <class Isa>
double Rng::student_t(double degrees) {
    core_detail::require_positive<Isa>("student_t", degrees);
    const double x = normal<Isa>();
    return x * std::sqrt(degrees / chi_squared<Isa>(degrees));
}

template <class Isa>
bool Rng::bernoulli(double p) {
    core_detail::require_probability<Isa>("bernoulli", p);
    return uniform() < p;
}

template <class Isa>
index_t Rng::binomial(index_t n, double p) {
    if (n < 0) core_detail::refuse_parameter("binomial", static_cast<double>(n), "n >= 0");
    core_detail::require_probability<Isa>("binomial", p);
    if (p > 0.5) return n - binomial<Isa>(n, 1 - p);
    if (n == 0 || p == 0) return 0;
    return static_cast<double>(n) * p < 10 ? core_detail::binomial_by_waiting<Isa>(*this, n, p)
                                           : core_detail::binomial_by_rejection<Isa>(*this, n, p);
}

template <class Isa>
index_t Rng::geometric(double p) {
    core_detail::require_probability<Isa>("geometric", p);
    if (p == 0) core_detail::refuse_parameter("geometric", p, "a probability in (0, 1]");
    if (p == 1) return 1;
    const double trials =
        std::ceil(core_detail::standard_exponential<Isa>(*this) / -core_detail::portable_log1p<Isa>(-p));
    constexpr double most = 0x1p62;
    return trials < 1 ? 1 : static_cast<index_t>(trials < most ? trials : most);
}

template <class Isa>
index_t Rng::poisson(double mean) {
    if (!(mean >= 0 && mean <= 1e15)) core_detail::refuse_parameter("poisson", mean, "a mean in [0, 1e15]");
    if (mean == 0) return 0;
    return mean < 10 ? core_detail::poisson_by_waiting<Isa>(*this, mean)
                     : core_detail::poisson_by_rejection<Isa>(*this, mean);
}

template <class Isa>
index_t Rng::categorical(std::span<const double> weights) {
    const double target = core_detail::require_weights<Isa>("categorical", weights) * uniform();
    double below = 0;
    index_t last = 0;
    for (std::size_t i = 0; i < weights.size(); ++i) {
        if (weights[i] == 0) continue;
        below += weights[i];
        last = static_cast<index_t>(i);
        if (target < below) break;
    }
    return last;
}

inline std::vector<index_t> Rng::choice(index_t n, index_t k, bool replace) {
    if (n < 0 || k < 0 || (k > n && (!replace || n == 0))) {
        throw std::invalid_argument("Rng::choice: " + std::to_string(k) + " of " + std::to_string(n));
    }
    if (!replace) {
        auto order = permutation(n);
        order.resize(static_cast<std::size_t>(k));
        return order;
    }
    std::vector<index_t> drawn(static_cast<std::size_t>(k));
    for (auto& i : drawn) i = integer(n);
    return drawn;
}

/// Efraimidis & Spirakis, Weighted random sampling with a reservoir, Inf. Process. Lett. 97 (2006): the k smallest of
/// exponential waiting times with the weights as rates.
template <class Isa>
std::vector<index_t> Rng::choice(std::span<const double> weights, index_t k) {
    (void)core_detail::require_weights<Isa>("choice", weights);
    std::vector<std::pair<double, index_t>> waits;
    for (std::size_t i = 0; i < weights.size(); ++i) {
        if (weights[i] == 0) continue;
        waits.emplace_back(core_detail::standard_exponential<Isa>(*this) / weights[i], static_cast<index_t>(i));
    }
    if (k < 0 || k > static_cast<index_t>(waits.size())) {
        throw std::invalid_argument("Rng::choice: " + std::to_string(k) + " of " + std::to_string(waits.size()) +
                                    " with a positive weight");
    }
    std::partial_sort(waits.begin(), waits.begin() + k, waits.end());
    std::vector<index_t> drawn(static_cast<std::size_t>(k));
    for (std::size_t i = 0; i < drawn.size(); ++i) drawn[i] = waits[i].second;
    return drawn;
}

/// Draws of an index with fixed weights in constant time: Walker's alias method with Vose's tables (IEEE Trans. Softw.
/// Eng. 17, 1991). O(n) to build.
class Categorical {
public:
    /// The weights are finite, >= 0, with a positive sum. std::invalid_argument.
    template <class Isa = simd::native_arch>
    explicit Categorical(std::span<const double> weights, Isa = {}) {
        const double sum = core_detail::require_weights<Isa>("categorical", weights);
        const std::size_t n = weights.size();
        keep_.resize(n);
        alias_.resize(n);
        std::vector<std::size_t> small, large;
        for (std::size_t i = 0; i < n; ++i) {
            keep_[i] = weights[i] / sum * static_cast<double>(n);
            alias_[i] = static_cast<index_t>(i);
            (keep_[i] < 1 ? small : large).push_back(i);
        }
        while (!small.empty() && !large.empty()) {
            const std::size_t s = small.back(), l = large.back();
            small.pop_back();
            alias_[s] = static_cast<index_t>(l);
            keep_[l] -= 1 - keep_[s];
            if (keep_[l] < 1) {
                large.pop_back();
                small.push_back(l);
            }
        }
        // What rounding left over is full, unless its weight is zero: that must never be drawn.
        const auto heaviest = std::max_element(weights.begin(), weights.end()) - weights.begin();
        for (const auto& rest : {small, large}) {
            for (const std::size_t i : rest) {
                keep_[i] = weights[i] > 0 ? 1 : 0;
                if (weights[i] == 0) alias_[i] = static_cast<index_t>(heaviest);
            }
        }
    }
    /// Number of categories.
    [[nodiscard]] index_t size() const { return static_cast<index_t>(keep_.size()); }
    /// One index.
    index_t operator()(Rng& rng) const {
        const index_t i = rng.integer(size());
        return rng.uniform() < keep_[static_cast<std::size_t>(i)] ? i : alias_[static_cast<std::size_t>(i)];
    }

private:
    std::vector<double> keep_;
    std::vector<index_t> alias_;
};

}  // namespace gram
