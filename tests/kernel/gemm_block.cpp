#include "gram/kernel/gemm_block.hpp"

#include "gram/kernel/gemm.hpp"
#include "kernel/operands.hpp"
#include "support/catch.hpp"
#include "support/counted_heap.hpp"

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
                    const long before = counted_heap::blocks;
                    gemm(T(1), A.ref(), B.ref(), T(0), C.ref());
                    CHECK(counted_heap::blocks == before);
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
    long before = counted_heap::blocks;
    gemm(1.0, A.ref(), B.ref(), 0.0, C.ref());
    CHECK(counted_heap::blocks == before + 1);
    before = counted_heap::blocks;
    gemm(1.0, A.ref(), B.ref(), 0.0, C.ref());
    CHECK(counted_heap::blocks == before + (detail::keeps_blocks ? 0 : 1));
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
        const long before = counted_heap::bytes;
        gemm(T(1), A.ref(), B.ref(), T(0), C.ref());
        constexpr long alignment = 64;
        CHECK(counted_heap::bytes - before <= most + alignment);
    }
}

TEST_CASE("balanced_block covers an extent with equal blocks", "[gemm]") {
    CHECK(detail::balanced_block(1000, 256, 1) == 250);
    CHECK(detail::balanced_block(250, 240, 24) == 144);
    CHECK(detail::balanced_block(1, 240, 24) == 24);
    CHECK(detail::ceil_div(7, 2) == 4);
}
