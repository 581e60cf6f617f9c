/// What the files of Eigen's factorizations share.
#pragma once

#include "peers/eigen.hpp"

namespace peers::eigen {

/// What a user of Eigen has: column-major.
template <class T>
using Columns = Dense<T, Eigen::ColMajor>;

/// c = numbers(A), `reps` times; whatever else was computed counts as read through `keep`.
template <class T, class F>
void each(const Call<T>& c, long reps, const F& numbers) {
    const auto A = matrix<T, Eigen::ColMajor>(c.a, c.m, c.n);
    repeat(reps, [&] { vector(c.c, c.n) = numbers(A); });
}

template <class X>
void keep(const X& x) {
    asm volatile("" : : "r"(&x) : "memory");
}

void add_factor(Tables& tables);
void add_symmetric(Tables& tables);
void add_svd(Tables& tables);
void add_general(Tables& tables);
void add_small(Tables& tables);

}  // namespace peers::eigen
