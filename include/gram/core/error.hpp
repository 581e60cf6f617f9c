/// What can go wrong, by name. Every message says what met what.
#pragma once

#include <stdexcept>
#include <string>

#include "gram/config.hpp"

namespace gram {

/// The data is at fault: base of every numerical and file error.
struct error : std::runtime_error {
    using std::runtime_error::runtime_error;
};
/// A system whose matrix is exactly singular.
struct singular_matrix : error {
    using error::error;
};
/// A Cholesky factor was asked of a matrix that has none.
struct not_positive_definite : error {
    using error::error;
};
/// NaN or infinity where a finite number is required.
struct non_finite : error {
    using error::error;
};
/// An iteration reached its limit.
struct no_convergence : error {
    using error::error;
};
/// A file does not hold what its format says. The text names the file, the line or byte, and what was expected.
struct format_error : error {
    using error::error;
};
/// A file cannot be opened, read, written or renamed.
struct io_error : error {
    using error::error;
};
/// Extents that do not fit together; the text names both shapes: `3x5 * 4x2`.
struct shape_error : std::invalid_argument {
    using std::invalid_argument::invalid_argument;
};

/// "3x5"
inline std::string shape_text(index_t rows, index_t cols) { return std::to_string(rows) + "x" + std::to_string(cols); }

/// Throws shape_error "<what>: <m>x<n> <op> <p>x<q>".
[[noreturn]] inline void throw_shape(const char* what, index_t m, index_t n, const char* op, index_t p, index_t q) {
    throw shape_error(std::string(what) + ": " + shape_text(m, n) + " " + op + " " + shape_text(p, q));
}

}  // namespace gram
