#include "gram/kernel/copy.hpp"

#include "kernel/operands.hpp"
#include "support/catch.hpp"

using namespace gram::kernel;
using gram::index_t;
using operands::Layout;
using operands::Numbers;

namespace {
constexpr index_t sizes[] = {0, 1, 2, 3, 7, 8, 9, 15, 16, 17, 31, 33, 70};
}

TEMPLATE_TEST_CASE("copy moves every element between any two layouts", "[copy]", float, double, int) {
    using T = TestType;
    Numbers numbers(3);
    bool right = true;
    for (const Layout a : operands::all_layouts) {
        for (const Layout b : operands::all_layouts) {
            for (const index_t m : sizes) {
                for (const index_t n : sizes) {
                    operands::Matrix<T> A(m, n, a), B(m, n, b);
                    for (index_t i = 0; i < m; ++i) {
                        for (index_t j = 0; j < n; ++j) A(i, j) = static_cast<T>(1000 * i + j);
                    }
                    copy(A.ref(), B.ref());
                    right = right && B.guarded() && A.guarded();
                    for (index_t i = 0; i < m; ++i) {
                        for (index_t j = 0; j < n; ++j) right = right && B(i, j) == A(i, j);
                    }
                }
            }
        }
    }
    CHECK(right);
}

TEMPLATE_TEST_CASE("transpose_in_place exchanges the triangles", "[copy]", float, double, int) {
    using T = TestType;
    bool right = true;
    for (const Layout layout : operands::all_layouts) {
        for (index_t n = 0; n < 50; ++n) {
            operands::Matrix<T> A(n, n, layout);
            for (index_t i = 0; i < n; ++i) {
                for (index_t j = 0; j < n; ++j) A(i, j) = static_cast<T>(1000 * i + j);
            }
            transpose_in_place(A.ref());
            right = right && A.guarded();
            for (index_t i = 0; i < n; ++i) {
                for (index_t j = 0; j < n; ++j) right = right && A(i, j) == static_cast<T>(1000 * j + i);
            }
        }
    }
    CHECK(right);
}

TEMPLATE_TEST_CASE("mirror_lower copies the lower triangle into the upper one and changes nothing else", "[copy]",
                   float, double, int) {
    using T = TestType;
    bool right = true;
    for (const Layout layout : operands::all_layouts) {
        for (index_t n = 0; n < 50; ++n) {
            operands::Matrix<T> A(n, n, layout);
            for (index_t i = 0; i < n; ++i) {
                for (index_t j = 0; j < n; ++j) A(i, j) = static_cast<T>(1000 * i + j);
            }
            mirror_lower(A.ref());
            right = right && A.guarded();
            for (index_t i = 0; i < n; ++i) {
                for (index_t j = 0; j < n; ++j) {
                    right = right && A(i, j) == static_cast<T>(j <= i ? 1000 * i + j : 1000 * j + i);
                }
            }
        }
    }
    CHECK(right);
}

TEMPLATE_TEST_CASE("fill and scale reach every element and no other", "[copy]", float, double, int) {
    using T = TestType;
    bool right = true;
    for (const Layout layout : operands::all_layouts) {
        for (const index_t m : sizes) {
            for (const index_t n : sizes) {
                operands::Matrix<T> A(m, n, layout);
                fill(A.ref(), T(3));
                scale(T(5), A.ref());
                scale(T(1), A.ref());
                right = right && A.guarded();
                for (index_t i = 0; i < m; ++i) {
                    for (index_t j = 0; j < n; ++j) right = right && A(i, j) == T(15);
                }
            }
        }
    }
    CHECK(right);
    operands::Matrix<T> A(2, 3, Layout::rows);
    scale(T(0), A.ref());  // canaries (NaN) are overwritten
    CHECK(A(1, 2) == T(0));
}
