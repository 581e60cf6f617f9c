/// Working memory of kernels and factorizations: blocks that a thread keeps for the next call.
///
/// A heap returns large blocks to the system, and whoever takes one again has each of its pages handed out and cleared
/// anew: that was a quarter of the time of an eigh of order 256.
#pragma once

#include <cstddef>
#include <utility>

#include "gram/kernel/buffer.hpp"

#if defined(GRAM_ADDRESS_SANITIZER)
#include <sanitizer/asan_interface.h>
#endif

namespace gram::kernel::detail {

/// Bytes a thread keeps between calls at most; a larger block goes back to the heap at once.
inline constexpr index_t scratch_kept_bytes = 16 * 1024 * 1024;

inline namespace GRAM_ISA {

/// The blocks of a thread that are not in use.
class KeptBlocks {
public:
    using Block = Buffer<std::byte>;

    /// The smallest block of at least that many bytes, else an empty one.
    [[nodiscard]] Block take(index_t bytes) noexcept {
        for (int i = 0; i < count_; ++i) {
            if (blocks_[i].size() >= bytes) return remove(i);
        }
        return {};
    }
    /// Keeps the block, in the place of smaller ones where there are too many or too much.
    void give(Block block) noexcept {
        while (count_ == most || bytes_ + block.size() > scratch_kept_bytes) {
            if (count_ == 0 || blocks_[0].size() >= block.size()) return;
            remove(0);
        }
        bytes_ += block.size();
        int i = count_++;
        for (; i > 0 && blocks_[i - 1].size() > block.size(); --i) blocks_[i].swap(blocks_[i - 1]);
        blocks_[i].swap(block);
    }
    /// Returns all to the heap.
    void clear() noexcept {
        while (count_ > 0) remove(count_ - 1);
    }
    [[nodiscard]] index_t bytes() const noexcept { return bytes_; }

private:
    Block remove(int i) noexcept {
        Block taken = std::move(blocks_[i]);
        bytes_ -= taken.size();
        for (--count_; i < count_; ++i) blocks_[i].swap(blocks_[i + 1]);
        return taken;
    }

    static constexpr int most = 16;
    Block blocks_[most];  // the first count_ of them, by ascending size
    int count_ = 0;
    index_t bytes_ = 0;
};

inline KeptBlocks& kept_blocks() {
    thread_local KeptBlocks kept;
    return kept;
}

/// Uninitialised bytes aligned to 64 for the lifetime of this object. A kept block is taken, not shared, so a kernel
/// that runs inside another one (a user's function in an epilogue) gets its own.
class Scratch {
public:
    Scratch() = default;
    explicit Scratch(index_t bytes) {
        if (bytes == 0) return;
        block_ = kept_blocks().take(bytes);
        if (block_.size() == 0) block_ = Buffer<std::byte>(bytes);
#if defined(GRAM_ADDRESS_SANITIZER)
        __asan_poison_memory_region(block_.data() + bytes, static_cast<std::size_t>(block_.size() - bytes));
#endif
    }
    Scratch(Scratch&&) = default;
    Scratch& operator=(Scratch&& other) noexcept {
        Scratch(std::move(other)).block_.swap(block_);
        return *this;
    }
    ~Scratch() {
        if (block_.size() == 0) return;
#if defined(GRAM_ADDRESS_SANITIZER)
        __asan_unpoison_memory_region(block_.data(), static_cast<std::size_t>(block_.size()));
#endif
        kept_blocks().give(std::move(block_));
    }
    /// The block as elements of T, `offset` bytes from its start.
    template <class T>
    [[nodiscard]] T* at(index_t offset) const {
        return reinterpret_cast<T*>(block_.data() + offset);
    }

private:
    Buffer<std::byte> block_;
};

}  // namespace GRAM_ISA

/// Bytes of n elements of T, rounded up so that what follows is aligned.
template <class T>
constexpr index_t scratch_bytes(index_t n) {
    return (n * static_cast<index_t>(sizeof(T)) + 63) / 64 * 64;
}

}  // namespace gram::kernel::detail
