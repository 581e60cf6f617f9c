/// Pictures in the Netpbm formats: grey (P2, P5) and colour (P3, P6), 8 and 16 bits a sample.
#pragma once

#include <vector>

#include "gram/io/elements.hpp"
#include "gram/io/text.hpp"

namespace gram::io::inline GRAM_ISA {

/// One plane (grey) or three (red, green, blue) of the same shape: rows from the top, samples from 0 to max_value.
template <class T>
struct Picture {
    std::vector<Matrix<T>> planes;
    index_t max_value = 255;

    [[nodiscard]] index_t height() const { return planes.empty() ? 0 : planes[0].rows(); }
    [[nodiscard]] index_t width() const { return planes.empty() ? 0 : planes[0].cols(); }
};

namespace detail {

/// Reads numbers from a Netpbm file held in memory.
class NetpbmCursor {
public:
    NetpbmCursor(std::string_view bytes, const std::string& file) : bytes_(bytes), file_(file) {}

    [[nodiscard]] index_t left() const { return static_cast<index_t>(bytes_.size() - at_); }
    [[noreturn]] void fail(const std::string& what) const { throw_at_byte(file_, static_cast<index_t>(at_), what); }

    /// 2, 3, 5 or 6 of "P2" ... "P6".
    int magic() {
        const bool known = bytes_.size() >= 2 && bytes_[0] == 'P' &&
                           std::string_view("2356").find(bytes_[1]) != std::string_view::npos;
        if (!known) fail("expected the magic P2, P3, P5 or P6");
        at_ = 2;
        return bytes_[1] - '0';
    }
    /// The next decimal number, at most `limit`; spaces (and, in the header, comments) before it are skipped.
    index_t number(const char* what, index_t limit, bool comments) {
        const std::size_t before = at_;
        skip_space(comments);
        if (at_ == before && at_ != 0) fail(std::string("expected a space before ") + what);
        std::size_t end = at_;
        while (end < bytes_.size() && is_digit(bytes_[end])) ++end;
        index_t value = 0;
        const NumberStatus status = parse_number(bytes_.substr(at_, end - at_), value);
        if (status == NumberStatus::malformed) fail(std::string("expected ") + what);
        if (status == NumberStatus::out_of_range || value > limit) {
            fail(std::string(what) + " is above " + std::to_string(limit));
        }
        at_ = end;
        return value;
    }
    /// The single space that stands between the header and binary samples.
    void one_space() {
        if (at_ == bytes_.size() || !is_space(bytes_[at_])) fail("expected a space before the samples");
        ++at_;
    }
    /// The next binary sample of one or two bytes.
    index_t sample(index_t bytes_each) {
        index_t value = static_cast<unsigned char>(bytes_[at_++]);
        if (bytes_each == 2) value = value << 8 | static_cast<unsigned char>(bytes_[at_++]);
        return value;
    }
    void end() {
        skip_space(true);
        if (at_ != bytes_.size()) fail("expected the end of the file after the last sample");
    }

private:
    static bool is_space(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }
    void skip_space(bool comments) {
        for (; at_ < bytes_.size(); ++at_) {
            if (comments && bytes_[at_] == '#') at_ = std::min(bytes_.find('\n', at_), bytes_.size());
            if (at_ == bytes_.size() || !is_space(bytes_[at_])) return;
        }
    }

