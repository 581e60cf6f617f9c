#include "gram/kernel/complex_gemm.hpp"

#include "gram/kernel/kernel.hpp"
#include "kernel/operands.hpp"
#include "support/catch.hpp"

using namespace gram::kernel;
using gram::index_t;
using operands::Layout;
using operands::Numbers;

namespace {

template <class C>
operands::Matrix<C> random(index_t m, index_t n, Layout layout, Numbers& numbers) {
    using R = typename C::value_type;
    operands::Matrix<C> A(m, n, layout);
    for (index_t i = 0; i < m; ++i)
        for (index_t j = 0; j < n; ++j) {
            const double re = numbers.next();
            A(i, j) = C(static_cast<R>(re), static_cast<R>(numbers.next()));
        }
    return A;
}
template <class C>
MatRef<const C> read(operands::Matrix<C>& A) {
    return A.ref();
}

// The parts of the sum of op(A)(i, p) op(B)(p, j), with what bounds the error of each.
template <class C>
void add_row_times_column(const operands::Matrix<C>& A, bool conj_a, const operands::Matrix<C>& B, bool conj_b,
                          index_t i, index_t j, index_t k, operands::Reference& re, operands::Reference& im) {
    using Wide = long double;
    for (index_t p = 0; p < k; ++p) {
        const Wide ar = A(i, p).real(), br = B(p, j).real();
        const Wide ai = conj_a ? -Wide{A(i, p).imag()} : Wide{A(i, p).imag()};
        const Wide bi = conj_b ? -Wide{B(p, j).imag()} : Wide{B(p, j).imag()};
        re.add(ar * br);
        re.add(-ai * bi);
        im.add(ar * bi);
        im.add(ai * br);
    }
}

}  // namespace

// Three real products instead of four would fail this: the small part of a number would share the error of the large.
TEMPLATE_TEST_CASE("each part of a complex product is as accurate as the real sum that it is", "[complex]",
                   std::complex<float>, std::complex<double>) {
    using C = TestType;
    using R = typename C::value_type;
    Numbers numbers(1);
    double worst = 0;
    // Around the edges of tiles, of the blocks of columns and of those of k.
    const index_t extents[][3] = {{4, 12, 255}, {5, 13, 256}, {3, 25, 257},   {7, 119, 4},  {8, 121, 5},
                                  {9, 245, 3},  {2, 3, 511},  {1027, 2, 2},   {6, 11, 513}, {33, 23, 35},
                                  {1, 40, 300}, {40, 1, 300}, {131, 130, 66}, {2, 2, 2},    {4, 4, 4}};
    for (const auto& [m, n, k] : extents)
        for (int flags = 0; flags < 4; ++flags) {
            const auto layout = [&] { return operands::all_layouts[numbers.index(4)]; };
            auto A = random<C>(m, k, layout(), numbers), B = random<C>(k, n, layout(), numbers);
            for (index_t p = 0; p < k; ++p) {
                for (index_t i = 0; i < m; ++i) A(i, p) = C(A(i, p).real(), A(i, p).imag() * R(1e-5));
                for (index_t j = 0; j < n; ++j) B(p, j) = C(B(p, j).real(), B(p, j).imag() * R(1e-5));
            }
            operands::Matrix<C> D(m, n, layout());
            gemm_conj(C(1), read(A), (flags & 1) != 0, read(B), (flags & 2) != 0, C(0), D.ref());
            CHECK(D.guarded());
            for (index_t i = 0; i < m; ++i)
                for (index_t j = 0; j < n; ++j) {
                    operands::Reference re, im;
                    add_row_times_column(A, (flags & 1) != 0, B, (flags & 2) != 0, i, j, k, re, im);
                    worst = operands::worst(worst, operands::ratio(D(i, j).real(), re, k));
                    worst = operands::worst(worst, operands::ratio(D(i, j).imag(), im, k));
                }
        }
    CHECK(worst < 1);
}

TEMPLATE_TEST_CASE("the bits of a complex product depend neither on layouts nor on threads", "[complex]",
                   std::complex<float>, std::complex<double>) {
    using C = TestType;
    Numbers numbers(2);
    for (const auto& [m, n, k] : {std::array<index_t, 3>{5, 14, 9}, {37, 29, 520}, {150, 130, 300}}) {
        auto A = random<C>(m, k, Layout::rows, numbers), B = random<C>(k, n, Layout::rows, numbers);
        const auto D = random<C>(m, n, Layout::rows, numbers);
        operands::Matrix<C> one(D);
        gemm_conj(C(2, -1), read(A), true, read(B), false, C(0.5F, 1), one.ref());
        int differ = 0;
        for (const Layout la : operands::all_layouts)
            for (const Layout lb : operands::all_layouts)
                for (const Layout lc : operands::all_layouts) {
                    operands::Matrix<C> a(m, k, la), b(k, n, lb), c(m, n, lc);
                    copy(read(A), a.ref());
                    copy(read(B), b.ref());
                    for (index_t i = 0; i < m; ++i)
                        for (index_t j = 0; j < n; ++j) c(i, j) = D(i, j);
                    set_num_threads(1 + static_cast<int>(numbers.index(3)));
                    gemm_conj(C(2, -1), read(a), true, read(b), false, C(0.5F, 1), c.ref());
                    for (index_t i = 0; i < m; ++i)
                        for (index_t j = 0; j < n; ++j) differ += !operands::same_bits(c(i, j), one(i, j));
                }
        CHECK(differ == 0);
    }
    set_num_threads(0);
}

