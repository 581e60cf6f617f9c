/// MatrixMarket files: dense (array) and sparse (coordinate) matrices as text.
///
/// Format: Boisvert, Pozo & Remington, The Matrix Market exchange formats, NISTIR 5935 (1996).
#pragma once

#include <algorithm>
#include <complex>
#include <limits>
#include <stdexcept>
#include <string>
#include <vector>

#include "gram/core/matrix.hpp"
#include "gram/io/elements.hpp"
#include "gram/io/file.hpp"
#include "gram/io/text.hpp"

namespace gram::io::inline GRAM_ISA {

/// How load_matrix_market reads.
struct MatrixMarketOptions {
    /// The most memory that the dense matrix may take: a sparse file of a few bytes can name extents of any size.
    index_t dense_bytes = index_t{1} << 30;
};

/// A sparse matrix as its non-zero elements: values[k] stands at (rows[k], cols[k]), counted from 0.
template <class T>
struct Triplets {
    index_t row_count = 0, col_count = 0;
    std::vector<index_t> rows, cols;
    std::vector<T> values;

    [[nodiscard]] index_t size() const { return static_cast<index_t>(values.size()); }
    /// All elements; those at one place are added. std::overflow_error when integers add up beyond T.
    [[nodiscard]] Matrix<T> dense() const {
        Matrix<T> A(row_count, col_count);
        for (std::size_t k = 0; k < values.size(); ++k) {
            T& a = A(rows[k], cols[k]);
            if constexpr (std::is_integral_v<T>) {
                if (sum_is_outside(a, values[k])) {
                    throw std::overflow_error("the elements at (" + std::to_string(rows[k]) + ", " +
                                              std::to_string(cols[k]) + ") add up beyond their type");
                }
            }
            a = a == T{} ? values[k] : static_cast<T>(a + values[k]);  // -0 stays -0, which 0 + -0 is not
        }
        return A;
    }

private:
    static bool sum_is_outside(T a, T b) {
        using limits = std::numeric_limits<T>;
        return b > T{0} ? a > limits::max() - b : a < limits::min() - b;
    }
};

namespace detail {

enum class MarketField { real, integer, complex, pattern };
enum class MarketSymmetry { general, symmetric, skew, hermitian };

/// The words of a line.
inline std::vector<std::string_view> words_of(std::string_view line) {
    std::vector<std::string_view> words;
    while (!(line = trimmed(line)).empty()) {
        std::size_t end = 0;
        while (end < line.size() && line[end] != ' ' && line[end] != '\t') ++end;
        words.push_back(line.substr(0, end));
        line.remove_prefix(end);
    }
    return words;
}
inline std::string lower_case(std::string_view text) {
    std::string lower(text);
    for (char& c : lower) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    return lower;
}

/// Reads one file from its first line to its last.
template <class T>
class MarketReader {
public:
    MarketReader(std::string_view text, const std::string& file) : lines_(text), file_(file) { banner(); }

    /// `dense_elements` is the largest product of the extents that is read.
    Triplets<T> read(index_t dense_elements = std::numeric_limits<index_t>::max()) {
        const auto sizes = numbers(coordinate_ ? 3 : 2, "the size line");
        Triplets<T> A;
        A.row_count = sizes[0], A.col_count = sizes[1];
        if (symmetry_ != MarketSymmetry::general && A.row_count != A.col_count) {
            fail("a symmetric matrix of " + shape_text(A.row_count, A.col_count));
        }
        index_t all = 0;
        if (!checked_multiply(A.row_count, A.col_count, all)) fail("more than 2^63 elements");
        if (coordinate_ && all > dense_elements) {
            fail("a dense matrix of " + shape_text(A.row_count, A.col_count) +
                 " is above MatrixMarketOptions::dense_bytes; load its triplets, or allow more");
        }
        const index_t count = coordinate_ ? sizes[2] : stored_dense(A.row_count, A.col_count);
        // Every element takes two bytes at least ("1\n"): what the file cannot hold is refused before memory is taken.
        if (count > static_cast<index_t>(lines_.rest().size() / 2 + 1)) {
            fail(std::to_string(count) + " elements are promised; the file is too short for them");
        }
        coordinate_ ? read_coordinates(A, count) : read_array(A);
        std::string_view line;
        while (lines_.next(line)) {
            if (!trimmed(line).empty()) fail("expected the end of the file, found " + in_quotes(line));
        }
        return A;
    }

private:
    [[noreturn]] void fail(const std::string& what) const { throw_at_line(file_, lines_.number(), what); }

