/// NumPy's .npy files to and from matrices.
#pragma once

#include <bit>
#include <complex>
#include <cstdint>
#include <memory>
#include <type_traits>
#include <utility>

#include "gram/io/elements.hpp"
#include "gram/io/npy_header.hpp"

namespace gram::io::inline GRAM_ISA {

/// How load_npy may change values.
struct NpyOptions {
    /// Allows '<f8' in the file to be rounded to the nearest float. Without it, loading doubles as float is an error.
    bool round = false;
};

namespace detail {

/// A 16-bit IEEE number as stored; every value of it is a float.
struct Half {
    std::uint16_t bits;

    explicit operator float() const {
        const std::uint32_t sign = static_cast<std::uint32_t>(bits & 0x8000u) << 16;
        const std::uint32_t exponent = bits >> 10 & 31u;
        const std::uint32_t fraction = bits & 0x3ffu;
        if (exponent == 31) return std::bit_cast<float>(sign | 0x7f800000u | fraction << 13);
        if (exponent != 0) return std::bit_cast<float>(sign | (exponent + 112) << 23 | fraction << 13);
        const float tiny = static_cast<float>(fraction) * 0x1p-24F;  // zero or denormal
        return sign == 0 ? tiny : -tiny;
    }
};

/// The upper half of a float as stored (safetensors' BF16).
struct Bfloat {
    std::uint16_t bits;

