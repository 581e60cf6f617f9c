/// PNG pictures by libpng. Not part of gram.hpp; link -lpng.
#pragma once

#if !__has_include(<png.h>)
#error \
    "gram/io/png.hpp needs libpng: install libpng-dev (or libpng-devel, libpng), or add its folder to the include path"
#endif

#include <png.h>

#include <csetjmp>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

#include "gram/io/pgm.hpp"

namespace gram::io::inline GRAM_ISA {
namespace detail {

/// What libpng's callbacks see. libpng leaves by longjmp, which must not pass objects with destructors: the functions
/// that call it hold none.
struct PngState {
    const unsigned char* bytes = nullptr;  ///< reading
    std::size_t size = 0, at = 0;
    std::string* out = nullptr;  ///< writing
    char message[120] = {};
    png_uint_32 width = 0, height = 0;
    int channels = 0, bits = 0, passes = 1;
    std::size_t row_bytes = 0;
};

inline void png_fail(png_structp png, png_const_charp message) {
    auto* state = static_cast<PngState*>(::png_get_error_ptr(png));
    std::strncpy(state->message, message, sizeof(state->message) - 1);
    ::png_longjmp(png, 1);
}
inline void png_ignore(png_structp, png_const_charp) {}
inline void png_take(png_structp png, png_bytep to, std::size_t count) {
    auto* state = static_cast<PngState*>(::png_get_io_ptr(png));
    if (count > state->size - state->at) ::png_error(png, "the file ends in the middle");
    std::memcpy(to, state->bytes + state->at, count);
    state->at += count;
}
inline void png_give(png_structp png, png_bytep from, std::size_t count) {
    auto* state = static_cast<PngState*>(::png_get_io_ptr(png));
    bool done = true;
    try {
        state->out->append(reinterpret_cast<const char*>(from), count);
    } catch (...) {
        done = false;
    }
    if (!done) ::png_error(png, "out of memory");
}
inline void png_flush_nothing(png_structp) {}

/// libpng's structures, destroyed together.
struct PngHandle {
    png_structp png = nullptr;
    png_infop info = nullptr;
    bool writes;

