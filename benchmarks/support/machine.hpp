/// What the figures were measured on.
#pragma once

#include "support/compare.hpp"

namespace machine {

/// Floating-point operations a second of one core when it does nothing but fused multiply-adds, measured once.
template <class T>
double peak();

/// Machine, caches, peaks, compiler, flags, threads, date and commit.
compare::Header header(const compare::Options& options);

}  // namespace machine
