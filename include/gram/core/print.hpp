/// Matrices as text, as NumPy prints them.
#pragma once

#include <algorithm>
#include <charconv>
#include <cmath>
#include <iosfwd>
#include <string>
#include <vector>

#include "gram/core/types.hpp"

namespace gram {

/// How many digits are shown, and from how many elements on only the corners are.
struct PrintOptions {
    int precision = 8;         ///< digits after the point (or significant ones in exponential form) at most
    index_t threshold = 1000;  ///< more elements than this are summarised
    index_t edge = 3;          ///< rows and columns shown at each edge of a summary
};

namespace core_detail {

/// Shared format of the floating-point elements of one matrix.
struct NumberFormat {
    bool exponential = false;
    int digits = 0;
};

inline std::string chars(double x, std::chars_format format, int precision) {
    char text[512];
    const auto end = std::to_chars(text, text + sizeof text, x, format, precision).ptr;
    return {text, end};
}
/// Fewest digits, at most `limit`, that show x as `limit` digits would.
inline int digits_needed(double x, std::chars_format format, int limit) {
    std::string text = chars(std::abs(x), format, limit);
    text = text.substr(0, text.find('e'));
    while (!text.empty() && text.back() == '0') text.pop_back();
    const auto point = text.find('.');
    return point == std::string::npos ? 0 : static_cast<int>(text.size() - point - 1);
}
inline bool finite(double x) { return x - x == 0; }

inline NumberFormat choose_format(const std::vector<double>& numbers, int precision) {
    double largest = 0, smallest = 0;
    for (double x : numbers) {
        const double size = std::abs(x);
        if (!finite(x) || size == 0) continue;
        largest = std::max(largest, size);
        smallest = smallest == 0 ? size : std::min(smallest, size);
    }
    NumberFormat f;
    f.exponential = largest >= 1e8 || (smallest > 0 && (smallest < 1e-4 || largest / smallest > 1e3 * 1e3));
    const auto format = f.exponential ? std::chars_format::scientific : std::chars_format::fixed;
    for (double x : numbers) {
        if (finite(x)) f.digits = std::max(f.digits, digits_needed(x, format, precision));
    }
    return f;
}
inline std::string number(double x, const NumberFormat& f) {
    if (x != x) return "nan";
    if (!finite(x)) return x > 0 ? "inf" : "-inf";
    std::string text = chars(x, f.exponential ? std::chars_format::scientific : std::chars_format::fixed, f.digits);
    if (f.digits == 0) text.insert(std::min(text.find('e'), text.size()), ".");
    return text;
}

/// The indices that are shown, -1 standing for "...".
inline std::vector<index_t> shown(index_t n, bool summarize, index_t edge) {
    std::vector<index_t> which;
    for (index_t i = 0; i < n; ++i) {
        if (summarize && n > 2 * edge && i == edge) {
            which.push_back(-1);
            i = n - edge;
        }
        which.push_back(i);
    }
    return which;
}

/// Rows of right-aligned cells between nested brackets.
inline std::string brackets(const std::vector<std::vector<std::string>>& cells, bool flat) {
    std::size_t width = 0;
    for (const auto& row : cells) {
        for (const auto& cell : row) width = cell == "..." ? width : std::max(width, cell.size());
    }
    std::string text = flat ? "" : "[";
    for (std::size_t i = 0; i < cells.size(); ++i) {
        if (i > 0) text += "\n ";
        if (cells[i].size() == 1 && cells[i][0] == "...") {
            text += "...";
            continue;
        }
        text += "[";
        for (std::size_t j = 0; j < cells[i].size(); ++j) {
            const std::string& cell = cells[i][j];
            if (j > 0) text += " ";
            if (cell != "...") text.append(width - cell.size(), ' ');
            text += cell;
        }
        text += "]";
    }
    return text + (flat ? "" : "]");
}

}  // namespace core_detail

/// The matrix as NumPy prints it: `[[1. 2.]\n [3. 4.]]`; vectors (rows and columns) on one line, `[1. 2.]`.
template <MatrixExpr E>
std::string to_string(const E& e, const PrintOptions& options = {}) {
    using T = value_t<E>;
    if constexpr (requires { e.check(); }) e.check();
    constexpr bool flat = rows_v<E> == 1 || cols_v<E> == 1;
    const index_t rows = flat ? 1 : e.rows(), cols = flat ? e.rows() * e.cols() : e.cols();
    const auto at = [&](index_t i, index_t j) -> T { return flat && rows_v<E> != 1 ? e(j, i) : e(i, j); };
    if (rows * cols == 0 && !flat) return "[] (" + std::to_string(e.rows()) + "x" + std::to_string(e.cols()) + ")";
    const bool summarize = rows * cols > options.threshold;
    const auto which_rows = core_detail::shown(rows, summarize, options.edge);
    const auto which_cols = core_detail::shown(cols, summarize, options.edge);

    std::vector<double> numbers;
    for (index_t i : which_rows) {
        for (index_t j : which_cols) {
            if (i < 0 || j < 0) continue;
            if constexpr (is_complex_v<T>) {
                numbers.push_back(static_cast<double>(at(i, j).real()));
                numbers.push_back(static_cast<double>(at(i, j).imag()));
            } else if constexpr (std::is_floating_point_v<T>) {
                numbers.push_back(static_cast<double>(at(i, j)));
            }
        }
    }
    const auto format = core_detail::choose_format(numbers, options.precision);
    const auto text = [&](const T& x) -> std::string {
        if constexpr (is_complex_v<T>) {
            const std::string imag = core_detail::number(static_cast<double>(x.imag()), format);
            return core_detail::number(static_cast<double>(x.real()), format) + (imag[0] == '-' ? "" : "+") + imag +
                   "j";
        } else if constexpr (std::is_same_v<T, bool>) {
            return x ? "True" : "False";
        } else if constexpr (std::is_integral_v<T>) {
            return std::to_string(x);
        } else {
            return core_detail::number(static_cast<double>(x), format);
        }
    };
    std::vector<std::vector<std::string>> cells;
    for (index_t i : which_rows) {
        cells.emplace_back();
        if (i < 0) {
            cells.back().emplace_back("...");
            continue;
        }
        for (index_t j : which_cols) cells.back().push_back(j < 0 ? "..." : text(at(i, j)));
    }
    return core_detail::brackets(cells, flat);
}

/// Writes to_string(e).
template <class Char, class Traits, MatrixExpr E>
std::basic_ostream<Char, Traits>& operator<<(std::basic_ostream<Char, Traits>& out, const E& e) {
    return out << to_string(e).c_str();
}

}  // namespace gram
