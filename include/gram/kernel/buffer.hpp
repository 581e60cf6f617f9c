/// Uninitialised, 64-byte aligned memory with checked sizes: the storage of containers and of workspaces.
#pragma once

#include <algorithm>
#include <cstddef>
#include <limits>
#include <new>
#include <type_traits>
#include <utility>

#include "gram/kernel/blocks.hpp"

namespace gram::kernel {

/// rows * cols, or std::bad_array_new_length when the bytes of that many T (with padding) do not fit an index.
template <class T>
constexpr index_t checked_size(index_t rows, index_t cols) {
    constexpr index_t limit =
        (std::numeric_limits<index_t>::max() - 2 * detail::huge_page) / static_cast<index_t>(sizeof(T));
    if (rows < 0 || cols < 0 || (cols != 0 && rows > limit / cols)) throw std::bad_array_new_length();
    return rows * cols;
}

/// Owns `size` uninitialised elements of a trivially copyable T, aligned to a cache line.
///
/// Between 16 KiB and 16 MiB the memory goes to the thread that gives it back, which keeps up to 16 MiB of it.
template <class T>
class Buffer {
    static_assert(std::is_trivially_copyable_v<T> || std::is_trivially_destructible_v<T>);

public:
    Buffer() = default;
    /// Of what the thread has kept it takes no block that is more than a quarter too large.
    explicit Buffer(index_t size) : Buffer(size, std::min(bytes_of(size), detail::most_kept) / 4 * 5) {}
    /// Takes a block of any size: for what is given back soon.
    static Buffer for_a_while(index_t size) { return Buffer(size, std::numeric_limits<index_t>::max()); }

    Buffer(Buffer&& other) noexcept
        : data_(std::exchange(other.data_, nullptr)), size_(std::exchange(other.size_, 0)) {}
    Buffer& operator=(Buffer&& other) noexcept {
        Buffer(std::move(other)).swap(*this);
        return *this;
    }
    ~Buffer() {
        if (data_ != nullptr) detail::give_block(data_);
    }

    void swap(Buffer& other) noexcept {
        std::swap(data_, other.data_);
        std::swap(size_, other.size_);
    }
    [[nodiscard]] T* data() const noexcept { return data_; }
    [[nodiscard]] index_t size() const noexcept { return size_; }

private:
    Buffer(index_t size, index_t most) : size_(size) {
        if (const index_t bytes = bytes_of(size); bytes > 0) data_ = static_cast<T*>(detail::take_block(bytes, most));
    }
    static index_t bytes_of(index_t size) { return checked_size<T>(size, 1) * static_cast<index_t>(sizeof(T)); }

    T* data_ = nullptr;
    index_t size_ = 0;
};

}  // namespace gram::kernel
