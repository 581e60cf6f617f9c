/// Matrices as text, as NumPy prints them.
#pragma once

#include <algorithm>
#include <charconv>
#include <cmath>
#include <iosfwd>
#include <limits>
#include <string>
#include <vector>

#include "gram/core/error.hpp"
#include "gram/core/types.hpp"

namespace gram {

/// How many digits are shown, and from how many elements on only the corners are.
struct PrintOptions {
    int precision = 8;         ///< digits after the point (or significant ones in exponential form) at most
    index_t threshold = 1000;  ///< more elements than this are summarised
    index_t edge = 3;          ///< rows and columns shown at each edge of a summary
    index_t line_width = 75;   ///< longer rows are continued on the next line
};

namespace core_detail {

/// A number as text: everything before the point (and the point's place), what follows it, the exponent's digits.
struct Digits {
    std::string whole;     // with the sign
    std::string fraction;  // without trailing zeros
    std::string exponent;  // "e+10", or nothing
};

/// The fewest digits that tell x from its neighbours, but no more than `precision` after the point.
template <class T>
Digits digits_of(T x, bool exponential, int precision) {
    const auto format = exponential ? std::chars_format::scientific : std::chars_format::fixed;
    const auto split = [](const char* first, const char* last) {
        Digits d;
        const char* e = std::find(first, last, 'e');
        const char* point = std::find(first, e, '.');
        d.whole.assign(first, point);
        if (point != e) d.fraction.assign(point + 1, e);
        d.exponent.assign(e, last);
        return d;
    };
    char text[512];
    Digits d = split(text, std::to_chars(text, text + sizeof text, x, format).ptr);
    if (d.fraction.size() > static_cast<std::size_t>(precision)) {
        d = split(text, std::to_chars(text, text + sizeof text, x, format, precision).ptr);
    }
    while (!d.fraction.empty() && d.fraction.back() == '0') d.fraction.pop_back();
    return d;
}
template <class T>
bool finite(T x) {
    return x - x == 0;
}

/// The one format of all numbers of a matrix: points below each other, blanks where a number has fewer digits.
template <class T>
class NumberFormat {
public:
    NumberFormat(const std::vector<T>& numbers, int precision, bool plus = false) : precision_(precision), plus_(plus) {
        exponential_ = wants_exponent(numbers);
        for (const T x : numbers) {
            if (!finite(x)) continue;
            const Digits d = digits_of(x, exponential_, precision_);
            left_ = std::max(left_, d.whole.size() + (plus_ && d.whole[0] != '-' ? 1 : 0));
            right_ = std::max(right_, d.fraction.size());
            exponent_ = std::max(exponent_, d.exponent.size());
        }
        for (const T x : numbers) {
            if (!finite(x)) width_ = std::max(width_, special(x).size());
        }
        width_ = std::max(width_, left_ + 1 + right_ + exponent_);
    }
    [[nodiscard]] std::string operator()(T x) const {
        if (!finite(x)) return padded(special(x));
        Digits d = digits_of(x, exponential_, precision_);
        if (plus_ && d.whole[0] != '-') d.whole.insert(0, "+");
        if (!exponential_) return padded(d.whole + "." + d.fraction + std::string(right_ - d.fraction.size(), ' '));
        d.fraction.append(right_ - d.fraction.size(), '0');
        d.exponent.insert(2, exponent_ - d.exponent.size(), '0');
        return padded(d.whole + "." + d.fraction + d.exponent);
    }

private:
    /// NumPy's rule.
    static bool wants_exponent(const std::vector<T>& numbers) {
        T largest = 0, smallest = std::numeric_limits<T>::max();
        for (const T x : numbers) {
            const T size = std::abs(x);
            if (!finite(x) || size == 0) continue;
            largest = std::max(largest, size);
            smallest = std::min(smallest, size);
        }
        if (largest == 0) return false;
        return largest >= T(1e8) || smallest < T(1e-4) || largest / smallest > T(1e3);
    }
    [[nodiscard]] std::string special(T x) const {
        const char* sign = x < 0 ? "-" : (plus_ ? "+" : "");
        return std::string(sign) + (x != x ? "nan" : "inf");
    }
    [[nodiscard]] std::string padded(const std::string& text) const {
        return std::string(width_ - text.size(), ' ') + text;
    }

