// Forms of assignments: what each does, what it is, and what it costs in calls of kernels, operations and memory.
#pragma once

#include <algorithm>
#include <iterator>
#include <map>
#include <string>

#include "flops/estimate.hpp"
#include "gram/gram.hpp"
#include "support/catch.hpp"

namespace forms {

using namespace gram;

constexpr index_t m = 36, k = 44, n = 28, l = 100;  // no two alike, no multiples of a register
constexpr double mk = m * k, kn = k * n, mn = m * n;
using gram::kernel::detail::Call;
namespace counted = gram::kernel::detail;
using View = MatrixView<const double>;
using Reference = estimate::Grid<long double>;

template <class M>
M random(index_t rows, index_t cols, std::uint64_t seed) {
    return naive::random<M>(rows, cols, seed);
}

// What the forms below are written with. S and Q are symmetric.
struct Operands {
    Matrix<double> A = random<Matrix<double>>(m, k, 1), A2 = random<Matrix<double>>(m, k, 2),
                   B = random<Matrix<double>>(k, n, 3), B2 = random<Matrix<double>>(k, n, 4),
                   C = random<Matrix<double>>(m, n, 5), D = random<Matrix<double>>(m, n, 6),
                   G = random<Matrix<double>>(k, k, 7), H = random<Matrix<double>>(m, m, 8),
                   H2 = random<Matrix<double>>(m, m, 9), At = A.T(), Bt = B.T(), S = H + H.T(), Q = G + G.T(),
                   W = random<Matrix<double>>(l, m, 17), Wt = W.T(), wide = random<Matrix<double>>(2 * m, 3 * n, 16);
    Vector<double> d = random<Vector<double>>(k, 1, 10), x = random<Vector<double>>(k, 1, 11),
                   e = random<Vector<double>>(m, 1, 12), y = random<Vector<double>>(m, 1, 13),
                   z = random<Vector<double>>(n, 1, 14);
    RowVector<double> b = random<RowVector<double>>(1, n, 15), row = x.T(), out = RowVector<double>(n);
};
// The same as references.
struct Plain {
    explicit Plain(const Operands& o)
        : A(estimate::grid(o.A)),
          A2(estimate::grid(o.A2)),
          B(estimate::grid(o.B)),
          B2(estimate::grid(o.B2)),
          C(estimate::grid(o.C)),
          D(estimate::grid(o.D)),
          G(estimate::grid(o.G)),
          H(estimate::grid(o.H)),
          H2(estimate::grid(o.H2)),
          S(estimate::grid(o.S)),
          W(estimate::grid(o.W)),
          Q(estimate::grid(o.Q)),
          d(estimate::grid(o.d)),
          x(estimate::grid(o.x)),
          e(estimate::grid(o.e)),
          y(estimate::grid(o.y)),
          z(estimate::grid(o.z)),
          b(estimate::grid(o.b)) {}
    Reference A, A2, B, B2, C, D, G, H, H2, S, W, Q, d, x, e, y, z, b;
};

struct Cost {
    std::map<Call, long> calls;
    double flops = 0;
    long allocations = 0;
    double elements = 0;  // in the blocks allocated
};

// One form: what it does, what it is, what it costs.
struct Form {
    const char* text;
    View (*assign)(Operands&);
    Reference (*expected)(const Plain&);
    Cost cost;
};

inline View view_of(const Matrix<double>& M) { return View(M.ref()); }
inline View view_of(const Vector<double>& v) { return View(v.ref()); }
inline View view_of(const RowVector<double>& v) { return View(v.ref()); }

inline void reset() {
    counted::flops = 0;
    counted::allocations = 0;
    counted::allocated_bytes = counted::held_bytes = counted::peak_bytes = 0;
    std::fill(std::begin(counted::calls), std::end(counted::calls), 0L);
}

inline void check(const Form& form) {
    INFO(form.text);
    const Operands original;
    Operands warm = original, o = original;
    form.assign(warm);  // kernels keep their working memory from here on
    reset();
    const View result = form.assign(o);
    const double flops = counted::flops, elements = static_cast<double>(counted::allocated_bytes) / sizeof(double);
    const long allocations = counted::allocations;
    for (int i = 0; i < static_cast<int>(Call::count); ++i) {
        const auto expected = form.cost.calls.find(static_cast<Call>(i));
        CAPTURE(i);
        CHECK(counted::calls[i] == (expected == form.cost.calls.end() ? 0 : expected->second));
    }
    if (gram::kernel::detail::keeps_blocks) {
        CHECK(allocations == form.cost.allocations);
        CHECK(elements == form.cost.elements);
    }
    CHECK(flops >= form.cost.flops);
    // Vectors are also scaled; the tiles on the diagonal of a small triangle are done in full.
    CHECK(flops <= form.cost.flops * (form.cost.calls.contains(Call::syrk) ? 2 : 1.02));
    CHECK(estimate::ratio(result, form.expected(Plain(original)), 3 * l) < 1);
}

inline long double relu_of(long double v) { return v > 0 ? v : 0; }
inline Reference block(const Reference& A, index_t i0, index_t j0, index_t rows, index_t cols) {
    return {rows, cols, [&](index_t i, index_t j) { return A(i0 + i, j0 + j); }};
}
// A at (i0, j0) of zeros as large as C.
inline Reference in_block(const Reference& A, index_t i0, index_t j0) {
    return {m, n, [&](index_t i, index_t j) {
                const bool inside = i >= i0 && j >= j0 && i < i0 + A.rows && j < j0 + A.cols;
                return inside ? A(i - i0, j - j0) : estimate::Number<long double>();
            }};
}

}  // namespace forms
