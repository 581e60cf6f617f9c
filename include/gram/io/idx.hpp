/// IDX files (MNIST's format) and the .fvecs family of vector files.
#pragma once

#include <algorithm>
#include <bit>
#include <cstring>
#include <string>
#include <type_traits>
#include <vector>

#include "gram/core/matrix.hpp"
#include "gram/io/elements.hpp"
#include "gram/io/file.hpp"
#include "gram/io/text.hpp"

namespace gram::io::inline GRAM_ISA {
namespace detail {

/// A big-endian number of 32 bits.
inline index_t big_endian(const unsigned char* b) {
    return static_cast<index_t>(b[0]) << 24 | static_cast<index_t>(b[1]) << 16 | static_cast<index_t>(b[2]) << 8 | b[3];
}
/// An element of S with its most significant byte first.
template <class S>
S from_big_endian(const unsigned char* bytes) {
    unsigned char turned[sizeof(S)];
    for (std::size_t i = 0; i < sizeof(S); ++i)
        turned[i] = bytes[std::endian::native == std::endian::little ? sizeof(S) - 1 - i : i];
    S value;
    std::memcpy(&value, turned, sizeof(S));
    return value;
}
template <class S, class T>
void convert_idx(const std::string& bytes, index_t offset, T* out, index_t count) {
    for (index_t k = 0; k < count; ++k) {
        const auto* at =
            reinterpret_cast<const unsigned char*>(bytes.data()) + offset + k * static_cast<index_t>(sizeof(S));
        out[k] = static_cast<T>(from_big_endian<S>(at));
    }
}

/// What the first bytes of an IDX file say.
struct IdxHeader {
    int type = 0;
    index_t start = 0;  ///< the byte of the first element
    index_t rows = 0, cols = 0;
    index_t bytes = 0;  ///< of all elements
};
/// format_error when the header is broken or promises more than 2^63 bytes.
inline IdxHeader parse_idx_header(const std::string& bytes, const std::string& file) {
    if (bytes.size() < 4)
        throw_at_byte(file, 0, "an IDX file begins with four bytes; the file has " + std::to_string(bytes.size()));
    const auto* b = reinterpret_cast<const unsigned char*>(bytes.data());
    if (b[0] != 0 || b[1] != 0) throw_at_byte(file, 0, "expected two zero bytes, the start of an IDX file");
    const int type = b[2], dimensions = b[3];
    const index_t item = type == 0x08 || type == 0x09   ? 1
                         : type == 0x0B                 ? 2
                         : type == 0x0C || type == 0x0D ? 4
                         : type == 0x0E                 ? 8
                                                        : 0;
    if (item == 0) throw_at_byte(file, 2, "element type " + std::to_string(type) + "; expected 8, 9, 11, 12, 13 or 14");
    if (dimensions < 1 || dimensions > 8) {
        throw_at_byte(file, 3, std::to_string(dimensions) + " dimensions; expected 1 to 8");
    }
    IdxHeader header{type, 4 + 4 * dimensions, 0, 1, 0};
    if (static_cast<index_t>(bytes.size()) < header.start) {
        throw_at_byte(file, 4, "the file ends in the list of extents");
    }
    header.rows = big_endian(b + 4);
    bool fits = true;
    for (int d = 1; d < dimensions; ++d) {
        fits = fits && checked_multiply(header.cols, big_endian(b + 4 + 4 * d), header.cols);
    }
    fits = fits && checked_multiply(header.rows, header.cols, header.bytes) &&
           checked_multiply(header.bytes, item, header.bytes) &&
           header.bytes <= std::numeric_limits<index_t>::max() - header.start;
    if (!fits) throw_at_byte(file, 4, "the extents promise more than 2^63 bytes");
    return header;
}
/// The size of the file that begins so.
inline index_t idx_file_size(const std::string& bytes, const std::string& file) {
    const IdxHeader header = parse_idx_header(bytes, file);
    return header.start + header.bytes;
}

/// The elements of an IDX array, the first extent as rows and the product of the others as columns.
template <class T>
Matrix<T> parse_idx(const std::string& bytes, const std::string& file) {
    const auto [type, start, rows, cols, expected] = parse_idx_header(bytes, file);
    const index_t size = static_cast<index_t>(bytes.size()), count = rows * cols;
    if (expected != size - start) {
        throw_at_byte(
            file, start,
            std::to_string(size - start) + " bytes of elements; the extents promise " + std::to_string(expected));
    }
    // Only widening conversions: what T cannot hold exactly is refused by its type.
    const bool exact = std::is_floating_point_v<T>
                           ? (type != 0x0E || sizeof(T) == 8) && (type != 0x0C || sizeof(T) == 8)
                           : (type == 0x08 && (sizeof(T) > 1 || std::is_unsigned_v<T>)) ||
                                 (type == 0x09 && std::is_signed_v<T>) ||
                                 (type == 0x0B && std::is_signed_v<T> && sizeof(T) >= 2) ||
                                 (type == 0x0C && std::is_signed_v<T> && sizeof(T) >= 4);
    if (!exact) throw_at_byte(file, 2, "elements of type " + std::to_string(type) + " do not fit the type asked for");
    Matrix<T> A(rows, cols, uninitialized);
    switch (type) {
        case 0x08:
            convert_idx<unsigned char>(bytes, start, A.data(), count);
            break;
        case 0x09:
            convert_idx<signed char>(bytes, start, A.data(), count);
            break;
        case 0x0B:
            convert_idx<std::int16_t>(bytes, start, A.data(), count);
            break;
        case 0x0C:
            convert_idx<std::int32_t>(bytes, start, A.data(), count);
            break;
        case 0x0D:
            convert_idx<float>(bytes, start, A.data(), count);
            break;
        default:
            convert_idx<double>(bytes, start, A.data(), count);
            break;
    }
    return A;
}

}  // namespace detail

/// The array of an IDX file (MNIST: magic 0x00 0x00 type dimensions, big-endian) as a matrix: the first extent in rows,
/// the others side by side in columns, so images become one row each.
///
/// T must hold every value of the stored type. Memory: the file and the matrix. Errors: io_error; format_error with the
/// byte and what was expected; sizes are checked against the file before memory is taken.
/// @snippet files.cpp idx
template <class T>
    requires std::is_arithmetic_v<T>
[[nodiscard]] Matrix<T> load_idx(const Path& path) { return detail::parse_idx<T>(read_file(path), path.text()); }

namespace detail {

/// n vectors, each a 32-bit little-endian dimension followed by its elements.
template <class S, class T>
Matrix<T> load_vectors(const Path& path) {
    const std::string bytes = read_file(path);
    if (bytes.empty()) return Matrix<T>(0, 0);
    const auto read_dimension = [&](index_t at) {
        std::uint32_t d = 0;
        for (int k = 3; k >= 0; --k) d = d << 8 | static_cast<unsigned char>(bytes[static_cast<std::size_t>(at + k)]);
        return static_cast<std::int32_t>(d);
    };
    const auto size = static_cast<index_t>(bytes.size());
    if (size < 4) throw_at_byte(path.text(), 0, "the file ends in the first dimension");
    const std::int32_t dimension = read_dimension(0);
    const index_t record = 4 + static_cast<index_t>(dimension) * static_cast<index_t>(sizeof(S));
    if (dimension <= 0 || size % record != 0) {
        throw_at_byte(path.text(), 0,
                      "dimension " + std::to_string(dimension) + " does not divide the file of " +
                          std::to_string(size) + " bytes into records");
    }
    Matrix<T> A(size / record, dimension, uninitialized);
    for (index_t i = 0; i < A.rows(); ++i) {
        if (read_dimension(i * record) != dimension) {
            throw_at_byte(path.text(), i * record,
                          "dimension " + std::to_string(read_dimension(i * record)) + "; expected " +
                              std::to_string(dimension) + " as in the first vector");
        }
        for (index_t j = 0; j < dimension; ++j) {
            unsigned char element[sizeof(S)];
            std::memcpy(element, bytes.data() + i * record + 4 + j * static_cast<index_t>(sizeof(S)), sizeof(S));
            if constexpr (std::endian::native == std::endian::big) std::reverse(element, element + sizeof(S));
            S value;
            std::memcpy(&value, element, sizeof(S));
            A.ref()(i, j) = static_cast<T>(value);
        }
    }
    return A;
}

}  // namespace detail

/// The vectors of an .fvecs (float), .ivecs (int32) or .bvecs (bytes) file, one in each row; an empty file is 0×0.
///
/// Errors: io_error; format_error with the byte where a dimension differs or the size does not fit.
/// @snippet files.cpp fvecs
[[nodiscard]] inline Matrix<float> load_fvecs(const Path& path) { return detail::load_vectors<float, float>(path); }
[[nodiscard]] inline Matrix<std::int32_t> load_ivecs(const Path& path) {
    return detail::load_vectors<std::int32_t, std::int32_t>(path);
}
[[nodiscard]] inline Matrix<unsigned char> load_bvecs(const Path& path) {
    return detail::load_vectors<unsigned char, unsigned char>(path);
}
/// Writes the rows of a float matrix as .fvecs, atomically. Errors: io_error; shape_error for rows without elements.
/// @snippet files.cpp fvecs
template <MatrixExpr E>
    requires std::same_as < value_t<E>,
float > void save_fvecs(const Path& path, const E& e) {
    static_assert(std::endian::native == std::endian::little, "fvecs files are little-endian");
    const Matrix<float> A(e);
    if (A.rows() > 0 && A.cols() == 0) throw_shape("save_fvecs", A.rows(), A.cols(), "needs elements in", A.rows(), 1);
    if (A.cols() > 0x7FFFFFFF) throw_shape("save_fvecs", A.rows(), A.cols(), "at most", A.rows(), 0x7FFFFFFF);
    AtomicFile file(path);
    const auto dimension = static_cast<std::int32_t>(A.cols());
    for (index_t i = 0; i < A.rows(); ++i) {
        file.write(&dimension, 4);
        file.write(A.data() + i * A.cols(), A.cols() * 4);
    }
    file.commit();
}

}  // namespace gram::io::inline GRAM_ISA
