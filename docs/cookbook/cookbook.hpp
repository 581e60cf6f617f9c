/// What every page of the cookbook starts with.
#pragma once

#include <cstdio>
#include <cstdlib>

#include "gram/gram.hpp"

using namespace gram;  // NOLINT: pages are short programs

/// Ends the program with status 1 unless what the page shows is true.
inline void expect(bool holds, const char* file = __builtin_FILE(), int line = __builtin_LINE()) {
    if (holds) return;
    std::fprintf(stderr, "%s:%d: what this page shows does not hold\n", file, line);
    std::exit(1);
}
