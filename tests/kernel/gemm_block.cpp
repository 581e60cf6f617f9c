#include "gram/kernel/gemm_block.hpp"

#include <atomic>
#include <cstdlib>
#include <new>

#include "gram/kernel/gemm.hpp"
#include "kernel/operands.hpp"
#include "support/catch.hpp"

namespace {
std::atomic<long> aligned_allocations{0};
}

// Kernels take their memory aligned: these replacements count it for the whole test program.
void* operator new(std::size_t size, std::align_val_t alignment) {
    ++aligned_allocations;
    const std::size_t unit = static_cast<std::size_t>(alignment);
    void* p = std::aligned_alloc(unit, (size + unit - 1) / unit * unit);
    if (p == nullptr) throw std::bad_alloc();
    return p;
}
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
                    detail::kept_scratch() = Buffer<std::byte>();
                    const long before = aligned_allocations;
                    gemm(T(1), A.ref(), B.ref(), T(0), C.ref());
                    CHECK(aligned_allocations == before);
                }
            }
        }
    }
}

TEST_CASE("large products take their memory once and keep it for the next call", "[gemm]") {
    Numbers numbers(5);
    operands::Matrix<double> A(200, 300, Layout::columns, numbers), B(300, 210, Layout::columns, numbers);
    operands::Matrix<double> C(200, 210, Layout::rows);
    detail::kept_scratch() = Buffer<std::byte>();
    long before = aligned_allocations;
    gemm(1.0, A.ref(), B.ref(), 0.0, C.ref());
    CHECK(aligned_allocations == before + 1);
    before = aligned_allocations;
    gemm(1.0, A.ref(), B.ref(), 0.0, C.ref());
    CHECK(aligned_allocations == before);
}

TEST_CASE("balanced_block covers an extent with equal blocks", "[gemm]") {
    CHECK(detail::balanced_block(1000, 256, 1) == 250);
    CHECK(detail::balanced_block(250, 240, 24) == 144);
    CHECK(detail::balanced_block(1, 240, 24) == 24);
    CHECK(detail::ceil_div(7, 2) == 4);
}
