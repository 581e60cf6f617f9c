/// Arrays in files without reading them: the pages come when they are touched.
#pragma once

#include <sys/mman.h>

#include <bit>
#include <cstdint>
#include <utility>

#include "gram/io/npy.hpp"

namespace gram::io::inline GRAM_ISA {

/// An .npy file mapped into memory and read in place: opening it costs no more than its header, and elements that are
/// never touched are never read. Movable; the view is valid as long as the object lives.
///
/// The file must hold elements of exactly T in this machine's byte order. It must not become shorter while it is
/// mapped: touching what was cut off ends the process (SIGBUS), as with every mapped file. Save replaces files by
/// renaming, so save_npy onto a mapped file is safe: the mapping keeps the old one.
/// @snippet files.cpp mapped
template <class T>
class MappedNpy {
    static_assert(std::is_arithmetic_v<real_t<T>>);

public:
    /// io_error; format_error for another type or byte order, more than two dimensions, or a broken file.
    explicit MappedNpy(const Path& path) {
        InputFile file(path);
        header_ = read_npy_header(file);
        const char native = std::endian::native == std::endian::little ? '<' : '>';
        if (header_.descr.substr(1) != detail::npy_descr<T>().substr(1) || (sizeof(T) > 1 && header_.order != native)) {
            throw_at_byte(file.name(), header_.descr_at,
                          "holds " + in_quotes(header_.descr) + "; a mapping of it needs " +
                              in_quotes(detail::npy_descr<T>()) + " (load_npy converts)");
        }
        if (header_.shape.size() > 2) {
            throw_at_byte(file.name(), header_.shape_at,
                          "shape " + detail::npy_shape_text(header_.shape) + "; expected at most 2 dimensions");
        }
        if (file.position() % static_cast<index_t>(alignof(T)) != 0) {
            throw_at_byte(file.name(), file.position(), "elements begin here, not aligned (load_npy reads them)");
        }
        if (file.left() == 0) return;
        offset_ = file.position();
        bytes_ = static_cast<std::size_t>(file.size());
        memory_ = ::mmap(nullptr, bytes_, PROT_READ, MAP_PRIVATE, file.descriptor(), 0);
        if (memory_ == MAP_FAILED) {
            memory_ = nullptr;
            detail::throw_errno("map", file.name());
        }
    }
    MappedNpy(MappedNpy&& other) noexcept
        : header_(std::move(other.header_)),
          memory_(std::exchange(other.memory_, nullptr)),
          bytes_(other.bytes_),
          offset_(other.offset_) {}
    MappedNpy& operator=(MappedNpy&& other) noexcept {
        std::swap(header_, other.header_);
        std::swap(memory_, other.memory_);
        std::swap(bytes_, other.bytes_);
        std::swap(offset_, other.offset_);
        return *this;
    }
    ~MappedNpy() {
        if (memory_ != nullptr) ::munmap(memory_, bytes_);
    }

    /// (m, n) is m×n, (n,) a column, () 1×1.
    [[nodiscard]] index_t rows() const { return header_.shape.empty() ? 1 : header_.shape[0]; }
    [[nodiscard]] index_t cols() const { return header_.shape.size() < 2 ? 1 : header_.shape[1]; }
    [[nodiscard]] auto view() const& GRAM_LIFETIMEBOUND {
        const T* data =
            memory_ == nullptr ? nullptr : reinterpret_cast<const T*>(static_cast<const char*>(memory_) + offset_);
        return header_.fortran_order ? gram::view(data, rows(), cols(), index_t{1}, rows())
                                     : gram::view(data, rows(), cols(), cols(), index_t{1});
    }
    void view() && = delete;

private:
    NpyHeader header_;
    void* memory_ = nullptr;
    std::size_t bytes_ = 0;
    index_t offset_ = 0;
};

}  // namespace gram::io::inline GRAM_ISA
