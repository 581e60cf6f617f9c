/// Working memory of a kernel call: one block a thread is kept for the next call.
#pragma once

#include <cstddef>
#include <utility>

#include "gram/kernel/buffer.hpp"

namespace gram::kernel::detail {

/// Bytes a thread keeps between calls at most; a larger block goes back to the heap at once.
inline constexpr index_t scratch_kept_bytes = 8 * 1024 * 1024;

inline Buffer<std::byte>& kept_scratch() {
    thread_local Buffer<std::byte> kept;
    return kept;
}

/// Uninitialised bytes aligned to 64 for the lifetime of this object. The kept block is taken, not shared, so a kernel
/// that runs inside another one (a user's function in an epilogue) gets its own.
class Scratch {
public:
    explicit Scratch(index_t bytes) : buffer_(std::exchange(kept_scratch(), Buffer<std::byte>())) {
        if (buffer_.size() < bytes) buffer_ = Buffer<std::byte>(bytes);
    }
    Scratch(const Scratch&) = delete;
    Scratch& operator=(const Scratch&) = delete;
    ~Scratch() {
        if (buffer_.size() <= scratch_kept_bytes && buffer_.size() > kept_scratch().size()) {
            kept_scratch() = std::move(buffer_);
        }
    }
    /// The block as elements of T, `offset` bytes from its start.
    template <class T>
    [[nodiscard]] T* at(index_t offset) const {
        return reinterpret_cast<T*>(buffer_.data() + offset);
    }

private:
    Buffer<std::byte> buffer_;
};

/// Bytes of n elements of T, rounded up so that what follows is aligned.
template <class T>
constexpr index_t scratch_bytes(index_t n) {
    return (n * static_cast<index_t>(sizeof(T)) + 63) / 64 * 64;
}

}  // namespace gram::kernel::detail
