/// Zip archives of arrays: what npz.hpp reads from. Not part of gram.hpp; link -lz.
///
/// Source: PKWARE's APPNOTE 6.3.
#pragma once

#include <algorithm>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <unordered_set>
#include <utility>
#include <vector>

#include "gram/io/gzip.hpp"
#include "gram/io/npy.hpp"

namespace gram::io::inline GRAM_ISA {
namespace detail {

/// One file of a zip archive, as the central directory tells.
struct ZipEntry {
    std::string name;
    int method = 0;  ///< 0 stored, 8 deflated
    std::uint32_t crc = 0;
    index_t compressed = 0, size = 0;
    index_t offset = 0;  ///< of the local header
    index_t limit = 0;   ///< where the next entry or the directory begins
};

/// Little-endian numbers out of bytes whose bounds the caller has checked.
inline std::uint64_t little_endian(std::string_view bytes, index_t at, int count) {
    std::uint64_t value = 0;
    for (int i = count; i-- > 0;)
        value = value << 8 | static_cast<unsigned char>(bytes[static_cast<std::size_t>(at + i)]);
    return value;
}
inline void append_little_endian(std::string& out, std::uint64_t value, int count) {
    for (int i = 0; i < count; ++i) out += static_cast<char>(value >> (8 * i) & 255u);
}

inline std::uint32_t crc_32(std::string_view bytes, std::uint32_t before = 0) {
    if (bytes.empty()) return before;  // zlib starts again where the pointer is null
    return static_cast<std::uint32_t>(
        ::crc32_z(before, reinterpret_cast<const Bytef*>(bytes.data()), static_cast<z_size_t>(bytes.size())));
}

/// A deflated entry that reads as an InputFile does and is decompressed while it is read.
class InflatedInput {
public:
    InflatedInput(std::string_view packed, std::string name, index_t size)
        : name_(std::move(name)), size_(size), stream_(packed, name_, -15) {}

    [[nodiscard]] const std::string& name() const noexcept { return name_; }
    [[nodiscard]] index_t size() const noexcept { return size_; }
    [[nodiscard]] index_t position() const noexcept { return position_; }
    [[nodiscard]] index_t left() const noexcept { return size_ - position_; }
    /// Reads exactly `count` bytes, which the caller has checked against left(); format_error when there are fewer.
    void read(void* to, index_t count) {
        const index_t made = stream_.read(static_cast<char*>(to), count);
        crc_ = crc_32({static_cast<const char*>(to), static_cast<std::size_t>(made)}, crc_);
        position_ += made;
        if (made != count)
            throw_at_byte(name_, position_, "the entry ends; " + std::to_string(size_) + " bytes promised");
    }
    /// format_error when there is more, or the checksum is another.
    void expect_end(std::uint32_t crc) {
        if (!stream_.finish()) throw_at_byte(name_, position_, "more bytes than the directory promises");
        if (crc_ != crc) throw_at_byte(name_, 0, "the checksum is wrong");
    }

private:
    std::string name_;
    index_t size_;
    index_t position_ = 0;
    std::uint32_t crc_ = 0;
    Inflater stream_;
};

/// The central directory of a zip file in memory; every extent is checked against the file.
class ZipDirectory {
public:
    ZipDirectory(std::string_view bytes, const std::string& file) : bytes_(bytes), file_(file) {
        const index_t end = find_end();
        std::uint64_t count = number(end + 10, 2), size = number(end + 12, 4), offset = number(end + 16, 4);
        if (number(end + 4, 4) != 0 || number(end + 8, 2) != count) fail(end, "an archive in several parts");
        index_t behind = end;
        if (count == 0xffff || size == 0xffffffff || offset == 0xffffffff) {
            const index_t end64 = behind = find_end64(end);
            count = number(end64 + 32, 8), size = number(end64 + 40, 8), offset = number(end64 + 48, 8);
        }
        const auto total = static_cast<std::uint64_t>(bytes.size());
        if (offset > total || size > total - offset || count > size / 46 ||
            offset + size != static_cast<std::uint64_t>(behind)) {
            fail(end, "the central directory does not lie in the file");
        }
        auto at = static_cast<index_t>(offset);
        const auto last = static_cast<index_t>(offset + size);
        for (std::uint64_t i = 0; i < count; ++i) at = read_entry(at, last);
        if (at != last) fail(at, "the central directory holds more than it says");
        seen_.clear();
        set_limits(static_cast<index_t>(offset));
    }

