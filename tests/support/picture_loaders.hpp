// The loaders that need libpng, as loaders.hpp has the others.
#pragma once

#include <zlib.h>

#include "gram/io/png.hpp"
#include "support/loaders.hpp"

namespace support {

// 3x5 pixels of a palette of four colours, interlaced, the first colour half transparent.
inline const std::string palette_png = bytes_literal(
    "\211\120\116\107\015\012\032\012\000\000\000\015\111\110\104\122\000\000\000\005\000\000\000\003\002"
    "\003\000\000\001\121\137\035\375\000\000\000\014\120\114\124\105\000\001\002\003\004\005\006\007\010"
    "\011\012\013\334\114\070\234\000\000\000\001\164\122\116\123\200\255\136\133\106\000\000\000\025\111"
    "\104\101\124\170\332\143\140\000\202\006\206\016\206\002\206\013\014\071\016\000\020\107\002\365\262"
    "\266\253\276\000\000\000\000\111\105\116\104\256\102\140\202");

// The bytes with the checksum of every chunk made right: else nothing is seen behind a wrong one.
inline std::string with_png_checksums(std::string bytes) {
    for (std::size_t at = 8; at + 12 <= bytes.size();) {
        std::size_t length = 0;
        for (std::size_t i = at; i < at + 4; ++i) length = length << 8 | static_cast<unsigned char>(bytes[i]);
        if (length > bytes.size() - at - 12) break;
        const auto* chunk = reinterpret_cast<const unsigned char*>(bytes.data()) + at + 4;
        const auto crc = ::crc32(0, chunk, static_cast<unsigned>(length) + 4);
        for (std::size_t i = 0; i < 4; ++i) bytes[at + 8 + length + i] = static_cast<char>(crc >> (24 - 8 * i) & 255u);
        at += 12 + length;
    }
    return bytes;
}

inline const std::vector<Loader> picture_loaders = {
    {"png", [](const std::string& p) { gram::io::save_png(p, gram::Matrix<double>(4, 4)); },
     [](const std::string& p) { (void)gram::io::load_png<float>(p); }},
    {"png, colour",
     [](const std::string& p) {
         const gram::Matrix<double> A(3, 2);
         gram::io::save_png(p, gram::io::Picture<double>{{A, A, A, A}, 65535});
     },
     [](const std::string& p) { (void)gram::io::load_png<double>(p); }},
    loader_of("png, palette", palette_png, [](const std::string& p) { (void)gram::io::load_png<unsigned char>(p); }),
    {"png, checksums made right", [](const std::string& p) { write_bytes(p, palette_png); },
     [](const std::string& p) { (void)gram::io::load_png<float>(p); }, 0, with_png_checksums},
};

}  // namespace support