TEMPLATE_TEST_CASE("complex infinities and NaN follow the formula of the product", "[complex]", std::complex<float>,
                   std::complex<double>) {
    using C = TestType;
    using R = typename C::value_type;
    const R inf = std::numeric_limits<R>::infinity();
    Numbers numbers(3);
    for (const index_t n : {2, 9, 40}) {
        auto A = random<C>(n, n, Layout::rows, numbers), B = random<C>(n, n, Layout::columns, numbers);
        A(1, 0) = C(inf, 0);
        B(0, 1) = C(1, 0);
        for (const Layout layout : operands::all_layouts) {
            operands::Matrix<C> D(n, n, layout);
            for (index_t i = 0; i < n; ++i)
                for (index_t j = 0; j < n; ++j) D(i, j) = C(operands::canary<R>(), inf);
            gemm(C(1), read(A), read(B), C(0), D.ref());
            CHECK(D(1, 1).real() == inf);       // inf * 1 - 0 * 0
            CHECK(std::isnan(D(1, 1).imag()));  // inf * 0 + 0 * 1
            for (index_t i = 0; i < n; ++i)
                for (index_t j = 0; j < n; ++j) {
                    const bool finite = std::isfinite(D(i, j).real()) && std::isfinite(D(i, j).imag());
                    CHECK(finite == (i != 1));
                }
        }
    }
}

TEMPLATE_TEST_CASE("complex gemv, ger and dot are right beyond their blocks", "[complex]", std::complex<float>,
                   std::complex<double>) {
    using C = TestType;
    Numbers numbers(4);
    double worst = 0;
    const auto note = [&](const C& x, const operands::Reference& re, const operands::Reference& im, index_t k) {
        worst = operands::worst(worst, operands::ratio(x.real(), re, k));
        worst = operands::worst(worst, operands::ratio(x.imag(), im, k));
    };
    for (const auto& [m, n] : {std::array<index_t, 2>{3, 600}, {600, 5}, {129, 131}, {24, 11}, {1, 7}, {7, 1}})
        for (const Layout layout : operands::all_layouts)
            for (const bool conjugated : {false, true})
                for (const Layout lv : {Layout::columns, Layout::general}) {
                    auto A = random<C>(m, n, layout, numbers), x = random<C>(n, 1, lv, numbers);
                    operands::Matrix<C> y(m, 1, lv);
                    gemv_conj(C(1), read(A), conjugated, read(x).col(0), C(0), y.ref().col(0));
                    auto u = random<C>(m, 1, lv, numbers);
                    operands::Matrix<C> G(A);
                    gerc(C(1), read(u).col(0), read(x).col(0), G.ref());
                    CHECK((y.guarded() && G.guarded()));
                    for (index_t i = 0; i < m; ++i) {
                        operands::Reference re, im;
                        add_row_times_column(A, conjugated, x, false, i, 0, n, re, im);
                        note(y(i, 0), re, im, n);
                        for (index_t j = 0; j < n; ++j) {
                            operands::Reference gr, gi;
                            using Wide = long double;
                            const Wide ur = u(i, 0).real(), ui = u(i, 0).imag();
                            const Wide xr = x(j, 0).real(), xi = -Wide{x(j, 0).imag()};
                            gr.add(A(i, j).real()), gi.add(A(i, j).imag());
                            gr.add(ur * xr), gr.add(-ui * xi), gi.add(ur * xi), gi.add(ui * xr);
                            note(G(i, j), gr, gi, 2);
                        }
                    }
                    operands::Reference re, im, re_c, im_c;
                    auto v = random<C>(n, 1, lv, numbers);
                    auto t = operands::Matrix<C>(1, n, Layout::rows);
                    copy(read(v).transposed(), t.ref());
                    add_row_times_column(t, false, x, false, 0, 0, n, re, im);
                    add_row_times_column(t, true, x, false, 0, 0, n, re_c, im_c);
                    note(dot(read(v).col(0), read(x).col(0)), re, im, n);
                    note(dotc(read(v).col(0), read(x).col(0)), re_c, im_c, n);
                }
    CHECK(worst < 1);
}
