// The loaders that need zlib, as loaders.hpp has the others.
#pragma once

#include "gram/io/gzip.hpp"
#include "gram/io/npz.hpp"
#include "support/loaders.hpp"

namespace support {

inline void read_npz(const std::string& path) {
    const gram::io::NpzFile file(path);
    for (const std::string& name : file.names()) (void)file.load<double>(name);
}
inline void write_npz(const std::string& path, bool deflate) {
    gram::io::NpzWriter out(path, {.deflate = deflate});
    out.add("x", gram::Matrix<double>(2, 3));
    out.add("n", gram::Vector<int>{1, 2});
    out.commit();
}

// IDX of two bytes, as `gzip -n` writes it.
inline const std::string gzipped_idx = bytes_literal("\x1f\x8b\x08\0\0\0\0\0\2\xff") +
                                       "\x63\x60\xe0\x60\x64\x60\x60\x60\xca\xc8\x04" +
                                       bytes_literal("\0\x4a\x94\xd6\x0c\x0a\0\0\0");

inline const std::vector<Loader> archive_loaders = {
    loader_of("gzip", gzipped_idx, [](const std::string& p) { (void)gram::io::load_idx_gz<double>(p); }),
    // Where the second of two members begins, the first is a file.
    loader_of(
        "gzip, members", gzipped_idx + gzipped_idx, [](const std::string& p) { (void)gram::io::read_gzip(p, 1 << 16); },
        1),
    {"npz", [](const std::string& p) { write_npz(p, false); }, read_npz},
    {"npz, deflated", [](const std::string& p) { write_npz(p, true); }, read_npz},
};

}  // namespace support
