#include "gram/kernel/gemm_block.hpp"

#include <atomic>
#include <cstddef>
#include <cstdlib>
#include <new>

#include "gram/kernel/gemm.hpp"
#include "kernel/operands.hpp"
#include "support/catch.hpp"

namespace {

std::atomic<long> allocations{0}, allocated_bytes{0};

void* take(std::size_t size, std::size_t unit) {
    ++allocations;
    allocated_bytes += static_cast<long>(size);
    void* p = std::aligned_alloc(unit, (size + unit - 1) / unit * unit);
    if (p == nullptr) throw std::bad_alloc();
    return p;
}

}  // namespace

// These replacements count what the whole test program takes from the heap.
void* operator new(std::size_t size) { return take(size, alignof(std::max_align_t)); }
void* operator new(std::size_t size, std::align_val_t alignment) {
    return take(size, static_cast<std::size_t>(alignment));
}
void operator delete(void* p) noexcept { std::free(p); }
void operator delete(void* p, std::size_t) noexcept { std::free(p); }
void operator delete(void* p, std::align_val_t) noexcept { std::free(p); }
void operator delete(void* p, std::size_t, std::align_val_t) noexcept { std::free(p); }

using namespace gram::kernel;
using gram::index_t;
using operands::Layout;
using operands::Numbers;

TEMPLATE_TEST_CASE("small products take no memory from the heap, in any layout", "[gemm]", float, double) {
    using T = TestType;
    Numbers numbers(3);
    for (const Layout a : operands::all_layouts) {
        for (const Layout b : operands::all_layouts) {
            for (const Layout c : operands::all_layouts) {
                for (const index_t n : {1, 5, 31, 32}) {
                    operands::Matrix<T> A(n, 32, a, numbers), B(32, n, b, numbers), C(n, n, c);
                    detail::KeptBlocks::here().clear();
                    const long before = allocations;
                    gemm(T(1), A.ref(), B.ref(), T(0), C.ref());
                    CHECK(allocations == before);
                }
            }
        }
    }
}

TEST_CASE("large products take their memory once and keep it for the next call", "[gemm]") {
    Numbers numbers(5);
    operands::Matrix<double> A(200, 300, Layout::columns, numbers), B(300, 210, Layout::columns, numbers);
    operands::Matrix<double> C(200, 210, Layout::rows);
    detail::KeptBlocks::here().clear();
    long before = allocations;
    gemm(1.0, A.ref(), B.ref(), 0.0, C.ref());
    CHECK(allocations == before + 1);
    before = allocations;
    gemm(1.0, A.ref(), B.ref(), 0.0, C.ref());
    CHECK(allocations == before + (detail::keeps_blocks ? 0 : 1));
}

TEMPLATE_TEST_CASE("a product of any size works in no more memory than a block of each operand", "[gemm]", float,
                   double) {
    using T = TestType;
    using Shape = detail::TileShape<gram::simd::native_arch, T>;
    constexpr long most =
        static_cast<long>(sizeof(T)) * (Shape::packed_rows(Shape::mc, Shape::kc) + Shape::kc * Shape::nc);
    Numbers numbers(7);
    // Long in one direction each, and with both operands in the order that has to be copied.
    const index_t shapes[][3] = {{2500, 40, 50}, {40, 2500, 50}, {40, 50, 5000}, {1100, 300, 600}};
    for (const auto& [m, n, k] : shapes) {
        operands::Matrix<T> A(m, k, Layout::columns, numbers), B(k, n, Layout::columns, numbers);
        operands::Matrix<T> C(m, n, Layout::rows);
        detail::KeptBlocks::here().clear();
        const long before = allocated_bytes;
        gemm(T(1), A.ref(), B.ref(), T(0), C.ref());
        constexpr long alignment = 64;
        CHECK(allocated_bytes - before <= most + alignment);
    }
}

TEST_CASE("balanced_block covers an extent with equal blocks", "[gemm]") {
    CHECK(detail::balanced_block(1000, 256, 1) == 250);
    CHECK(detail::balanced_block(250, 240, 24) == 144);
    CHECK(detail::balanced_block(1, 240, 24) == 24);
    CHECK(detail::ceil_div(7, 2) == 4);
}
