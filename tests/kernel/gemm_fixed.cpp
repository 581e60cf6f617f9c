#include "gram/kernel/gemm_fixed.hpp"

#include "gram/kernel/gemm.hpp"
#include "kernel/operands.hpp"
#include "support/catch.hpp"

using namespace gram::kernel;
using gram::index_t;
using operands::Layout;
using operands::Numbers;

namespace {

/// Whether the product of fixed sizes has the bits of gemm's by tiles, in one combination of layouts, and writes
/// nothing else.
template <class T, int M, int N, int K>
bool agrees(Layout a, Layout b, Layout c, Numbers& numbers) {
    operands::Matrix<T> A(M, K, a, numbers), B(K, N, b, numbers), C(M, N, c), D(M, N, c);
    using Dots = detail::DotShape<gram::simd::native_arch, T>;
    const MatRef<const T> a_ref = A.ref(), b_ref = B.ref();
    const auto other_order = [](const MatRef<const T>& left, const MatRef<const T>& right) {
        return Dots::suits(left, right) || detail::lone_columns<gram::simd::native_arch>(left, right) > 0;
    };
    // Where packs are short, some of these sizes are long enough for gemm's other order of sums.
    if (other_order(a_ref, b_ref) || other_order(b_ref.transposed(), a_ref.transposed())) return true;
    gemm_fixed<gram::simd::native_arch, M, N, K, T>(A.ref(), B.ref(), C.ref());
    detail::gemm_any<gram::simd::native_arch, T>(T(1), A.ref(), B.ref(), T(0), D.ref());
    bool same = C.guarded();
    for (index_t i = 0; i < M; ++i) {
        for (index_t j = 0; j < N; ++j) same = same && operands::same_bits(C(i, j), D(i, j));
    }
    return same;
}

template <class T, int M, int N, int K>
bool agrees_everywhere() {
    Numbers numbers(M + 20 * N + 400 * K);
    bool same = true;
    for (const Layout a : operands::all_layouts) {
        for (const Layout b : operands::all_layouts) {
            for (const Layout c : operands::all_layouts) same = same && agrees<T, M, N, K>(a, b, c, numbers);
        }
    }
    return same;
}

/// As agrees(), for operands without gaps between their rows (or columns), zeros of both signs among their elements.
// Not inlined: g++ 12 mixes the strides of both, and warns of what lies outside then.
template <class T>
[[gnu::noinline]] MatRef<T> wrap(T* data, index_t m, index_t n, bool by_rows) {
    return by_rows ? MatRef<T>{data, m, n, n, 1} : MatRef<T>{data, m, n, 1, m};
}

template <class T, int M, int N, int K>
bool agrees_without_gaps() {
    Numbers numbers(M + 20 * N + 400 * K);
    const T guard = operands::canary<T>();
    bool same = true;
    for (int round = 0; round < 16; ++round) {
        T a[M * K], b[K * N], c[M * N + 2], d[M * N];
        for (T& x : a) x = static_cast<T>(numbers.index(4) > round % 4 ? numbers.next() : -0.0);
        for (T& x : b) x = static_cast<T>(numbers.index(4) > round % 4 ? numbers.next() : 0.0);
        c[0] = c[M * N + 1] = guard;
        const bool by_rows = round % 2 == 0;
        const MatRef<const T> A = wrap<T>(a, M, K, by_rows), B = wrap<T>(b, K, N, by_rows);
        gemm_fixed<gram::simd::native_arch, M, N, K, T>(A, B, wrap<T>(c + 1, M, N, by_rows));
        detail::gemm_any<gram::simd::native_arch, T>(T(1), A, B, T(0), wrap<T>(d, M, N, by_rows));
        for (int i = 0; i < M * N; ++i) same = same && operands::same_bits(c[i + 1], d[i]);
        same = same && operands::same_bits(c[0], guard) && operands::same_bits(c[M * N + 1], guard);
    }
    return same;
}

}  // namespace

TEMPLATE_TEST_CASE("products of fixed sizes have the bits of gemm in every layout", "[gemm]", float, double) {
    using T = TestType;
    if (!gram::simd::has_pack<T>) return;
    CHECK(agrees_everywhere<T, 2, 2, 2>());
    CHECK(agrees_everywhere<T, 3, 3, 3>());
    CHECK(agrees_everywhere<T, 4, 4, 4>());
    CHECK(agrees_everywhere<T, 4, 2, 2>());
    CHECK(agrees_everywhere<T, 2, 4, 4>());
    CHECK(agrees_everywhere<T, 3, 2, 2>());
    CHECK(agrees_everywhere<T, 4, 3, 2>());
    CHECK(agrees_everywhere<T, 2, 3, 4>());
    CHECK(agrees_everywhere<T, 3, 4, 3>());
    CHECK(agrees_everywhere<T, 2, 5, 1>());
    CHECK(agrees_everywhere<T, 5, 6, 7>());
    CHECK(agrees_everywhere<T, 8, 8, 8>());
    CHECK(agrees_everywhere<T, 9, 7, 3>());
    CHECK(agrees_everywhere<T, 16, 11, 5>());
    CHECK(agrees_everywhere<T, 13, 15, 16>());
    CHECK(agrees_everywhere<T, 16, 16, 16>());
}

TEMPLATE_TEST_CASE("products of fixed sizes without gaps have the bits of gemm", "[gemm]", float, double) {
    using T = TestType;
    if (!gram::simd::has_pack<T>) return;
    CHECK(agrees_without_gaps<T, 2, 2, 2>());
    CHECK(agrees_without_gaps<T, 3, 2, 2>());
    CHECK(agrees_without_gaps<T, 4, 2, 2>());
    CHECK(agrees_without_gaps<T, 2, 4, 4>());
    CHECK(agrees_without_gaps<T, 3, 4, 4>());
    CHECK(agrees_without_gaps<T, 4, 4, 4>());
    CHECK(agrees_without_gaps<T, 3, 3, 3>());
    CHECK(agrees_without_gaps<T, 4, 3, 2>());
    CHECK(agrees_without_gaps<T, 8, 8, 8>());
}