    explicit operator float() const { return std::bit_cast<float>(static_cast<std::uint32_t>(bits) << 16); }
};
template <class S>
inline constexpr bool is_short_float = std::same_as<S, Half> || std::same_as<S, Bfloat>;

/// An element of one byte that must be 0 or 1.
struct StoredBool {
    std::uint8_t byte;
};

template <class S>
S byte_swapped(S value) {
    unsigned char bytes[sizeof(S)];
    std::memcpy(bytes, &value, sizeof(S));
    for (std::size_t i = 0; i < sizeof(S) / 2; ++i) std::swap(bytes[i], bytes[sizeof(S) - 1 - i]);
    std::memcpy(&value, bytes, sizeof(S));
    return value;
}

template <class R>
std::complex<R> byte_swapped(std::complex<R> value) {
    return {byte_swapped(value.real()), byte_swapped(value.imag())};
}

/// Whether every bit of an integer survives in a floating type of `digits` significant bits.
template <class S>
constexpr bool fits_in_digits(S value, int digits) {
    auto magnitude = static_cast<std::uint64_t>(value);
    if (value < 0) magnitude = 0 - magnitude;
    return magnitude == 0 || static_cast<int>(std::bit_width(magnitude)) - std::countr_zero(magnitude) <= digits;
}

/// to = from when the value survives (or may be rounded); false otherwise.
template <class T, class S>
bool convert_element(S from, T& to, bool round) {
    if constexpr (is_complex_v<T>) {
        real_t<T> re{}, im{};
        bool exact = false;
        if constexpr (is_complex_v<S>) {
            exact = convert_element(from.real(), re, round) && convert_element(from.imag(), im, round);
        } else {
            exact = convert_element(from, re, round);
        }
        to = {re, im};
        return exact;
    } else if constexpr (is_complex_v<S>) {
        return false;
    } else if constexpr (std::same_as<S, StoredBool>) {
        to = static_cast<T>(from.byte != 0);
        return from.byte <= 1;
    } else if constexpr (is_short_float<S>) {
        if constexpr (std::is_floating_point_v<T>) to = static_cast<T>(static_cast<float>(from));
        return std::is_floating_point_v<T>;
    } else if constexpr (std::is_floating_point_v<S>) {
        if constexpr (std::is_floating_point_v<T>) {
            to = static_cast<T>(from);
            return sizeof(T) >= sizeof(S) || (round && is_finite(from) == is_finite(to));
        }
        return false;
    } else if constexpr (std::is_floating_point_v<T>) {
        to = static_cast<T>(from);
        return fits_in_digits(from, std::numeric_limits<T>::digits);
    } else if constexpr (std::same_as<T, bool>) {
        to = from != 0;
        return from == 0 || from == 1;
    } else {
        to = static_cast<T>(from);
        return std::cmp_equal(to, from);
    }
}

template <class T>
inline constexpr const char* npy_type_name = is_complex_v<T>
                                                 ? (sizeof(T) == 8 ? "std::complex<float>" : "std::complex<double>")
                                             : std::is_floating_point_v<T> ? (sizeof(T) == 4 ? "float" : "double")
                                                                           : "an integer type";
/// Elements of S have more digits than those of T, both floating or complex.
template <class S, class T>
inline constexpr bool loses_digits = std::is_floating_point_v<real_t<S>>&& std::is_floating_point_v<real_t<T>> &&
                                     sizeof(real_t<S>) > sizeof(real_t<T>);

/// Reads `count` elements stored as S in file order; chunk by chunk unless they are T already.
template <class S, class T, class Input>
void read_stored(Input& file, const NpyHeader& header, bool round, T* out, index_t count) {
    const bool swap = (header.order == '<' && std::endian::native != std::endian::little) ||
                      (header.order == '>' && std::endian::native != std::endian::big);
    if constexpr (std::same_as<S, T>) {
        file.read(out, count * static_cast<index_t>(sizeof(T)));
        for (index_t i = 0; swap && i < count; ++i) out[i] = byte_swapped(out[i]);
    } else {
        if constexpr (loses_digits<S, T>) {
            if (!round) {
                throw format_error(file.name() + ": holds " + in_quotes(header.descr) +
                                   "; load it as double, or ask for " +
                                   "rounding to float with NpyOptions{.round = true}");
            }
        }
        if constexpr (is_complex_v<S> && !is_complex_v<T>) {
            throw format_error(file.name() + ": holds " + in_quotes(header.descr) + "; load it as a complex type");
        }
        constexpr index_t chunk = 8192;
        const auto stored = std::make_unique<S[]>(static_cast<std::size_t>(chunk));
        for (index_t first = 0; first < count; first += chunk) {
            const index_t n = std::min(chunk, count - first);
            file.read(stored.get(), n * static_cast<index_t>(sizeof(S)));
            for (index_t i = 0; i < n; ++i) {
                const S value =
                    swap ? byte_swapped(stored[static_cast<std::size_t>(i)]) : stored[static_cast<std::size_t>(i)];
                if (convert_element(value, out[first + i], round)) continue;
                throw format_error(file.name() + ": element " + std::to_string(first + i) + " of type " +
                                   in_quotes(header.descr) + " has no exact value in " + npy_type_name<T>);
            }
        }
    }
}

/// Reads `count` elements of the type that the header names.
template <class T, class Input>
void read_elements(Input& file, const NpyHeader& header, bool round, T* out, index_t count) {
    switch (header.kind << 8 | static_cast<char>(header.item_bytes)) {
        case 'f' << 8 | 2:
            return read_stored<Half>(file, header, round, out, count);
        case 'f' << 8 | 4:
            return read_stored<float>(file, header, round, out, count);
        case 'f' << 8 | 8:
            return read_stored<double>(file, header, round, out, count);
        case 'c' << 8 | 8:
            return read_stored<std::complex<float>>(file, header, round, out, count);
        case 'c' << 8 | 16:
            return read_stored<std::complex<double>>(file, header, round, out, count);
        case 'i' << 8 | 1:
            return read_stored<std::int8_t>(file, header, round, out, count);
        case 'i' << 8 | 2:
            return read_stored<std::int16_t>(file, header, round, out, count);
        case 'i' << 8 | 4:
            return read_stored<std::int32_t>(file, header, round, out, count);
        case 'i' << 8 | 8:
            return read_stored<std::int64_t>(file, header, round, out, count);
        case 'u' << 8 | 1:
            return read_stored<std::uint8_t>(file, header, round, out, count);
        case 'u' << 8 | 2:
            return read_stored<std::uint16_t>(file, header, round, out, count);
        case 'u' << 8 | 4:
            return read_stored<std::uint32_t>(file, header, round, out, count);
        case 'u' << 8 | 8:
            return read_stored<std::uint64_t>(file, header, round, out, count);
        default:
            return read_stored<StoredBool>(file, header, round, out, count);
    }
}

inline std::string npy_shape_text(const std::vector<index_t>& shape) {
    std::string text = "(";
    for (const index_t extent : shape) text += std::to_string(extent) + ", ";
    if (shape.size() > 1) text.resize(text.size() - 2);
    if (shape.size() == 1) text.resize(text.size() - 1);
    return text + ")";
}

template <class T, class Input>
Matrix<T> read_npy_matrix(Input& file, const NpyOptions& options) {
    static_assert(std::same_as<real_t<T>, float> || std::same_as<real_t<T>, double> || std::is_integral_v<T>);
    const NpyHeader header = read_npy_header(file);
    if (header.shape.size() > 2) {
        throw format_error(file.name() + ": shape " + npy_shape_text(header.shape) + "; expected at most 2 dimensions");
    }
    const index_t rows = header.shape.empty() ? 1 : header.shape[0];
    const index_t cols = header.shape.size() < 2 ? 1 : header.shape[1];
    if (header.fortran_order && rows > 1 && cols > 1) {
        Matrix<T, dynamic, dynamic, col_major> by_columns(rows, cols, uninitialized);
        read_elements(file, header, options.round, by_columns.data(), by_columns.size());
        return by_columns;
    }
    Matrix<T> by_rows(rows, cols, uninitialized);
    read_elements(file, header, options.round, by_rows.data(), by_rows.size());
    return by_rows;
}

/// The type as NumPy writes it: "<f8".
template <class T>
std::string npy_descr() {
    const char kind = std::same_as<T, bool>         ? 'b'
                      : is_complex_v<T>             ? 'c'
                      : std::is_floating_point_v<T> ? 'f'
                      : std::is_signed_v<T>         ? 'i'
                                                    : 'u';
    const char order = sizeof(T) == 1 ? '|' : std::endian::native == std::endian::little ? '<' : '>';
    return std::string{order, kind} + std::to_string(sizeof(T));
}

/// Magic, version 1.0, length and dictionary, padded so that the elements start at a multiple of 64 bytes. Byte for
/// byte what NumPy writes, with its room for the first extent to grow to 21 digits.
inline std::string npy_header_text(const std::string& descr, const std::vector<index_t>& shape) {
    std::string text = "{'descr': '" + descr + "', 'fortran_order': False, 'shape': " + npy_shape_text(shape) + ", }";
    text.append(21 - std::to_string(shape[0]).size(), ' ');
    const std::size_t unpadded = 10 + text.size() + 1;
    text.append(64 - unpadded % 64, ' ');
    text += '\n';
    std::string start("\x93NUMPY\x01\x00", 8);
    start += static_cast<char>(text.size() & 255u);
    start += static_cast<char>(text.size() >> 8);
    return start + text;
}

/// All of a file, header and elements, to an output that has write(text) and write(bytes, count).
template <class Output, MatrixExpr E>
void write_npy(Output& file, const E& expression) {
    using T = value_t<E>;
    static_assert(std::is_integral_v<T> || std::same_as<real_t<T>, float> || std::same_as<real_t<T>, double>);
    const auto& elements = in_memory_by_rows(expression);
    const std::vector<index_t> shape =
        cols_v<E> == 1 ? std::vector<index_t>{elements.rows()} : std::vector<index_t>{elements.rows(), elements.cols()};
    file.write(npy_header_text(npy_descr<T>(), shape));
    file.write(elements.data(), elements.size() * static_cast<index_t>(sizeof(T)));
}

}  // namespace detail

/// The array of an .npy file as a matrix: (m, n) is m×n, (n,) a column n×1, () 1×1; more dimensions are refused.
///
/// C and Fortran order and both byte orders give the same matrix. Stored values never change silently: integers and
/// booleans must have an exact value in T (an element that has none is an error), half and float become double as
/// they are, doubles become float only with NpyOptions{.round = true}, floating point never becomes integer, and
/// complex numbers never real (real ones may become complex). Objects, strings, records and long double are refused,
/// and so is a file with a byte too few or too many. Memory: the matrix, and once more for Fortran order. Errors:
/// io_error, format_error (file, byte, what was expected).
/// @snippet files.cpp npy
template <class T>
Matrix<T> load_npy(const Path& path, NpyOptions options = {}) {
    InputFile file(path);
    return detail::read_npy_matrix<T>(file, options);
}

/// As load_npy for arrays of one row or one column: (n,), (), (n, 1) and (1, n); others are format_error.
/// @snippet files.cpp npy
template <class T>
Vector<T> load_npy_vector(const Path& path, NpyOptions options = {}) {
    InputFile file(path);
    const Matrix<T> loaded = detail::read_npy_matrix<T>(file, options);
    if (loaded.rows() != 1 && loaded.cols() != 1) {
        throw format_error(file.name() + ": a " + shape_text(loaded.rows(), loaded.cols()) +
                           " array; expected a vector");
    }
    Vector<T> elements(loaded.size(), uninitialized);
    std::copy(loaded.begin(), loaded.end(), elements.begin());
    return elements;
}

/// Writes an expression as version 1.0, C order, byte for byte as NumPy does. A Vector is written as (n,), everything
/// else as (m, n). The file is replaced atomically. Errors: io_error; the old file is then as it was.
/// @snippet files.cpp npy
template <MatrixExpr E>
void save_npy(const Path& path, const E& expression) {
    AtomicFile file(path);
    detail::write_npy(file, expression);
    file.commit();
}

}  // namespace gram::io::inline GRAM_ISA
