// Every entry of every table that this processor can run, against the same kernel as plain loops.
#include "gram/dispatch/table.hpp"

#include <complex>
#include <limits>
#include <vector>

#include "gram/gram.hpp"
#include "support/catch.hpp"

using namespace gram;

namespace {

const dispatch::Isa before_main = dispatch::chosen();

/// Runs f with each instruction set that is here.
template <class F>
void each_isa(const F& f) {
    for (const auto isa : {dispatch::Isa::sse2, dispatch::Isa::avx2_fma, dispatch::Isa::avx512}) {
        if (dispatch::choose(isa) != isa) continue;
        INFO("instruction set " << static_cast<int>(isa));
        f();
    }
    dispatch::choose(dispatch::best());
}

using Plain = simd::scalar_arch;

template <class T>
T bound(index_t terms) {
    return static_cast<T>(terms + 4) * 8 * std::numeric_limits<T>::epsilon();
}
template <class A, class B>
auto distance(const A& a, const B& b) {
    return a.size() == 0 ? value_t<A>(0) : value_t<A>(max(abs(a - b)));
}

/// Numbers of (-2, 2).
template <class T>
Matrix<T> numbers(Rng& rng, index_t m, index_t n) {
    return T(4) * rand<T>(rng, m, n) - T(2);
}

template <class T>
Vector<T> vector_of(Rng& rng, index_t n) {
    const Matrix<T> column = numbers<T>(rng, n, 1);
    return Vector<T>(column.col(0));
}

}  // namespace

TEST_CASE("the choice never exceeds the processor, and is made before main if need be", "[dispatch]") {
    CHECK(before_main == dispatch::best());
    for (const auto isa : {dispatch::Isa::sse2, dispatch::Isa::avx2_fma, dispatch::Isa::avx512}) {
        const auto got = dispatch::choose(isa);
        CHECK(got == (isa < dispatch::best() ? isa : dispatch::best()));
        CHECK(dispatch::chosen() == got);
    }
    CHECK(dispatch::chosen() == dispatch::best());
}

TEMPLATE_TEST_CASE("products are those of plain loops", "[dispatch]", float, double) {
    using T = TestType;
    Rng rng(3);
    each_isa([&] {
        for (const index_t n : {1, 3, 8, 17, 40}) {
            const index_t m = n + 3, k = 2 * n + 1;
            const Matrix<T> A = numbers<T>(rng, m, k), B = numbers<T>(rng, k, n), C0 = numbers<T>(rng, m, n);
            const Vector<T> x = vector_of<T>(rng, k), y0 = vector_of<T>(rng, m);
            const auto& table = dispatch::kernels<T>();
            Matrix<T> C = C0, D = C0;
            table.gemm(T(2), A.ref(), B.ref(), T(-1), C.ref());
            kernel::gemm<Plain, T>(T(2), A.ref(), B.ref(), T(-1), D.ref());
            CHECK(distance(C, D) <= 8 * bound<T>(k));
            Matrix<T> transposed_result(n, m);
            table.gemm(T(1), A.ref(), B.ref(), T(0), transposed_result.ref().transposed());
            kernel::gemm<Plain, T>(T(1), A.ref(), B.ref(), T(0), D.ref());
            CHECK(distance(Matrix<T>(transposed_result.T()), D) <= 8 * bound<T>(k));

            Vector<T> y = y0, z = y0;
            table.gemv(T(2), A.ref(), x.ref().col(0), T(3), y.ref().col(0));
            kernel::gemv<Plain, T>(T(2), A.ref(), x.ref().col(0), T(3), z.ref().col(0));
            CHECK(distance(y, z) <= 8 * bound<T>(k));
            Matrix<T> E = A, F = A;
            table.ger(T(2), y0.ref().col(0), x.ref().col(0), E.ref());
            kernel::ger<Plain, T>(T(2), y0.ref().col(0), x.ref().col(0), F.ref());
            CHECK(distance(E, F) <= 8 * bound<T>(1));
            E = A;
            const Matrix<T> At = A.T();
            table.copy(At.ref().transposed(), E.ref());
            CHECK(E == A);
        }
    });
}