    void banner() {
        std::string_view line;
        if (!lines_.next(line)) throw_at_line(file_, 1, "an empty file; expected %%MatrixMarket");
        const auto words = words_of(line);
        if (words.size() != 5 || words[0] != "%%MatrixMarket" || lower_case(words[1]) != "matrix") {
            fail("expected '%%MatrixMarket matrix format field symmetry'");
        }
        const std::string format = lower_case(words[2]), field = lower_case(words[3]), symmetry = lower_case(words[4]);
        if (format != "coordinate" && format != "array")
            fail("format " + in_quotes(format) + "; expected coordinate or array");
        coordinate_ = format == "coordinate";
        if (field == "real" || field == "double") {
            field_ = MarketField::real;
        } else if (field == "integer") {
            field_ = MarketField::integer;
        } else if (field == "complex") {
            field_ = MarketField::complex;
        } else if (field == "pattern" && coordinate_) {
            field_ = MarketField::pattern;
        } else {
            fail("field " + in_quotes(field) + "; expected real, integer, complex or pattern");
        }
        if (field_ == MarketField::complex && !is_complex_v<T>) fail("complex elements; the type asked for is real");
        if (field_ == MarketField::real && std::is_integral_v<T>) fail("real elements; the type asked for is integer");
        if (symmetry == "general") {
            symmetry_ = MarketSymmetry::general;
        } else if (symmetry == "symmetric") {
            symmetry_ = MarketSymmetry::symmetric;
        } else if (symmetry == "skew-symmetric") {
            symmetry_ = MarketSymmetry::skew;
        } else if (symmetry == "hermitian") {
            symmetry_ = MarketSymmetry::hermitian;
        } else {
            fail("symmetry " + in_quotes(symmetry) + "; expected general, symmetric, skew-symmetric or hermitian");
        }
    }
    /// The next line that is no comment and not empty, as words.
    std::vector<std::string_view> next_words(const std::string& what) {
        std::string_view line;
        while (lines_.next(line)) {
            if (line.starts_with('%') || trimmed(line).empty()) continue;
            return words_of(line);
        }
        throw_at_line(file_, lines_.number() + 1, "the file ends; expected " + what);
    }
    std::vector<index_t> numbers(std::size_t count, const std::string& what) {
        const auto words = next_words(what);
        if (words.size() != count) {
            fail(what + ": expected " + std::to_string(count) + " numbers, found " + std::to_string(words.size()));
        }
        std::vector<index_t> values;
        for (const auto word : words) {
            values.push_back(number_at<index_t>(word, file_, lines_.number(), what));
            if (values.back() < 0) fail(what + ": " + in_quotes(word) + " is negative");
        }
        return values;
    }
    [[nodiscard]] std::size_t value_words() const {
        return field_ == MarketField::complex ? 2 : field_ == MarketField::pattern ? 0 : 1;
    }
    T value_of(const std::vector<std::string_view>& words, std::size_t first) const {
        using R = real_t<T>;
        if (field_ == MarketField::pattern) return T(1);
        const R re = number_at<R>(words[first], file_, lines_.number(), "element");
        if constexpr (is_complex_v<T>) {
            if (field_ == MarketField::complex)
                return T(re, number_at<R>(words[first + 1], file_, lines_.number(), "element"));
        }
        return T(re);
    }
    /// How many elements an array file stores of an m×n matrix.
    [[nodiscard]] index_t stored_dense(index_t m, index_t n) const {
        switch (symmetry_) {
            case MarketSymmetry::general:
                return m * n;
            case MarketSymmetry::skew:
                return n * (n - 1) / 2;
            default:
                return n / 2 * (n + 1) + (n % 2 == 0 ? 0 : (n + 1) / 2);
        }
    }
    [[nodiscard]] T negative(const T& value) const {
        if constexpr (std::is_integral_v<T>) {
            if (std::is_unsigned_v<T> ? value != 0 : value == std::numeric_limits<T>::min()) {
                fail("the type asked for does not hold the negative of " + std::to_string(value));
            }
        }
        return static_cast<T>(-value);
    }
    /// The element and, off the diagonal of a symmetric matrix, its mirror image.
    void put(Triplets<T>& A, index_t i, index_t j, const T& value) const {
        A.rows.push_back(i), A.cols.push_back(j), A.values.push_back(value);
        if (symmetry_ == MarketSymmetry::general || i == j) return;
        T mirrored = value;
        if (symmetry_ == MarketSymmetry::skew) mirrored = negative(value);
        if constexpr (is_complex_v<T>) {
            if (symmetry_ == MarketSymmetry::hermitian) mirrored = std::conj(value);
        }
        A.rows.push_back(j), A.cols.push_back(i), A.values.push_back(mirrored);
    }
    void read_coordinates(Triplets<T>& A, index_t count) {
        for (index_t k = 0; k < count; ++k) {
            const auto words = next_words("element " + std::to_string(k + 1) + " of " + std::to_string(count));
            if (words.size() != 2 + value_words()) {
                fail("expected " + std::to_string(2 + value_words()) + " numbers, found " +
                     std::to_string(words.size()));
            }
            const auto i = number_at<index_t>(words[0], file_, lines_.number(), "row");
            const auto j = number_at<index_t>(words[1], file_, lines_.number(), "column");
            if (i < 1 || i > A.row_count || j < 1 || j > A.col_count) {
                fail("element (" + std::to_string(i) + ", " + std::to_string(j) + ") of a " +
                     shape_text(A.row_count, A.col_count) + " matrix");
            }
            if (symmetry_ != MarketSymmetry::general && i < j)
                fail("an element above the diagonal of a symmetric matrix");
            if (symmetry_ == MarketSymmetry::skew && i == j)
                fail("an element on the diagonal of a skew-symmetric matrix");
            put(A, i - 1, j - 1, value_of(words, 2));
        }
    }
    void read_array(Triplets<T>& A) {
        if (A.row_count == 0) return;
        for (index_t j = 0; j < A.col_count; ++j) {
            const index_t first = symmetry_ == MarketSymmetry::general ? 0
                                  : symmetry_ == MarketSymmetry::skew  ? j + 1
                                                                       : j;
            for (index_t i = first; i < A.row_count; ++i) {
                const auto words = next_words("element (" + std::to_string(i + 1) + ", " + std::to_string(j + 1) + ")");
                if (words.size() != value_words()) {
                    fail("expected " + std::to_string(value_words()) + " numbers, found " +
                         std::to_string(words.size()));
                }
                put(A, i, j, value_of(words, 0));
            }
        }
    }

