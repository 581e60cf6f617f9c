#include "gram/kernel/threads.hpp"

#include <stdexcept>
#include <utility>

#include "gram/kernel/kernel.hpp"
#include "kernel/operands.hpp"
#include "support/catch.hpp"

using namespace gram::kernel;
using gram::index_t;
using operands::Layout;
using operands::Numbers;

namespace {

/// What a fused product may be given by a user: a function that fails.
struct Failing {
    template <class Arch, int>
    void tile(const double*, index_t, gram::kernel::MatRef<double>, index_t, index_t) const {
        throw std::runtime_error("no");
    }
    double scalar(double, index_t, index_t) const { throw std::runtime_error("no"); }
};

}  // namespace

TEST_CASE("set_num_threads bounds num_threads, which is 1 without OpenMP", "[threads]") {
    set_num_threads(1);
    CHECK(num_threads() == 1);
    set_num_threads(3);
#if defined(_OPENMP)
    CHECK(num_threads() == 3);
#else
    CHECK(num_threads() == 1);
#endif
    set_num_threads(0);
    CHECK(num_threads() >= 1);
}

TEMPLATE_TEST_CASE("products have the same bits for any number of threads", "[threads]", float, double) {
    using T = TestType;
    Numbers numbers(3);
    const index_t k = 530;
    // Cut by rows, by columns, dot products, and a last column that is a product with a vector.
    for (const auto& [rows, cols] : {std::pair<index_t, index_t>(211, 190), {190, 211}, {40, 700}, {211, 177}}) {
        operands::Matrix<T> A(rows, k, Layout::rows, numbers), B(k, cols, Layout::columns, numbers);
        operands::Matrix<T> one(rows, cols, Layout::rows), S(rows, rows, Layout::rows, numbers), S1(S);
        set_num_threads(1);
        gemm(T(2), A.ref(), B.ref(), T(0), one.ref());
        syrk(T(1), A.ref(), T(1), S1.ref());
        for (int threads = 2; threads <= 4; ++threads) {
            set_num_threads(threads);
            operands::Matrix<T> C(rows, cols, Layout::rows), St(S);
            gemm(T(2), A.ref(), B.ref(), T(0), C.ref());
            syrk(T(1), A.ref(), T(1), St.ref());
            bool same = true;
            for (index_t i = 0; i < rows; ++i) {
                for (index_t j = 0; j < cols; ++j) same = same && operands::same_bits(C(i, j), one(i, j));
                for (index_t j = 0; j < rows; ++j) same = same && operands::same_bits(St(i, j), S1(i, j));
            }
            CHECK(same);
        }
    }
    set_num_threads(0);
}

TEMPLATE_TEST_CASE("a batch has the bits of its products one by one, for any number of threads", "[threads]", float,
                   double) {
    using T = TestType;
    Numbers numbers(9);
    for (const index_t n : {1, 3, 8, 17, 40}) {
        const index_t count = 150;
        operands::Matrix<T> A(count * n, n, Layout::rows, numbers), B(n, n, Layout::columns, numbers);
        operands::Matrix<T> C(count * n, n, Layout::rows, numbers), D(C);
        for (index_t i = 0; i < count; ++i) {
            gemm(T(2), A.ref().block(i * n, 0, n, n), B.ref(), T(-1), D.ref().block(i * n, 0, n, n));
        }
        const operands::Matrix<T> before(C);
        for (const int threads : {1, 2, 3}) {
            set_num_threads(threads);
            operands::Matrix<T> E(before);
            gemm_batch(count, T(2), A.ref().block(0, 0, n, n), n * A.ref().row_stride, B.ref(), 0, T(-1),
                       E.ref().block(0, 0, n, n), n * E.ref().row_stride);
            bool same = E.guarded();
            for (index_t i = 0; i < count * n; ++i) {
                for (index_t j = 0; j < n; ++j) same = same && operands::same_bits(D(i, j), E(i, j));
            }
            CHECK(same);
        }
        gemm_batch(0, T(2), A.ref(), 0, B.ref(), 0, T(-1), C.ref(), 0);
        CHECK(operands::same_bits(C(0, 0), before(0, 0)));
    }
    set_num_threads(0);
}

TEST_CASE("an exception of a fused function reaches the caller, also from a thread", "[threads]") {
    Numbers numbers(3);
    operands::Matrix<double> A(300, 200, Layout::rows, numbers), C(300, 300, Layout::rows);
    for (const int threads : {1, 2}) {
        set_num_threads(threads);
        CHECK_THROWS_AS(gemm_fused(A.ref(), A.ref().transposed(), C.ref(), Failing{}), std::runtime_error);
    }
    set_num_threads(0);
}
