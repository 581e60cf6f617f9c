/// NumPy's .npz archives: several arrays in one zip file, stored or deflated. Not part of gram.hpp; link -lz.
///
/// The container is read by zip.hpp; zlib compresses.
#pragma once

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "gram/io/zip.hpp"

namespace gram::io::inline GRAM_ISA {
namespace detail {

/// An output for write_npy.
struct StringOutput {
    std::string bytes;
    void write(std::string_view text) { bytes += text; }
    void write(const void* from, index_t count) {
        if (count > 0) bytes.append(static_cast<const char*>(from), static_cast<std::size_t>(count));
    }
};

}  // namespace detail

/// The arrays of an .npz file by name. The file is held in memory; an array is decompressed when it is loaded, straight
/// into the matrix, and its checksum is verified. zip64 is understood.
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
            return directory_.load<T>(entry, options);
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
                               detail::crc_32(npy.bytes),
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