    Lines lines_;
    const std::string& file_;
    bool coordinate_ = false;
    MarketField field_ = MarketField::real;
    MarketSymmetry symmetry_ = MarketSymmetry::general;
};

template <class T>
void append_market_number(std::string& text, const T& value) {
    if constexpr (is_complex_v<T>) {
        append_number(text, value.real());
        text += ' ';
        append_number(text, value.imag());
    } else {
        append_number(text, value);
    }
}
template <class T>
std::string market_banner(const char* format) {
    const char* field = is_complex_v<T> ? "complex" : std::is_integral_v<T> ? "integer" : "real";
    return std::string("%%MatrixMarket matrix ") + format + " " + field + " general\n";
}

}  // namespace detail

/// The non-zero elements of a MatrixMarket file, coordinate or array; real, integer, complex or pattern (ones). Of
/// symmetric, skew-symmetric and Hermitian matrices both halves. T must be able to hold the field.
///
/// Errors: io_error; format_error with the line and what was expected. Sizes are checked against the file first.
/// @snippet files.cpp matrix_market
template <class T>
[[nodiscard]] Triplets<T> load_matrix_market_triplets(const Path& path) {
    const std::string bytes = read_file(path);
    return detail::MarketReader<T>(plain_text(bytes, path.text()), path.text()).read();
}
/// The same as a dense matrix; format_error also when a sparse file would become larger than the options allow.
/// @snippet files.cpp matrix_market
template <class T>
[[nodiscard]] Matrix<T> load_matrix_market(const Path& path, const MatrixMarketOptions& options = {}) {
    const std::string bytes = read_file(path);
    const index_t most = options.dense_bytes / static_cast<index_t>(sizeof(T));
    const auto triplets = detail::MarketReader<T>(plain_text(bytes, path.text()), path.text()).read(most);
    try {
        return triplets.dense();
    } catch (const std::overflow_error& e) {
        throw_at_line(path.text(), std::count(bytes.begin(), bytes.end(), '\n'), e.what());
    }
}

/// Writes a dense matrix (array format) or triplets (coordinate format), every number with the fewest digits that give
/// it back; atomically. Errors: io_error; std::out_of_range for triplets outside of their extents.
/// @snippet files.cpp matrix_market
template <MatrixExpr E>
void save_matrix_market(const Path& path, const E& e) {
    using T = value_t<E>;
    const Matrix<T> A(e);
    AtomicFile file(path);
    file.write(detail::market_banner<T>("array"));
    file.write(std::to_string(A.rows()) + " " + std::to_string(A.cols()) + "\n");
    std::string line;
    for (index_t j = 0; j < A.cols(); ++j) {
        for (index_t i = 0; i < A.rows(); ++i) {
            line.clear();
            detail::append_market_number(line, A.ref()(i, j));
            line += '\n';
            file.write(line);
        }
    }
    file.commit();
}
template <class T>
void save_matrix_market(const Path& path, const Triplets<T>& A) {
    for (index_t k = 0; k < A.size(); ++k) {
        const auto at = static_cast<std::size_t>(k);
        core_detail::check_index(A.rows.at(at), A.cols.at(at), A.row_count, A.col_count);
    }
    AtomicFile file(path);
    file.write(detail::market_banner<T>("coordinate"));
    file.write(std::to_string(A.row_count) + " " + std::to_string(A.col_count) + " " + std::to_string(A.size()) + "\n");
    std::string line;
    for (std::size_t k = 0; k < A.values.size(); ++k) {
        line = std::to_string(A.rows[k] + 1) + " " + std::to_string(A.cols[k] + 1) + " ";
        detail::append_market_number(line, A.values[k]);
        line += '\n';
        file.write(line);
    }
    file.commit();
}

}  // namespace gram::io::inline GRAM_ISA
