/// NumPy's .npz archives: several arrays in one zip file, stored or deflated. Not part of gram.hpp; link -lz.
///
/// Source: PKWARE's APPNOTE 6.3 for the container; zlib compresses.
#pragma once

#include <cstring>
#include <string>
#include <string_view>
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

/// The central directory of a zip file in memory; every extent is checked against the file.
class ZipDirectory {
public:
    ZipDirectory(std::string_view bytes, const std::string& file) : bytes_(bytes), file_(file) {
        const index_t end = find_end();
        std::uint64_t count = number(end + 10, 2), size = number(end + 12, 4), offset = number(end + 16, 4);
        if (number(end + 4, 2) != 0 || number(end + 6, 2) != 0) fail(end, "an archive in several parts");
        if (count == 0xffff || size == 0xffffffff || offset == 0xffffffff) {
            const index_t end64 = find_end64(end);
            count = number(end64 + 32, 8), size = number(end64 + 40, 8), offset = number(end64 + 48, 8);
        }
        const auto total = static_cast<std::uint64_t>(bytes.size());
        if (offset > total || size > total - offset || count > size / 46) {
            fail(end, "the central directory does not lie in the file");
        }
        auto at = static_cast<index_t>(offset);
        const auto last = static_cast<index_t>(offset + size);
        for (std::uint64_t i = 0; i < count; ++i) at = read_entry(at, last);
    }

    [[nodiscard]] const std::vector<ZipEntry>& entries() const { return entries_; }

    /// The bytes of an entry, checked against its size and its CRC-32.
    [[nodiscard]] std::string contents(const ZipEntry& entry) const {
        const index_t total = static_cast<index_t>(bytes_.size()), local = entry.offset;
        if (local > total - 30 || number(local, 4) != 0x04034b50) fail(local, "expected a local file header");
        const index_t start = local + 30 + static_cast<index_t>(number(local + 26, 2) + number(local + 28, 2));
        if (start > total || entry.compressed > total - start) fail(local, "the entry does not lie in the file");
        const std::string_view packed =
            bytes_.substr(static_cast<std::size_t>(start), static_cast<std::size_t>(entry.compressed));
        std::string out;
        if (entry.method == 0) {
            if (entry.size != entry.compressed) fail(local, "a stored entry of two sizes");
            out = packed;
        } else if (entry.method == 8) {
            if (entry.size / largest_deflate_ratio > entry.compressed) fail(local, "an impossible size");
            out.reserve(static_cast<std::size_t>(entry.size));
            const std::string name = file_ + ": " + in_quotes(entry.name);
            Inflater stream(packed, name, -15);
            if ((!stream.append(out, entry.size) && !stream.finish()) ||
                static_cast<index_t>(out.size()) != entry.size) {
                fail(local, "the entry is not of the size that the directory promises");
            }
        } else {
            fail(local, "compression method " + std::to_string(entry.method) + "; expected 0 or 8");
        }
        if (crc_of(out) != entry.crc) fail(local, "the checksum of " + in_quotes(entry.name) + " is wrong");
        return out;
    }
    static std::uint32_t crc_of(std::string_view bytes) {
        return static_cast<std::uint32_t>(
            ::crc32_z(0, reinterpret_cast<const Bytef*>(bytes.data()), static_cast<z_size_t>(bytes.size())));
    }

private:
    [[noreturn]] void fail(index_t at, const std::string& what) const { throw_at_byte(file_, at, what); }
    [[nodiscard]] std::uint64_t number(index_t at, int count) const { return little_endian(bytes_, at, count); }

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
        if ((number(at + 8, 2) & 1) != 0) fail(at, "an encrypted entry");
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
        for (const ZipEntry& other : entries_) {
            if (other.name == entry.name) fail(at, "the name " + in_quotes(entry.name) + " stands twice");
        }
        entries_.push_back(std::move(entry));
        return next;
    }
    /// Takes the fields that are all ones from zip64's extra field, in their order.
    void widen(index_t at, index_t last, std::uint64_t (&fields)[3]) const {
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
};

