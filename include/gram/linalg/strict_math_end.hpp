// Ends what strict_math_begin.hpp began.
#if defined(__FAST_MATH__)
#if defined(__clang__)
#pragma float_control(pop)
#elif defined(__GNUC__)
#pragma GCC pop_options
#endif
#endif
