// From here to strict_math_end.hpp sums are formed in the order in which they are written, also in a program that is
// compiled with -ffast-math: the accuracy of small values lies in that order. Without the option nothing happens.
// Included in pairs, any number of times: no #pragma once. Not around code that calls packs: g++ inlines no function
// into one of other floating-point options.
#if defined(__FAST_MATH__)
#if defined(__clang__)
#pragma float_control(precise, on, push)
#elif defined(__GNUC__)
#pragma GCC push_options
#pragma GCC optimize("no-fast-math")
#endif
#endif
