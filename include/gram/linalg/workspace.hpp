/// Scratch matrices for the factorizations, with leading dimensions that do not fight the cache.
#pragma once

#include "gram/kernel/buffer.hpp"
#include "gram/kernel/ref.hpp"

namespace gram::linalg::inline GRAM_ISA {

/// Which index runs fastest in memory.
enum class Order { column_major, row_major };

/// The smallest stride >= n whose bytes are a multiple of a cache line but not of 2048.
///
/// Lines one stride apart map to different cache sets; with a power of two they share a few sets and evict each other,
/// which costs factorizations of order 512 and 1024 up to ten times their time.
template <class T>
constexpr index_t padded_stride(index_t n) {
    constexpr index_t line = sizeof(T) < 64 ? static_cast<index_t>(64 / sizeof(T)) : 1;
    constexpr index_t critical = static_cast<index_t>(2048 / sizeof(T));
    if (n <= 0) return line;
    const index_t stride = (n + line - 1) / line * line;
    return stride % critical == 0 ? stride + line : stride;
}

/// Owns an uninitialised m×n scratch matrix with a padded stride.
template <class T>
class Workspace {
public:
    Workspace() = default;
    /// Cost: one allocation. Errors: std::bad_alloc, std::bad_array_new_length.
    Workspace(index_t rows, index_t cols, Order order = Order::column_major)
        : buffer_(order == Order::column_major ? kernel::checked_size<T>(padded_stride<T>(rows), cols)
                                               : kernel::checked_size<T>(rows, padded_stride<T>(cols))),
          ref_{buffer_.data(), rows, cols, order == Order::column_major ? 1 : padded_stride<T>(cols),
               order == Order::column_major ? padded_stride<T>(rows) : 1} {}

    /// The matrix; valid while the workspace lives.
    [[nodiscard]] kernel::MatRef<T> ref() const noexcept { return ref_; }
    /// Its first m×n elements as a matrix of their own.
    [[nodiscard]] kernel::MatRef<T> ref(index_t m, index_t n) const { return ref_.block(0, 0, m, n); }

private:
    kernel::Buffer<T> buffer_;
    kernel::MatRef<T> ref_;
};

}  // namespace gram::linalg::inline GRAM_ISA
