/// Working memory of kernels and factorizations.
#pragma once

#include <cstddef>

#include "gram/kernel/buffer.hpp"

namespace gram::kernel::detail {

/// Uninitialised bytes aligned to 64 for the lifetime of this object, from what the thread has kept if it can be. A
/// kept block is taken, not shared, so a kernel that runs inside another one (a user's function in an epilogue) gets
/// its own.
class Scratch {
public:
    Scratch() = default;
    explicit Scratch(index_t bytes) : block_(Buffer<std::byte>::for_a_while(bytes)) {}
    /// The block as elements of T, `offset` bytes from its start.
    template <class T>
    [[nodiscard]] T* at(index_t offset) const {
        return reinterpret_cast<T*>(block_.data() + offset);
    }

private:
    Buffer<std::byte> block_;
};

/// Bytes of n elements of T, rounded up so that what follows is aligned.
template <class T>
constexpr index_t scratch_bytes(index_t n) {
    return (n * static_cast<index_t>(sizeof(T)) + 63) / 64 * 64;
}

}  // namespace gram::kernel::detail