/// An output for write_npy.
struct StringOutput {
    std::string bytes;
    void write(std::string_view text) { bytes += text; }
    void write(const void* from, index_t count) {
        if (count > 0) bytes.append(static_cast<const char*>(from), static_cast<std::size_t>(count));
    }
};

}  // namespace detail

/// The arrays of an .npz file by name. The file is held in memory; an array is decompressed when it is loaded, and its
/// checksum is verified. zip64 is understood.
/// @snippet archives.cpp npz
class NpzFile {
public:
    /// io_error; format_error when it is no zip archive, or a broken one.
    explicit NpzFile(const Path& path) : file_(path.text()), bytes_(read_file(path)), directory_(bytes_, file_) {
        for (const auto& entry : directory_.entries()) {
            const std::string_view name = entry.name;
            if (name.ends_with(".npy")) names_.emplace_back(name.substr(0, name.size() - 4));
        }
    }
    NpzFile(const NpzFile&) = delete;
    NpzFile& operator=(const NpzFile&) = delete;

    /// In the order of the archive, without ".npy".
    [[nodiscard]] const std::vector<std::string>& names() const { return names_; }
    [[nodiscard]] bool contains(std::string_view name) const {
        return std::find(names_.begin(), names_.end(), name) != names_.end();
    }
    /// One array, with the rules of load_npy. std::out_of_range for a name that is not there.
    template <class T>
    [[nodiscard]] Matrix<T> load(std::string_view name, NpyOptions options = {}) const {
        for (const auto& entry : directory_.entries()) {
            if (entry.name.size() != name.size() + 4 || !entry.name.starts_with(name) ||
                !entry.name.ends_with(".npy")) {
                continue;
            }
            const std::string bytes = directory_.contents(entry);
            InputBytes input(bytes, file_ + ": " + entry.name);
            return detail::read_npy_matrix<T>(input, options);
        }
        throw std::out_of_range(file_ + ": no array " + in_quotes(name));
    }

private:
    std::string file_, bytes_;
    detail::ZipDirectory directory_;
    std::vector<std::string> names_;
};

/// One array of an .npz file: `load_npz<double>("weights.npz", "W")`. As NpzFile::load.
/// @snippet archives.cpp npz
template <class T>
[[nodiscard]] Matrix<T> load_npz(const Path& path, std::string_view name, NpyOptions options = {}) {
    return NpzFile(path).load<T>(name, options);
}

/// How an .npz file is written.
struct NpzSaveOptions {
    bool deflate = false;  ///< compressed, as numpy.savez_compressed does; else stored as numpy.savez does
};

/// Writes an .npz file array by array; nothing is there before commit(), which replaces the file in one step.
/// Archives of 4 GiB and more are refused (std::length_error): save such arrays one by one with save_npy.
/// @snippet archives.cpp npz
class NpzWriter {
public:
    /// io_error when the file cannot be made.
    explicit NpzWriter(const Path& path, NpzSaveOptions options = {}) : file_(path), options_(options) {}