    [[nodiscard]] const std::vector<ZipEntry>& entries() const { return entries_; }

    /// The array of an entry, checked against its size and its CRC-32.
    template <class T>
    [[nodiscard]] Matrix<T> load(const ZipEntry& entry, const NpyOptions& options) const {
        const std::string name = file_ + ": " + in_quotes(entry.name);
        const std::string_view packed = packed_bytes(entry);
        if (entry.method == 0) {
            if (crc_32(packed) != entry.crc) throw_at_byte(name, 0, "the checksum is wrong");
            InputBytes input(packed, name);
            return read_npy_matrix<T>(input, options);
        }
        InflatedInput input(packed, name, entry.size);
        Matrix<T> A = read_npy_matrix<T>(input, options);
        input.expect_end(entry.crc);
        return A;
    }

private:
    [[noreturn]] void fail(index_t at, const std::string& what) const { throw_at_byte(file_, at, what); }
    [[nodiscard]] std::uint64_t number(index_t at, int count) const { return little_endian(bytes_, at, count); }

    /// No entry may reach into the next: a bomb shares the bytes of one among thousands.
    void set_limits(index_t directory) {
        std::vector<ZipEntry*> order;
        for (ZipEntry& entry : entries_) order.push_back(&entry);
        std::sort(order.begin(), order.end(), [](const auto* a, const auto* b) { return a->offset < b->offset; });
        for (std::size_t i = 0; i < order.size(); ++i) {
            order[i]->limit = i + 1 < order.size() ? std::min(order[i + 1]->offset, directory) : directory;
        }
    }
    /// The stored or deflated bytes of an entry, whose local header says the same as the directory.
    [[nodiscard]] std::string_view packed_bytes(const ZipEntry& entry) const {
        const index_t total = static_cast<index_t>(bytes_.size()), local = entry.offset;
        if (local > total - 30 || number(local, 4) != 0x04034b50) fail(local, "expected a local file header");
        const auto name = static_cast<index_t>(number(local + 26, 2)),
                   extra = static_cast<index_t>(number(local + 28, 2));
        const index_t start = local + 30 + name + extra;
        if (start > entry.limit || entry.compressed > entry.limit - start) {
            fail(local, "the entry reaches into the next or beyond the file");
        }
        const std::uint64_t flags = number(local + 6, 2);
        bool same = bytes_.substr(static_cast<std::size_t>(local + 30), static_cast<std::size_t>(name)) == entry.name &&
                    number(local + 8, 2) == static_cast<std::uint64_t>(entry.method) && (flags & 1) == 0;
        if ((flags & 8) == 0) {  // else the sizes stand behind the entry
            std::uint64_t sizes[2] = {number(local + 22, 4), number(local + 18, 4)};
            widen(local + 30 + name, start, sizes);
            same = same && number(local + 14, 4) == entry.crc && sizes[0] == static_cast<std::uint64_t>(entry.size) &&
                   sizes[1] == static_cast<std::uint64_t>(entry.compressed);
        }
        if (!same) fail(local, "the local header of " + in_quotes(entry.name) + " and the directory disagree");
        if (entry.method != 0 && entry.method != 8) {
            fail(local, "compression method " + std::to_string(entry.method) + "; expected 0 or 8");
        }
        if (entry.method == 0 && entry.size != entry.compressed) fail(local, "a stored entry of two sizes");
        if (entry.size / largest_deflate_ratio > entry.compressed) fail(local, "an impossible size");
        return bytes_.substr(static_cast<std::size_t>(start), static_cast<std::size_t>(entry.compressed));
    }

