/// Mean and variance of numbers that come one by one, or in parts that are joined.
#pragma once

#include <cmath>
#include <limits>
#include <type_traits>

#include "gram/core/types.hpp"

namespace gram::inline GRAM_ISA {

/// Count, mean, variance and extremes of a stream, in constant memory and without the cancellation of sum(x^2) - n
/// mean^2.
///
/// Source: Welford, Technometrics 4 (1962); for joining two parts, Chan, Golub & LeVeque, COMPSTAT 1982.
/// @snippet reductions.cpp running
template <std::floating_point T>
class RunningStats {
public:
    /// One more number. NaN makes mean and variance NaN for good.
    void add(T x) {
        ++count_;
        const T step = x - mean_;
        mean_ += step / static_cast<T>(count_);
        squares_ += step * (x - mean_);
        if (!(x >= min_)) min_ = x;
        if (!(x <= max_)) max_ = x;
    }
    /// All numbers that the other one has seen: the same as adding each of them, up to rounding.
    void merge(const RunningStats& other) {
        if (other.count_ == 0) return;
        if (count_ == 0) {
            *this = other;
            return;
        }
        const T mine = static_cast<T>(count_), theirs = static_cast<T>(other.count_), all = mine + theirs;
        const T step = other.mean_ - mean_;
        mean_ += step * (theirs / all);
        squares_ += other.squares_ + step * step * (mine * (theirs / all));
        count_ += other.count_;
        if (!(other.min_ >= min_)) min_ = other.min_;
        if (!(other.max_ <= max_)) max_ = other.max_;
    }

    [[nodiscard]] index_t count() const { return count_; }
    /// NaN of no numbers, as are all below.
    [[nodiscard]] T mean() const { return count_ > 0 ? mean_ : nan; }
    /// sum (x - mean)^2 / (n - ddof); NaN unless ddof < n.
    [[nodiscard]] T variance(index_t ddof = 0) const {
        return count_ > ddof ? squares_ / static_cast<T>(count_ - ddof) : nan;
    }
    [[nodiscard]] T stddev(index_t ddof = 0) const { return std::sqrt(variance(ddof)); }
    [[nodiscard]] T min() const { return count_ > 0 ? min_ : nan; }
    [[nodiscard]] T max() const { return count_ > 0 ? max_ : nan; }

private:
    static constexpr T nan = std::numeric_limits<T>::quiet_NaN();

    index_t count_ = 0;
    T mean_{}, squares_{};
    T min_ = std::numeric_limits<T>::infinity(), max_ = -std::numeric_limits<T>::infinity();
};

}  // namespace gram::inline GRAM_ISA