    /// std::invalid_argument for a name that is empty, too long, or was added before.
    template <MatrixExpr E>
    NpzWriter& add(std::string_view name, const E& expression) {
        for (const auto& entry : entries_) {
            if (entry.name.size() == name.size() + 4 && entry.name.starts_with(name)) {
                throw std::invalid_argument("npz: the name " + in_quotes(name) + " was added before");
            }
        }
        if (name.empty() || name.size() > 60000) throw std::invalid_argument("npz: the name " + in_quotes(name));
        detail::StringOutput npy;
        detail::write_npy(npy, expression);
        const std::string packed = options_.deflate ? deflated(npy.bytes) : npy.bytes;
        detail::ZipEntry entry{std::string(name) + ".npy",
                               options_.deflate ? 8 : 0,
                               detail::ZipDirectory::crc_of(npy.bytes),
                               static_cast<index_t>(packed.size()),
                               static_cast<index_t>(npy.bytes.size()),
                               position_};
        if (entry.size > limit || position_ + entry.compressed > limit || entries_.size() == 65534) {
            throw std::length_error("npz: 4 GiB or more, or 65535 arrays; use save_npy for each");
        }
        std::string header("PK\x03\x04", 4);
        append_common(header, entry);
        header += entry.name;
        file_.write(header);
        file_.write(packed);
        position_ += static_cast<index_t>(header.size() + packed.size());
        entries_.push_back(std::move(entry));
        return *this;
    }
    /// Writes the directory and moves the file to its place. io_error.
    void commit() {
        std::string directory;
        for (const auto& entry : entries_) {
            directory.append("PK\x01\x02\x14\x03", 6);  // made by version 2.0 on Unix
            append_common(directory, entry);
            detail::append_little_endian(directory, 0, 2 + 2 + 2);  // no comment, first disk, no internal attributes
            detail::append_little_endian(directory, 0600u << 16, 4);
            detail::append_little_endian(directory, static_cast<std::uint64_t>(entry.offset), 4);
            directory += entry.name;
        }
        const std::uint64_t size = directory.size(), count = entries_.size();
        directory.append("PK\x05\x06", 4);
        detail::append_little_endian(directory, 0, 4);
        detail::append_little_endian(directory, count, 2);
        detail::append_little_endian(directory, count, 2);
        detail::append_little_endian(directory, size, 4);
        detail::append_little_endian(directory, static_cast<std::uint64_t>(position_), 4);
        detail::append_little_endian(directory, 0, 2);
        file_.write(directory);
        file_.commit();
    }

private:
    static constexpr index_t limit = (index_t{1} << 32) - (index_t{1} << 24);  // room for headers and the directory

    /// What the local header and the directory's entry share: version, flags, method, date, checksum, sizes, lengths.
    static void append_common(std::string& out, const detail::ZipEntry& entry) {
        using detail::append_little_endian;
        append_little_endian(out, 20, 2);
        append_little_endian(out, 0x0800, 2);  // the name is UTF-8
        append_little_endian(out, static_cast<std::uint64_t>(entry.method), 2);
        append_little_endian(out, 0, 2);
        append_little_endian(out, 0x0021, 2);  // 1 January 1980: the same bytes on every day
        append_little_endian(out, entry.crc, 4);
        append_little_endian(out, static_cast<std::uint64_t>(entry.compressed), 4);
        append_little_endian(out, static_cast<std::uint64_t>(entry.size), 4);
        append_little_endian(out, entry.name.size(), 2);
        append_little_endian(out, 0, 2);
    }
    static std::string deflated(const std::string& bytes) {
        if (static_cast<index_t>(bytes.size()) > limit) throw std::length_error("npz: an array of 4 GiB or more");
        z_stream stream{};
        if (::deflateInit2(&stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, -15, 8, Z_DEFAULT_STRATEGY) != Z_OK) {
            throw io_error("zlib: out of memory");
        }
        std::string out(::deflateBound(&stream, static_cast<uLong>(bytes.size())), '\0');
        stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
        stream.avail_in = static_cast<uInt>(bytes.size());
        stream.next_out = reinterpret_cast<Bytef*>(out.data());
        stream.avail_out = static_cast<uInt>(out.size());
        const int status = ::deflate(&stream, Z_FINISH);
        out.resize(static_cast<std::size_t>(stream.total_out));
        ::deflateEnd(&stream);
        if (status != Z_STREAM_END) throw io_error("zlib: deflate failed");
        return out;
    }

    AtomicFile file_;
    NpzSaveOptions options_;
    std::vector<detail::ZipEntry> entries_;
    index_t position_ = 0;
};

}  // namespace gram::io::inline GRAM_ISA