    /// The end record, behind which stands nothing but its comment.
    [[nodiscard]] index_t find_end() const {
        const auto total = static_cast<index_t>(bytes_.size());
        for (index_t at = total - 22; at >= 0 && at >= total - 22 - 65535; --at) {
            if (number(at, 4) == 0x06054b50 && static_cast<index_t>(number(at + 20, 2)) == total - at - 22) return at;
        }
        fail(0, "no end of a zip archive; not an npz file");
    }
    [[nodiscard]] index_t find_end64(index_t end) const {
        const index_t locator = end - 20;
        if (locator < 0 || number(locator, 4) != 0x07064b50) fail(end, "expected zip64's locator");
        const std::uint64_t at = number(locator + 8, 8);
        if (end < 76 || at > static_cast<std::uint64_t>(end - 76) ||
            number(static_cast<index_t>(at), 4) != 0x06064b50) {
            fail(locator, "expected zip64's end record");
        }
        return static_cast<index_t>(at);
    }
    /// Reads one entry of the directory that ends at `last`; returns where the next one begins.
    index_t read_entry(index_t at, index_t last) {
        if (last - at < 46 || number(at, 4) != 0x02014b50) fail(at, "expected an entry of the central directory");
        const auto name = static_cast<index_t>(number(at + 28, 2)), extra = static_cast<index_t>(number(at + 30, 2)),
                   comment = static_cast<index_t>(number(at + 32, 2));
        const index_t next = at + 46 + name + extra + comment;
        if (next > last) fail(at, "an entry reaches beyond the central directory");
        if ((number(at + 8, 2) & 0x41) != 0) fail(at, "an encrypted entry");
        if ((number(at + 8, 2) & 0x20) != 0 || number(at + 6, 2) > 63) fail(at, "an entry of a later version of zip");
        ZipEntry entry{std::string(bytes_.substr(static_cast<std::size_t>(at + 46), static_cast<std::size_t>(name))),
                       static_cast<int>(number(at + 10, 2)),
                       static_cast<std::uint32_t>(number(at + 16, 4)),
                       0,
                       0,
                       0};
        std::uint64_t fields[3] = {number(at + 24, 4), number(at + 20, 4), number(at + 42, 4)};
        widen(at + 46 + name, at + 46 + name + extra, fields);
        for (const std::uint64_t field : fields) {
            if (field > static_cast<std::uint64_t>(std::numeric_limits<index_t>::max()) / 2)
                fail(at, "sizes above 2^62");
        }
        entry.size = static_cast<index_t>(fields[0]), entry.compressed = static_cast<index_t>(fields[1]);
        entry.offset = static_cast<index_t>(fields[2]);
        if (leaves_folder(entry.name)) fail(at, "the name " + in_quotes(entry.name) + " leaves the archive");
        if (!seen_.insert(entry.name).second) fail(at, "the name " + in_quotes(entry.name) + " stands twice");
        entries_.push_back(std::move(entry));
        return next;
    }
    /// Absolute, or with a part "..": nothing is unpacked here, but no writer of arrays makes such names.
    static bool leaves_folder(std::string_view name) {
        if (name.starts_with('/') || name.find('\0') != std::string_view::npos) return true;
        for (std::size_t at = 0; at <= name.size();) {
            const std::size_t end = std::min(name.find_first_of("/\\", at), name.size());
            if (name.substr(at, end - at) == "..") return true;
            at = end + 1;
        }
        return false;
    }
    /// Takes the fields that are all ones from zip64's extra field, in their order.
    void widen(index_t at, index_t last, std::span<std::uint64_t> fields) const {
        while (last - at >= 4) {
            const auto size = static_cast<index_t>(number(at + 2, 2));
            if (size > last - at - 4) fail(at, "an extra field reaches beyond its entry");
            if (number(at, 2) == 1) {
                index_t value = at + 4;
                for (std::uint64_t& field : fields) {
                    if (field != 0xffffffff) continue;
                    if (value + 8 > at + 4 + size) fail(at, "zip64's extra field is too short");
                    field = number(value, 8);
                    value += 8;
                }
            }
            at += 4 + size;
        }
    }

    std::string_view bytes_;
    const std::string& file_;
    std::vector<ZipEntry> entries_;
    std::unordered_set<std::string> seen_;
};

}  // namespace detail
}  // namespace gram::io::inline GRAM_ISA
