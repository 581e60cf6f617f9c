// Counts what a program takes from the heap: its operators new and delete are replaced, in the one file that includes
// this.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdlib>
#include <new>

namespace counted_heap {

inline std::atomic<long> blocks{0}, bytes{0};

inline void* take_or_null(std::size_t size, std::size_t alignment) noexcept {
    ++blocks;
    bytes += static_cast<long>(size);
    const std::size_t rounded = (size + alignment - 1) / alignment * alignment;
    return std::aligned_alloc(alignment, rounded == 0 ? alignment : rounded);
}
inline void* take(std::size_t size, std::size_t alignment) {
    if (void* p = take_or_null(size, alignment)) return p;
    throw std::bad_alloc();
}
// g++ takes what it inlined for a deallocation of something else.
[[gnu::noinline]] inline void give(void* p) noexcept { std::free(p); }

inline constexpr std::size_t usual = alignof(std::max_align_t);

}  // namespace counted_heap

// All forms: the sanitizer's own of those that are left out would meet these deletes.
void* operator new(std::size_t size) { return counted_heap::take(size, counted_heap::usual); }
void* operator new[](std::size_t size) { return counted_heap::take(size, counted_heap::usual); }
void* operator new(std::size_t size, const std::nothrow_t&) noexcept {
    return counted_heap::take_or_null(size, counted_heap::usual);
}
void* operator new[](std::size_t size, const std::nothrow_t&) noexcept {
    return counted_heap::take_or_null(size, counted_heap::usual);
}
void* operator new(std::size_t size, std::align_val_t a) { return counted_heap::take(size, std::size_t(a)); }
void* operator new[](std::size_t size, std::align_val_t a) { return counted_heap::take(size, std::size_t(a)); }
void operator delete(void* p) noexcept { counted_heap::give(p); }
void operator delete[](void* p) noexcept { counted_heap::give(p); }
void operator delete(void* p, std::size_t) noexcept { counted_heap::give(p); }
void operator delete[](void* p, std::size_t) noexcept { counted_heap::give(p); }
void operator delete(void* p, std::align_val_t) noexcept { counted_heap::give(p); }
void operator delete[](void* p, std::align_val_t) noexcept { counted_heap::give(p); }
void operator delete(void* p, std::size_t, std::align_val_t) noexcept { counted_heap::give(p); }
void operator delete[](void* p, std::size_t, std::align_val_t) noexcept { counted_heap::give(p); }