TEMPLATE_TEST_CASE("symmetric and triangular kernels are those of plain loops", "[dispatch]", float, double) {
    using T = TestType;
    using kernel::Diagonal, kernel::Triangle;
    Rng rng(5);
    each_isa([&] {
        for (const index_t n : {1, 5, 16, 33}) {
            const Matrix<T> A = numbers<T>(rng, n, n) + T(3) * eye<T>(n), B = numbers<T>(rng, n, n);
            const Vector<T> x = vector_of<T>(rng, n), y0 = vector_of<T>(rng, n);
            const auto& table = dispatch::kernels<T>();
            Matrix<T> C = A, D = A;
            table.syrk(T(2), B.ref(), T(1), C.ref());
            kernel::syrk<Plain, T>(T(2), B.ref(), T(1), D.ref());
            CHECK(distance(C, D) <= 16 * bound<T>(n));
            table.syr2k(T(1), A.ref(), B.ref(), T(1), C.ref());
            kernel::syr2k<Plain, T>(T(1), A.ref(), B.ref(), T(1), D.ref());
            CHECK(distance(C, D) <= 64 * bound<T>(n));
            C = A, D = A;
            table.syr2(T(2), x.ref().col(0), y0.ref().col(0), C.ref());
            kernel::syr2<Plain, T>(T(2), x.ref().col(0), y0.ref().col(0), D.ref());
            CHECK(distance(C, D) <= 16 * bound<T>(2));
            Vector<T> y = y0, z = y0;
            table.symv(T(2), A.ref(), x.ref().col(0), T(1), y.ref().col(0));
            kernel::symv<Plain, T>(T(2), A.ref(), x.ref().col(0), T(1), z.ref().col(0));
            CHECK(distance(y, z) <= 16 * bound<T>(n));
            // A product that is solved again: the inverse of a unit triangle of such numbers may be large.
            Matrix<T> L = A / T(4 * n);
            C = B;
            table.trmm(Triangle::lower, Diagonal::unit, T(2), L.ref(), C.ref());
            D = B;
            kernel::trmm<Plain, T>(Triangle::lower, Diagonal::unit, T(2), L.ref(), D.ref());
            CHECK(distance(C, D) <= 8 * bound<T>(n));
            table.trsm(Triangle::lower, Diagonal::unit, T(0.5), L.ref(), C.ref());
            CHECK(distance(C, B) <= 64 * bound<T>(n));
            y = x;
            table.trsv(Triangle::upper, Diagonal::unit, L.ref(), y.ref().col(0));
            z = x;
            kernel::trsv<Plain, T>(Triangle::upper, Diagonal::unit, L.ref(), z.ref().col(0));
            CHECK(distance(y, z) <= 64 * bound<T>(n));
        }
    });
}

TEMPLATE_TEST_CASE("kernels of vectors are those of plain loops", "[dispatch]", float, double) {
    using T = TestType;
    Rng rng(7);
    each_isa([&] {
        for (const index_t n : {0, 1, 7, 16, 77}) {
            const Vector<T> x = vector_of<T>(rng, n), y0 = vector_of<T>(rng, n);
            const kernel::VecRef<const T> a{x.data(), n, 1}, b{y0.data(), n, 1};
            const auto& table = dispatch::kernels<T>();
            CHECK(std::abs(table.dot(a, b) - kernel::dot<Plain>(a, b)) <= 8 * bound<T>(n));
            CHECK(std::abs(table.nrm2(a) - kernel::nrm2<Plain>(a)) <= 8 * bound<T>(n));
            Vector<T> y = y0, z = y0;
            table.axpy(T(3), a, {y.data(), n, 1});
            kernel::axpy<Plain, T>(T(3), a, {z.data(), n, 1});
            CHECK(distance(y, z) <= 8 * bound<T>(1));
            table.scal(T(3), {y.data(), n, 1});
            CHECK(distance(y, Vector<T>(T(3) * z)) <= 32 * bound<T>(1));
        }
    });
}

namespace {

/// Function `At` of the list on x in (0, 1) (acosh: above 1), against the function object's own scalar form.
template <int At, class T, class F>
void check_unary(const F& f) {
    for (const index_t n : {0, 1, 3, 8, 21}) {
        std::vector<T> x, y(static_cast<std::size_t>(n) + 1, T(-77));
        for (index_t i = 0; i < n; ++i) {
            x.push_back((std::is_same_v<F, Acosh> ? T(1) : T(0)) + static_cast<T>(i + 1) / static_cast<T>(n + 2));
        }
        dispatch::kernels<T>().unary[At](x.data(), y.data(), n);
        CHECK(y.back() == T(-77));
        for (index_t i = 0; i < n; ++i) {
            const auto u = static_cast<std::size_t>(i);
            INFO("function " << At << " of " << x[u]);
            CHECK(std::abs(y[u] - f(x[u])) <= 8 * std::numeric_limits<T>::epsilon() * std::abs(f(x[u])));
        }
    }
}
template <class T, class... Fs>
void check_all_unary(detail::Functions<Fs...>) {
    using List = detail::Functions<Fs...>;
    (check_unary<List::template find<Fs>, T>(Fs{}), ...);
}
template <class T, class... Fs>
void check_all_binary(detail::Functions<Fs...>) {
    using List = detail::Functions<Fs...>;
    const auto check = [](auto f, int at) {
        const std::vector<T> a = {1, -2, 3, 0, 5, T(0.5), 7, 8, -9, 10, 11}, b = {4, 4, -4, 1, 2, 3, 9, 8, 1, -1, 2};
        const auto n = static_cast<index_t>(a.size());
        std::vector<T> y(a.size() + 1, T(-77)), right = y, left = y;
        dispatch::kernels<T>().binary[at](a.data(), b.data(), y.data(), n);
        dispatch::kernels<T>().with_right[at](a.data(), T(3), right.data(), n);
        dispatch::kernels<T>().with_left[at](T(3), b.data(), left.data(), n);
        for (std::size_t i = 0; i < a.size(); ++i) {
            INFO("function " << at);
            CHECK(y[i] == f(a[i], b[i]));
            CHECK(right[i] == f(a[i], T(3)));
            CHECK(left[i] == f(T(3), b[i]));
        }
        for (const auto& v : {y, right, left}) CHECK(v.back() == T(-77));
    };
    (check(Fs{}, List::template find<Fs>), ...);
}

}  // namespace

TEMPLATE_TEST_CASE("element-wise functions are those of the standard library", "[dispatch]", float, double) {
    using T = TestType;
    each_isa([&] {
        check_all_unary<T>(detail::DispatchedUnary{});
        check_all_binary<T>(detail::DispatchedBinary{});
    });
}