    std::string_view bytes_;
    const std::string& file_;
    std::size_t at_ = 0;
};

/// Appends one sample rounded to the nearest value in [0, max_value]; NaN and infinity are refused.
template <class T>
void append_sample(std::string& out, T value, index_t max_value) {
    const double x = static_cast<double>(value), limit = static_cast<double>(max_value);
    if (!is_finite(x)) throw non_finite("a picture cannot hold NaN or infinity");
    const auto sample = static_cast<std::uint32_t>((x < 0 ? 0 : x > limit ? limit : x) + 0.5);
    if (max_value > 255) out += static_cast<char>(sample >> 8);
    out += static_cast<char>(sample & 255u);
}

/// Writes P5 (one plane) or P6 (three): element (i, j) of plane p is at(p, i, j).
template <class At>
void save_netpbm(const Path& path, index_t planes, index_t rows, index_t cols, index_t max_value, At at) {
    if (rows < 1 || cols < 1) throw shape_error("a picture needs pixels; its shape is " + shape_text(rows, cols));
    if (max_value < 1 || max_value > 65535) throw std::invalid_argument("a picture's largest value is 1 to 65535");
    AtomicFile file(path);
    file.write((planes == 1 ? "P5\n" : "P6\n") + std::to_string(cols) + " " + std::to_string(rows) + "\n" +
               std::to_string(max_value) + "\n");
    std::string line;
    for (index_t i = 0; i < rows; ++i) {
        line.clear();
        for (index_t j = 0; j < cols; ++j) {
            for (index_t p = 0; p < planes; ++p) append_sample(line, at(p, i, j), max_value);
        }
        file.write(line);
    }
    file.commit();
}

}  // namespace detail

/// Reads P2, P3, P5 or P6 with samples up to 65535, as they are in the file (not scaled).
/// Errors: io_error; format_error with the byte for anything else, a sample above the stated maximum, or a file that
/// does not hold exactly the promised samples (checked before memory is taken).
/// @snippet files.cpp pgm
template <class T>
Picture<T> load_picture(const Path& path) {
    static_assert(std::is_arithmetic_v<T> && (sizeof(T) > 2 || std::is_unsigned_v<T>));
    const std::string bytes = read_file(path);
    detail::NetpbmCursor cursor(bytes, path.text());
    const int magic = cursor.magic();
    const bool binary = magic >= 5;
    const index_t planes = magic == 3 || magic == 6 ? 3 : 1;
    constexpr index_t max_extent = index_t{1} << 31;
    const index_t cols = cursor.number("the width", max_extent, true);
    const index_t rows = cursor.number("the height", max_extent, true);
    if (rows == 0 || cols == 0) cursor.fail("a picture without pixels");
    Picture<T> picture;
    picture.max_value = cursor.number("the largest value", 65535, true);
    if (picture.max_value == 0) cursor.fail("the largest value is 0; expected 1 to 65535");
    if (binary) cursor.one_space();

    const index_t bytes_each = picture.max_value > 255 ? 2 : 1;
    index_t samples = 0;
    const bool fits = detail::checked_multiply(rows * cols, planes, samples);
    // A sample in text takes a space and a digit at least.
    const index_t room = binary ? cursor.left() / bytes_each : cursor.left() / 2;
    if (!fits || samples > room || (binary && samples * bytes_each != cursor.left())) {
        cursor.fail(std::to_string(cursor.left()) + " bytes left; the header promises " + shape_text(rows, cols) +
                    " pixels");
    }
    for (index_t p = 0; p < planes; ++p) picture.planes.emplace_back(rows, cols, uninitialized);
    for (index_t i = 0; i < rows * cols; ++i) {
        for (index_t p = 0; p < planes; ++p) {
            const index_t value = binary ? cursor.sample(bytes_each) : cursor.number("a sample", 65535, false);
            if (value > picture.max_value) {
                cursor.fail("the sample " + std::to_string(value) + " is above the stated largest value");
            }
            picture.planes[static_cast<std::size_t>(p)].data()[i] = static_cast<T>(value);
        }
    }
    if (!binary) cursor.end();
    return picture;
}

/// The pixels of a grey picture (P2, P5), rows from the top, values as in the file; see load_picture.
/// @snippet files.cpp pgm
template <class T>
Matrix<T> load_pgm(const Path& path) {
    Picture<T> picture = load_picture<T>(path);
    if (picture.planes.size() != 1) throw format_error(path.text() + ": a colour picture; expected grey (P2 or P5)");
    return std::move(picture.planes[0]);
}

/// The three planes of a colour picture (P3, P6); see load_picture.
/// @snippet files.cpp pgm
template <class T>
Picture<T> load_ppm(const Path& path) {
    Picture<T> picture = load_picture<T>(path);
    if (picture.planes.size() != 3) throw format_error(path.text() + ": a grey picture; expected colour (P3 or P6)");
    return picture;
}

/// Writes a grey picture (P5): values are rounded to the nearest whole number and limited to 0...max_value; above 255
/// a sample takes two bytes. The file is replaced atomically.
/// Errors: io_error; shape_error without pixels; non_finite for NaN or infinity; std::invalid_argument for max_value.
/// @snippet files.cpp pgm
template <MatrixExpr E>
void save_pgm(const Path& path, const E& pixels, index_t max_value = 255) {
    const auto& elements = detail::in_memory(pixels);
    detail::save_netpbm(path, 1, elements.rows(), elements.cols(), max_value,
                        [&](index_t, index_t i, index_t j) { return elements(i, j); });
}

/// Writes a colour picture (P6) of three planes of one shape; see save_pgm.
/// @snippet files.cpp pgm
template <class T>
void save_ppm(const Path& path, const Picture<T>& picture) {
    const auto& planes = picture.planes;
    if (planes.size() != 3) throw shape_error("save_ppm: " + std::to_string(planes.size()) + " planes; expected 3");
    for (const auto& plane : planes) {
        if (plane.rows() == picture.height() && plane.cols() == picture.width()) continue;
        throw_shape("save_ppm: planes", picture.height(), picture.width(), "and", plane.rows(), plane.cols());
    }
    detail::save_netpbm(path, 3, picture.height(), picture.width(), picture.max_value,
                        [&](index_t p, index_t i, index_t j) { return planes[static_cast<std::size_t>(p)](i, j); });
}

}  // namespace gram::io::inline GRAM_ISA