    PngHandle(PngState& state, bool write, const std::string& file) : writes(write) {
        png = write ? ::png_create_write_struct(PNG_LIBPNG_VER_STRING, &state, png_fail, png_ignore)
                    : ::png_create_read_struct(PNG_LIBPNG_VER_STRING, &state, png_fail, png_ignore);
        if (png != nullptr) info = ::png_create_info_struct(png);
        if (info == nullptr) {
            destroy();
            throw io_error("libpng: out of memory for " + file);
        }
    }
    PngHandle(const PngHandle&) = delete;
    PngHandle& operator=(const PngHandle&) = delete;
    ~PngHandle() { destroy(); }

private:
    void destroy() {
        if (writes) {
            ::png_destroy_write_struct(&png, &info);
        } else {
            ::png_destroy_read_struct(&png, &info, nullptr);
        }
    }
};

/// Reads all before the pixels and asks for 8 or 16 bits in 1 to 4 channels; false with a message. Extents that the
/// file cannot hold are refused before libpng takes memory for a row of them.
inline bool png_open(png_structp png, png_infop info, PngState* state) {
    if (setjmp(png_jmpbuf(png)) != 0) return false;
    ::png_set_read_fn(png, state, png_take);
    ::png_set_user_limits(png, 0x7fffffff, 0x7fffffff);
    // Also of chunks that a picture could do without: transparency is one of them.
    ::png_set_crc_action(png, PNG_CRC_ERROR_QUIT, PNG_CRC_ERROR_QUIT);
    ::png_read_info(png, info);
    state->width = ::png_get_image_width(png, info);
    state->height = ::png_get_image_height(png, info);
    const std::uint64_t most = std::uint64_t{1032} * state->size;  // deflate shrinks to a 1032nd at most
    const std::uint64_t packed = ::png_get_rowbytes(png, info);
    if (packed == 0 || state->height > most / packed) {
        ::png_error(png, "the file is too small for its pixels");
    }
    if (::png_get_color_type(png, info) == PNG_COLOR_TYPE_PALETTE) ::png_set_palette_to_rgb(png);
    if (::png_get_bit_depth(png, info) < 8) ::png_set_expand_gray_1_2_4_to_8(png);
    if (::png_get_valid(png, info, PNG_INFO_tRNS) != 0) ::png_set_tRNS_to_alpha(png);
    state->passes = ::png_set_interlace_handling(png);
    ::png_read_update_info(png, info);
    state->channels = ::png_get_channels(png, info);
    state->bits = ::png_get_bit_depth(png, info);
    state->row_bytes = ::png_get_rowbytes(png, info);
    return true;
}
/// Decodes row after row: into one row that is used again, or (keep) into pixels that grow with what comes.
inline bool png_read_rows(png_structp png, const PngState* state, std::string* pixels, bool keep) {
    if (setjmp(png_jmpbuf(png)) != 0) return false;
    for (int pass = 0; pass < state->passes; ++pass) {
        for (std::size_t i = 0; i < state->height; ++i) {
            const std::size_t first = keep ? i * state->row_bytes : 0;
            if (pixels->size() < first + state->row_bytes) pixels->resize(first + state->row_bytes);
            ::png_read_row(png, reinterpret_cast<png_bytep>(pixels->data() + first), nullptr);
        }
    }
    ::png_read_end(png, nullptr);
    return true;
}
/// The pixels of a file, one row after the other. An interlaced picture needs all its rows from the first pass on:
/// whether the file holds them is found out in a run of its own, which keeps none.
inline std::string png_pixels(std::string_view bytes, const std::string& file, PngState& state) {
    std::string pixels;
    const auto run = [&](bool keep) {
        state = {};
        state.bytes = reinterpret_cast<const unsigned char*>(bytes.data()), state.size = bytes.size();
        const PngHandle handle(state, false, file);
        const bool done = png_open(handle.png, handle.info, &state) &&
                          png_read_rows(handle.png, &state, &pixels, keep || state.passes == 1);
        if (!done) throw_at_byte(file, static_cast<index_t>(state.at), state.message);
        if (state.at != state.size) {
            throw_at_byte(file, static_cast<index_t>(state.at), "expected the end of the file after the picture");
        }
    };
    run(false);
    if (state.passes > 1) run(true);
    return pixels;
}
inline bool png_write_rows(png_structp png, png_infop info, PngState* state, png_bytepp rows) {
    constexpr int color[] = {PNG_COLOR_TYPE_GRAY, PNG_COLOR_TYPE_GRAY_ALPHA, PNG_COLOR_TYPE_RGB,
                             PNG_COLOR_TYPE_RGB_ALPHA};
    if (setjmp(png_jmpbuf(png)) != 0) return false;
    ::png_set_write_fn(png, state, png_give, png_flush_nothing);
    ::png_set_user_limits(png, 0x7fffffff, 0x7fffffff);
    ::png_set_IHDR(png, info, state->width, state->height, state->bits, color[state->channels - 1], PNG_INTERLACE_NONE,
                   PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
    ::png_write_info(png, info);
    ::png_write_image(png, rows);
    ::png_write_end(png, info);
    return true;
}

inline std::vector<png_bytep> png_row_pointers(std::string& pixels, const PngState& state) {
    std::vector<png_bytep> rows(state.height);
    auto* first = reinterpret_cast<png_bytep>(pixels.data());
    for (std::size_t i = 0; i < rows.size(); ++i) rows[i] = first + i * state.row_bytes;
    return rows;
}

}  // namespace detail

/// A PNG picture as planes: 1 grey, 2 grey and opacity, 3 red, green and blue, 4 with opacity. Values are those of the
/// file, 0...max_value (255, or 65535 for 16 bits); palettes are looked up and grey of fewer bits is spread to 0...255.
/// No gamma or colour profile is applied. Interlaced files are read. Memory: file, bytes of the pixels, planes.
/// Errors: io_error; format_error with the byte and libpng's reason, for a file that is too small for what it promises,
/// for a wrong checksum and for bytes behind the picture.
/// @snippet pictures.cpp png
template <class T>
[[nodiscard]] Picture<T> load_png(const Path& path) {
    const std::string bytes = read_file(path);
    detail::PngState state;
    const std::string pixels = detail::png_pixels(bytes, path.text(), state);

    Picture<T> picture;
    picture.max_value = state.bits == 16 ? 65535 : 255;
    const auto height = static_cast<index_t>(state.height), width = static_cast<index_t>(state.width);
    for (int c = 0; c < state.channels; ++c) {
        Matrix<T> plane(height, width, uninitialized);
        for (index_t i = 0; i < height; ++i) {
            const auto* row =
                reinterpret_cast<const unsigned char*>(pixels.data()) + static_cast<std::size_t>(i) * state.row_bytes;
            for (index_t j = 0; j < width; ++j) {
                const index_t k = j * state.channels + c;
                plane.ref()(i, j) =
                    state.bits == 16 ? static_cast<T>(row[2 * k] << 8 | row[2 * k + 1]) : static_cast<T>(row[k]);
            }
        }
        picture.planes.push_back(std::move(plane));
    }
    return picture;
}

/// Writes one to four planes of one shape (see load_png): values are rounded and limited to 0...max_value, which is 255
/// or 65535. The file is replaced atomically. Errors: io_error; shape_error for no pixels, too many planes, or planes
/// of different shapes; non_finite; std::invalid_argument for another max_value.
/// @snippet pictures.cpp png
template <class T>
void save_png(const Path& path, const Picture<T>& picture) {
    const auto& planes = picture.planes;
    if (planes.empty() || planes.size() > 4) {
        throw shape_error("save_png: " + std::to_string(planes.size()) + " planes; expected 1 to 4");
    }
    if (picture.max_value != 255 && picture.max_value != 65535) {
        throw std::invalid_argument("save_png: max_value " + std::to_string(picture.max_value) +
                                    "; expected 255 or 65535");
    }
    const index_t height = planes[0].rows(), width = planes[0].cols();
    for (const auto& plane : planes) {
        if (plane.rows() != height || plane.cols() != width) {
            throw_shape("save_png: planes", height, width, "and", plane.rows(), plane.cols());
        }
    }
    if (height == 0 || width == 0 || height > 0x7fffffff || width > 0x7fffffff) {
        throw shape_error("save_png: a picture of " + shape_text(height, width) + " pixels");
    }
    detail::PngState state;
    state.width = static_cast<png_uint_32>(width), state.height = static_cast<png_uint_32>(height);
    state.channels = static_cast<int>(planes.size()), state.bits = picture.max_value == 255 ? 8 : 16;
    state.row_bytes = static_cast<std::size_t>(width) * planes.size() * (state.bits == 8 ? 1 : 2);
    std::string pixels;
    pixels.reserve(state.row_bytes * static_cast<std::size_t>(height));
    for (index_t i = 0; i < height; ++i) {
        for (index_t j = 0; j < width; ++j) {
            for (const auto& plane : planes) {
                detail::append_sample(pixels, plane(i, j), picture.max_value);
            }
        }
    }
    std::string out;
    state.out = &out;
    std::vector<png_bytep> rows = detail::png_row_pointers(pixels, state);
    {
        const detail::PngHandle handle(state, true, path.text());
        if (!detail::png_write_rows(handle.png, handle.info, &state, rows.data())) {
            throw io_error("cannot write '" + path.text() + "': " + state.message);
        }
    }
    AtomicFile file(path);
    file.write(out);
    file.commit();
}
/// The same of one grey plane.
/// @snippet pictures.cpp png
template <MatrixExpr E>
void save_png(const Path& path, const E& pixels, index_t max_value = 255) {
    Picture<value_t<E>> picture;
    picture.max_value = max_value;
    picture.planes.emplace_back(pixels);
    save_png(path, picture);
}

}  // namespace gram::io::inline GRAM_ISA