    int precision_;
    bool plus_, exponential_ = false;
    std::size_t left_ = 0, right_ = 0, exponent_ = 0, width_ = 0;
};

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

/// Every shown element as text of one width, row by row; "..." where some are left out.
template <class T, class At>
std::vector<std::vector<std::string>> cells(const std::vector<index_t>& rows, const std::vector<index_t>& cols,
                                            const PrintOptions& options, At at) {
    const auto collect = [&](auto f) {
        std::vector<decltype(f(T{}))> values;
        for (index_t i : rows) {
            for (index_t j : cols) {
                if (i >= 0 && j >= 0) values.push_back(f(at(i, j)));
            }
        }
        return values;
    };
    const auto table = [&](auto text) {
        std::vector<std::vector<std::string>> result;
        for (index_t i : rows) {
            result.emplace_back();
            if (i < 0) {
                result.back().emplace_back("...");
                continue;
            }
            for (index_t j : cols) result.back().push_back(j < 0 ? "..." : text(at(i, j)));
        }
        return result;
    };
    if constexpr (is_complex_v<T>) {
        const NumberFormat real(collect([](const T& x) { return x.real(); }), options.precision);
        const NumberFormat imag(collect([](const T& x) { return x.imag(); }), options.precision, true);
        return table([&](const T& x) {
            std::string text = imag(x.imag());
            text.insert(text.find_last_not_of(' ') + 1, "j");  // blanks follow it
            return real(x.real()) + text;
        });
    } else if constexpr (std::is_floating_point_v<T>) {
        return table(NumberFormat(collect([](T x) { return x; }), options.precision));
    } else if constexpr (is_storage_v<T>) {
        const NumberFormat format(collect([](T x) { return static_cast<float>(x); }), options.precision);
        return table([&](const T& x) { return format(static_cast<float>(x)); });
    } else if constexpr (std::is_same_v<T, bool>) {
        return table([](bool x) { return x ? " True" : "False"; });
    } else {
        std::size_t width = 0;
        for (const auto& text : collect([](T x) { return std::to_string(x); })) width = std::max(width, text.size());
        return table([width](T x) {
            const std::string text = std::to_string(x);
            return std::string(width - text.size(), ' ') + text;
        });
    }
}

/// One row between brackets, continued below `indent` blanks where it is longer than `width`.
inline std::string row_text(const std::vector<std::string>& row, std::size_t indent, std::size_t width) {
    std::string text = "[", line(indent, ' ');
    for (std::size_t j = 0; j < row.size(); ++j) {
        if (line.size() > indent && line.size() + row[j].size() > width) {
            text += line.substr(indent, line.find_last_not_of(' ') + 1 - indent) + "\n" + std::string(indent, ' ');
            line.assign(indent, ' ');
        }
        line += row[j] + (j + 1 < row.size() ? " " : "");
    }
    return text + line.substr(indent) + "]";
}

}  // namespace core_detail

/// The matrix as NumPy prints it: `[[1. 2.]\n [3. 4.]]`; vectors, rows and columns alike, as `[1. 2.]`.
/// @snippet basics.cpp print
template <MatrixExpr E>
std::string to_string(const E& e, const PrintOptions& options = {}) {
    using T = value_t<E>;
    if constexpr (requires { e.check(); }) e.check();
    constexpr bool flat = rows_v<E> == 1 || cols_v<E> == 1;
    const index_t rows = flat ? 1 : e.rows(), cols = flat ? e.rows() * e.cols() : e.cols();
    if (rows * cols == 0) return flat ? "[]" : "[] (" + shape_text(e.rows(), e.cols()) + ")";
    const bool summarize = rows * cols > options.threshold;
    const auto cells = core_detail::cells<T>(
        core_detail::shown(rows, summarize, options.edge), core_detail::shown(cols, summarize, options.edge), options,
        [&](index_t i, index_t j) -> T { return flat && rows_v<E> != 1 ? e(j, i) : e(i, j); });
    const auto width = static_cast<std::size_t>(options.line_width);
    if (flat) return core_detail::row_text(cells[0], 1, width - 1);
    std::string text = "[";
    for (std::size_t i = 0; i < cells.size(); ++i) {
        const bool left_out = cells[i].size() == 1 && cells[i][0] == "...";
        if (i > 0) text += "\n ";
        text += left_out ? "..." : core_detail::row_text(cells[i], 2, width - 2);
    }
    return text + "]";
}

/// Writes to_string(e).
template <class Char, class Traits, MatrixExpr E>
std::basic_ostream<Char, Traits>& operator<<(std::basic_ostream<Char, Traits>& out, const E& e) {
    return out << to_string(e).c_str();
}

}  // namespace gram
