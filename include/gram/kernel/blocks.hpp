/// Blocks of memory aligned to a cache line, of which a thread keeps the middling ones for the next who asks.
///
/// Three things a heap is slow with. glibc keeps no lists of aligned blocks: 70 ns for a small matrix instead of 16; so
/// a line more is asked for, and the alignment done here. It returns large blocks to the system, which hands out and
/// clears each page anew: half of the time of an LU factorization of order 256; so some are kept. And pages are small:
/// large blocks ask for huge ones.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <new>

#include "gram/kernel/count.hpp"

#if defined(__linux__)
#include <sys/mman.h>
#endif

namespace gram::kernel::detail {

inline constexpr index_t cache_line = 64;

/// Blocks from this size on are kept, up to that many bytes a thread. Under the address sanitizer none is: it would not
/// see who uses one that has been given back.
inline constexpr index_t least_kept = 16 * 1024;
inline constexpr index_t most_kept = 16 * 1024 * 1024;
#if defined(GRAM_ADDRESS_SANITIZER)
inline constexpr bool keeps_blocks = false;
#else
inline constexpr bool keeps_blocks = true;
#endif

/// The pages that are asked for, as NumPy does: they are handed out, and looked up, 512 times less often than those of
/// 4 KiB.
inline constexpr index_t huge_page = 2 * 1024 * 1024;

/// How many huge pages that many bytes fill, the last of them but for an eighth.
constexpr index_t huge_pages(index_t bytes) { return bytes / huge_page + (bytes % huge_page >= huge_page / 8 * 7); }

/// In front of what is handed out: where the block begins that the heap gave, and how much was handed out.
struct BlockHeader {
    void* block;
    index_t capacity;

    static BlockHeader of(const void* data) {
        BlockHeader header;
        std::memcpy(&header, static_cast<const std::byte*>(data) - sizeof(BlockHeader), sizeof(BlockHeader));
        return header;
    }
};

/// From the heap, at no more than its own alignment; where the address sanitizer is to see every byte beyond the end,
/// at a cache line, so that none is left over there.
#if defined(GRAM_ADDRESS_SANITIZER)
inline void* small_block(std::size_t bytes) { return ::operator new (bytes, std::align_val_t{cache_line}); }
inline void free_small_block(void* block) noexcept { ::operator delete (block, std::align_val_t{cache_line}); }
#else
inline void* small_block(std::size_t bytes) { return ::operator new(bytes); }
inline void free_small_block(void* block) noexcept { ::operator delete(block); }
#endif

/// A block of at least that many bytes from the heap. Errors: std::bad_alloc.
GRAM_GENERAL_REGISTERS inline void* take_from_heap(index_t bytes) {
    BlockHeader header{nullptr, bytes};
    std::byte* data = nullptr;
    if (const index_t pages = huge_pages(bytes + cache_line); pages > 0) {
        const index_t whole = pages * huge_page;
        if (whole - cache_line > bytes) header.capacity = whole - cache_line;
        header.block = ::operator new (static_cast<std::size_t>(header.capacity + cache_line),
                                       std::align_val_t{static_cast<std::size_t>(huge_page)});
#if defined(__linux__) && defined(MADV_HUGEPAGE)
        // A system that has none says no, and nothing is lost.
        ::madvise(header.block, static_cast<std::size_t>(whole), MADV_HUGEPAGE);
#endif
        data = static_cast<std::byte*>(header.block) + cache_line;
    } else {
        header.block = small_block(static_cast<std::size_t>(bytes + cache_line));
        const auto address = static_cast<index_t>(reinterpret_cast<std::uintptr_t>(header.block) % cache_line);
        data = static_cast<std::byte*>(header.block) + (cache_line - address);
    }
    std::memcpy(data - sizeof(header), &header, sizeof(header));
    count_allocation(header.capacity);
    return data;
}
GRAM_GENERAL_REGISTERS inline void give_to_heap(void* data) noexcept {
    const BlockHeader header = BlockHeader::of(data);
    count_release(header.capacity);
    if (huge_pages(header.capacity + cache_line) > 0) {
        ::operator delete (header.block, std::align_val_t{static_cast<std::size_t>(huge_page)});
    } else {
        free_small_block(header.block);
    }
}

/// The blocks of a thread that are not in use.
class KeptBlocks {
public:
    KeptBlocks() = default;
    KeptBlocks(const KeptBlocks&) = delete;
    KeptBlocks& operator=(const KeptBlocks&) = delete;
    ~KeptBlocks() {
        clear();
        closed() = true;
    }
    /// Those of the calling thread.
    static KeptBlocks& here() {
        thread_local KeptBlocks kept;
        return kept;
    }
    /// Whether the thread ends and has none any more: matrices of static duration outlive them.
    static bool& closed() {
        thread_local bool is_closed = false;
        return is_closed;
    }

    /// The smallest block that holds `bytes`, but no more than `most`; null when there is none.
    GRAM_GENERAL_REGISTERS void* take(index_t bytes, index_t most) noexcept {
        int best = -1;
        for (int i = 0; i < count_; ++i) {
            if (sizes_[i] >= bytes && sizes_[i] <= most && (best < 0 || sizes_[i] < sizes_[best])) best = i;
        }
        return best < 0 ? nullptr : remove(best);
    }
    /// Keeps a block, in the place of smaller ones where there are too many or too much; false when it does not.
    GRAM_GENERAL_REGISTERS bool give(void* data, index_t size) noexcept {
        if (size > most_kept) return false;
        while (count_ == capacity || bytes_ + size > most_kept) {
            int smallest = 0;
            for (int i = 1; i < count_; ++i) {
                if (sizes_[i] < sizes_[smallest]) smallest = i;
            }
            if (sizes_[smallest] >= size) return false;
            give_to_heap(remove(smallest));
        }
        blocks_[count_] = data;
        sizes_[count_++] = size;
        bytes_ += size;
        return true;
    }
    GRAM_GENERAL_REGISTERS void clear() noexcept {
        while (count_ > 0) give_to_heap(remove(count_ - 1));
    }
    [[nodiscard]] index_t bytes() const noexcept { return bytes_; }

private:
    GRAM_GENERAL_REGISTERS void* remove(int i) noexcept {
        void* const data = blocks_[i];
        bytes_ -= sizes_[i];
        --count_;
        blocks_[i] = blocks_[count_];
        sizes_[i] = sizes_[count_];
        return data;
    }

    static constexpr int capacity = 32;
    void* blocks_[capacity];
    index_t sizes_[capacity];
    int count_ = 0;
    index_t bytes_ = 0;
};

/// A block of at least `bytes`, kept or from the heap; a kept one has no more than `most`. Errors: std::bad_alloc.
GRAM_GENERAL_REGISTERS inline void* take_block(index_t bytes, index_t most) {
    if (keeps_blocks && bytes >= least_kept && !KeptBlocks::closed()) {
        if (void* const data = KeptBlocks::here().take(bytes, most); data != nullptr) return data;
    }
    return take_from_heap(bytes);
}
GRAM_GENERAL_REGISTERS inline void give_block(void* data) noexcept {
    const index_t size = BlockHeader::of(data).capacity;
    if (keeps_blocks && size >= least_kept && !KeptBlocks::closed() && KeptBlocks::here().give(data, size)) return;
    give_to_heap(data);
}

}  // namespace gram::kernel::detail
