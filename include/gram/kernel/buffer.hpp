/// Uninitialised, 64-byte aligned memory with checked sizes: the storage of containers and of workspaces.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <limits>
#include <new>
#include <type_traits>
#include <utility>

#include "gram/kernel/count.hpp"

#if defined(__linux__)
#include <sys/mman.h>
#endif

namespace gram::kernel {
namespace detail {

/// Memory that fills this much begins at a multiple of it and asks the system for pages of this size, as NumPy does:
/// they are handed out, and looked up, 512 times less often than pages of 4 KiB.
inline constexpr index_t huge_page = 2 * 1024 * 1024;

/// How many whole huge pages that many bytes fill, the last of them but for an eighth.
constexpr index_t huge_pages(index_t bytes) { return bytes / huge_page + (bytes % huge_page >= huge_page / 8 * 7); }

inline void ask_for_huge_pages([[maybe_unused]] void* data, [[maybe_unused]] std::size_t bytes) {
#if defined(__linux__) && defined(MADV_HUGEPAGE)
    // A system that has none says no, and nothing is lost.
    ::madvise(data, bytes, MADV_HUGEPAGE);
#endif
}

inline constexpr std::size_t cache_line = 64;

/// Memory at a multiple of cache_line. Heaps are several times faster with what they need not align (glibc: 16 instead
/// of 70 ns): a line more is asked for, and the block's own address stands in front of what is handed out.
inline void* take_lines(std::size_t bytes) {
#if defined(GRAM_ADDRESS_SANITIZER)
    return ::operator new (bytes, std::align_val_t{cache_line});  // which then sees every byte beyond the end
#else
    void* const block = ::operator new(bytes + cache_line);
    const auto address = reinterpret_cast<std::uintptr_t>(block);
    std::byte* const data = static_cast<std::byte*>(block) + (cache_line - address % cache_line);
    std::memcpy(data - sizeof(block), &block, sizeof(block));
    return data;
#endif
}
inline void give_lines(void* data) {
#if defined(GRAM_ADDRESS_SANITIZER)
    ::operator delete (data, std::align_val_t{cache_line});
#else
    void* block = nullptr;
    std::memcpy(&block, static_cast<std::byte*>(data) - sizeof(block), sizeof(block));
    ::operator delete(block);
#endif
}

}  // namespace detail

/// rows * cols, or std::bad_array_new_length when the bytes of that many T (with padding) do not fit an index.
template <class T>
constexpr index_t checked_size(index_t rows, index_t cols) {
    constexpr index_t limit =
        (std::numeric_limits<index_t>::max() - 2 * detail::huge_page) / static_cast<index_t>(sizeof(T));
    if (rows < 0 || cols < 0 || (cols != 0 && rows > limit / cols)) throw std::bad_array_new_length();
    return rows * cols;
}

/// Owns `size` uninitialised elements of a trivially copyable T, aligned to a cache line, or to a huge page where they
/// fill one.
template <class T>
class Buffer {
    static_assert(std::is_trivially_copyable_v<T> || std::is_trivially_destructible_v<T>);

public:
    Buffer() = default;
    explicit Buffer(index_t size) : size_(checked_size<T>(size, 1)) {
        if (size_ == 0) return;
        detail::count_allocation(bytes());
        const auto used = static_cast<std::size_t>(size_) * sizeof(T);
        if (const index_t pages = detail::huge_pages(bytes()); pages > 0) {
            const auto whole = static_cast<std::size_t>(pages) * static_cast<std::size_t>(detail::huge_page);
            data_ = static_cast<T*>(::operator new(whole > used ? whole : used, page));
            detail::ask_for_huge_pages(data_, whole);
        } else {
            data_ = static_cast<T*>(detail::take_lines(used));
        }
    }
    Buffer(Buffer&& other) noexcept
        : data_(std::exchange(other.data_, nullptr)), size_(std::exchange(other.size_, 0)) {}
    Buffer& operator=(Buffer&& other) noexcept {
        Buffer(std::move(other)).swap(*this);
        return *this;
    }
    ~Buffer() {
        if (data_ == nullptr) return;
        detail::huge_pages(bytes()) > 0 ? ::operator delete(data_, page) : detail::give_lines(data_);
    }

    void swap(Buffer& other) noexcept {
        std::swap(data_, other.data_);
        std::swap(size_, other.size_);
    }
    [[nodiscard]] T* data() const noexcept { return data_; }
    [[nodiscard]] index_t size() const noexcept { return size_; }

private:
    [[nodiscard]] index_t bytes() const { return size_ * static_cast<index_t>(sizeof(T)); }
    static constexpr std::align_val_t page{static_cast<std::size_t>(detail::huge_page)};

    T* data_ = nullptr;
    index_t size_ = 0;
};

}  // namespace gram::kernel
