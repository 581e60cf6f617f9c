/// Compressed bytes by zlib: files in gzip's format, and IDX files that come so (MNIST's). Not part of gram.hpp; link
/// -lz.
#pragma once

#if !__has_include(<zlib.h>)
#error "gram/io/gzip.hpp needs zlib: install zlib1g-dev (or zlib-devel, zlib), or add its folder to the include path"
#endif

#include <zlib.h>

#include <algorithm>
#include <limits>
#include <string>
#include <string_view>

#include "gram/io/idx.hpp"

namespace gram::io::inline GRAM_ISA {
namespace detail {

/// No stream of deflate grows by more than this factor (zlib's documentation: 1032 to 1).
inline constexpr index_t largest_deflate_ratio = 1032;

/// A zlib stream for reading; window_bits as inflateInit2 takes them: -15 for raw deflate, 31 for gzip.
class Inflater {
public:
    /// `offset` is the byte of the file where the stream begins, for messages.
    Inflater(std::string_view bytes, const std::string& file, int window_bits, std::size_t offset = 0)
        : bytes_(bytes), file_(file), offset_(offset) {
        if (::inflateInit2(&stream_, window_bits) != Z_OK) throw io_error("zlib: out of memory for " + file);
    }
    Inflater(const Inflater&) = delete;
    Inflater& operator=(const Inflater&) = delete;
    ~Inflater() { ::inflateEnd(&stream_); }

    /// Decompresses `count` bytes, fewer only when the stream ends; format_error when it is broken.
    index_t read(char* to, index_t count) {
        index_t made = 0;
        while (made < count && !ended_) {
            refill();
            const index_t room = std::min(count - made, chunk);
            stream_.next_out = reinterpret_cast<Bytef*>(to + made);
            stream_.avail_out = static_cast<uInt>(room);
            const int status = ::inflate(&stream_, Z_NO_FLUSH);
            made += room - static_cast<index_t>(stream_.avail_out);
            ended_ = status == Z_STREAM_END;
            if (status == Z_OK || ended_) continue;
            if (status == Z_BUF_ERROR && stream_.avail_in == 0 && taken_ == bytes_.size())
                fail("the stream is cut off");
            if (status != Z_BUF_ERROR) fail(stream_.msg != nullptr ? stream_.msg : "not a compressed stream");
        }
        return made;
    }
    /// Appends at most `limit` bytes to `out`, which grows with what comes; true when the stream has ended.
    bool append(std::string& out, index_t limit) {
        while (limit > 0 && !ended_) {
            const auto old = out.size();
            const index_t room = std::min(chunk, limit);
            out.resize(old + static_cast<std::size_t>(room));
            const index_t made = read(out.data() + old, room);
            out.resize(old + static_cast<std::size_t>(made));
            limit -= made;
        }
        return ended_;
    }
    /// Whether the stream has ended with nothing more to come; it may need to see its last bytes.
    bool finish() {
        char extra = 0;
        while (!ended_) {
            refill();
            stream_.next_out = reinterpret_cast<Bytef*>(&extra);
            stream_.avail_out = 1;
            const int status = ::inflate(&stream_, Z_NO_FLUSH);
            ended_ = status == Z_STREAM_END;
            if (stream_.avail_out == 0) return false;
            if (!ended_ && status != Z_OK) fail(stream_.msg != nullptr ? stream_.msg : "the stream is cut off");
        }
        return true;
    }
    /// Compressed bytes used so far.
    [[nodiscard]] std::size_t used() const { return taken_ - stream_.avail_in; }

private:
    static constexpr index_t chunk = index_t{1} << 18;

    void refill() {
        if (stream_.avail_in > 0 || taken_ == bytes_.size()) return;
        const std::size_t next = std::min<std::size_t>(bytes_.size() - taken_, std::numeric_limits<uInt>::max() / 2);
        // zlib does not write through it; without ZLIB_CONST the pointer is not const.
        stream_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes_.data() + taken_));
        stream_.avail_in = static_cast<uInt>(next);
        taken_ += next;
    }
    [[noreturn]] void fail(const char* what) const {
        throw_at_byte(file_, static_cast<index_t>(offset_ + used()), what);
    }

    std::string_view bytes_;
    const std::string& file_;
    std::size_t offset_;
    z_stream stream_{};
    std::size_t taken_ = 0;
    bool ended_ = false;
};

inline bool is_gzip(std::string_view bytes) { return bytes.starts_with("\x1f\x8b"); }

/// All members of a gzip file, at most `limit` bytes of them: format_error when there is more.
inline std::string gunzip(std::string_view bytes, const std::string& file, index_t limit) {
    std::string out;
    for (std::size_t taken = 0; taken < bytes.size();) {
        Inflater stream(bytes.substr(taken), file, 31, taken);
        if (!stream.append(out, limit - static_cast<index_t>(out.size())) && !stream.finish()) {
            throw_at_byte(file, static_cast<index_t>(taken + stream.used()),
                          "more than " + std::to_string(limit) + " bytes when decompressed");
        }
        taken += stream.used();
    }
    return out;
}

}  // namespace detail

/// The contents of a gzip file (one member or several). Memory: the file and what comes out, at most `limit` bytes.
/// Errors: io_error; format_error when it is broken, cut off, or holds more than `limit`.
/// @snippet archives.cpp gzip
[[nodiscard]] inline std::string read_gzip(const Path& path, index_t limit = index_t{1} << 32) {
    const std::string bytes = read_file(path);
    if (!detail::is_gzip(bytes)) throw_at_byte(path.text(), 0, "expected gzip's magic 1f 8b");
    return detail::gunzip(bytes, path.text(), limit);
}

/// As load_idx, of a file that is compressed by gzip or is not. What its extents promise is checked against the size of
/// the compressed file before memory is taken.
/// @snippet archives.cpp gzip
template <class T>
    requires std::is_arithmetic_v<T>
[[nodiscard]] Matrix<T> load_idx_gz(const Path& path) {
    const std::string bytes = read_file(path);
    if (!detail::is_gzip(bytes)) return detail::parse_idx<T>(bytes, path.text());
    // The longest header first: it says how much the rest may be.
    constexpr index_t longest_header = 4 + 4 * 8;
    std::string start;
    detail::Inflater(bytes, path.text(), 31).append(start, longest_header);
    const std::string inside = path.text() + " (decompressed)";
    const index_t size = std::max(detail::idx_file_size(start, inside), static_cast<index_t>(start.size()));
    const index_t most = static_cast<index_t>(bytes.size()) * detail::largest_deflate_ratio;
    if (size > most) {
        throw_at_byte(inside, 4,
                      "the extents promise " + std::to_string(size) + " bytes; " + std::to_string(bytes.size()) +
                          " compressed bytes cannot hold them");
    }
    return detail::parse_idx<T>(detail::gunzip(bytes, path.text(), size), inside);
}

}  // namespace gram::io::inline GRAM_ISA
