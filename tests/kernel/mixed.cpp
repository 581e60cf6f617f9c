#include <cstdint>

#include "gram/kernel/gemm_bf16.hpp"
#include "gram/kernel/gemm_int8.hpp"
#include "kernel/operands.hpp"
#include "support/catch.hpp"

using namespace gram::kernel;
using gram::bfloat16;
using gram::index_t;
using operands::Layout;
using operands::Numbers;

namespace {

using gram::simd::native_arch;
using gram::simd::native_short_arch;
using gram::simd::scalar_arch;
using gram::simd::short_arch;

// Around the edges of tiles (8 and 4 rows, 48 and 16 columns), words, and blocks of k (1024 and 2048).
struct Shape {
    index_t m, n, k;
};
constexpr Shape shapes[] = {{1, 1, 1},    {2, 3, 4},   {4, 17, 5},   {5, 48, 2},     {8, 49, 31},   {9, 16, 33},
                            {13, 31, 66}, {3, 7, 129}, {33, 97, 35}, {17, 5, 1025},  {4, 20, 2051}, {11, 241, 18},
                            {8, 16, 64},  {7, 15, 63}, {16, 96, 32}, {1030, 3, 1030}};

template <class E>
void fill(operands::Matrix<E>& A, index_t m, index_t n, Numbers& numbers) {
    for (index_t i = 0; i < m; ++i)
        for (index_t j = 0; j < n; ++j) {
            if constexpr (std::is_same_v<E, bfloat16>) {
                A(i, j) = bfloat16(numbers.next());
            } else {
                const index_t extreme = numbers.index(4);  // half of the bytes are the largest or smallest
                A(i, j) = extreme == 0   ? std::numeric_limits<E>::max()
                          : extreme == 1 ? std::numeric_limits<E>::min()
                                         : static_cast<E>(numbers.index(256));
            }
        }
}
template <class T>
MatRef<const T> read(operands::Matrix<T>& A) {
    return A.ref();
}

template <class Short, class E>
int wrong_bytes(const Shape& s, Layout la, Layout lb, Layout lc, std::int32_t beta, Numbers& numbers) {
    operands::Matrix<E> A(s.m, s.k, la);
    operands::Matrix<std::int8_t> B(s.k, s.n, lb);
    operands::Matrix<std::int32_t> C(s.m, s.n, lc);
    fill(A, s.m, s.k, numbers);
    fill(B, s.k, s.n, numbers);
    for (index_t i = 0; i < s.m; ++i)
        for (index_t j = 0; j < s.n; ++j) C(i, j) = static_cast<std::int32_t>(numbers.next() * 0x1p31);
    const operands::Matrix<std::int32_t> before(C);
    gemm_int8<Short>(read(A), read(B), beta, C.ref());
    int wrong = C.guarded() ? 0 : 1;
    for (index_t i = 0; i < s.m; ++i)
        for (index_t j = 0; j < s.n; ++j) {
            std::int64_t sum = std::int64_t{beta} * before(i, j);
            for (index_t p = 0; p < s.k; ++p) sum += std::int64_t{A(i, p)} * std::int64_t{B(p, j)};
            wrong += C(i, j) != static_cast<std::int32_t>(static_cast<std::uint32_t>(sum));
        }
    return wrong;
}

template <class Short>
void check_bytes() {
    Numbers numbers(1);
    for (const Shape& s : shapes)
        for (const std::int32_t beta : {0, 1, -3}) {
            const auto layout = [&] { return operands::all_layouts[numbers.index(4)]; };
            CAPTURE(s.m, s.n, s.k, beta);
            CHECK(wrong_bytes<Short, std::int8_t>(s, layout(), layout(), layout(), beta, numbers) == 0);
            CHECK(wrong_bytes<Short, std::uint8_t>(s, layout(), layout(), layout(), beta, numbers) == 0);
        }
}

template <class Short>
double worst_bf16(const Shape& s, float alpha, float beta, Numbers& numbers) {
    const auto layout = [&] { return operands::all_layouts[numbers.index(4)]; };
    operands::Matrix<bfloat16> A(s.m, s.k, layout()), B(s.k, s.n, layout());
    operands::Matrix<float> C(s.m, s.n, layout(), numbers);
    fill(A, s.m, s.k, numbers);
    fill(B, s.k, s.n, numbers);
    const operands::Matrix<float> before(C);
    if (beta == 0)
        for (index_t i = 0; i < s.m; ++i)
            for (index_t j = 0; j < s.n; ++j) C(i, j) = operands::canary<float>();
    gemm_bf16<Short>(alpha, read(A), read(B), beta, C.ref());
    CHECK(C.guarded());
    double worst = 0;
    for (index_t i = 0; i < s.m; ++i)
        for (index_t j = 0; j < s.n; ++j) {
            operands::Reference sum;
            if (beta != 0) sum.add(static_cast<long double>(beta) * static_cast<long double>(before(i, j)));
            for (index_t p = 0; p < s.k; ++p) {
                sum.add(static_cast<long double>(alpha) * static_cast<long double>(A(i, p)) *
                        static_cast<long double>(B(p, j)));
            }
            worst = operands::worst(worst, operands::ratio(C(i, j), sum, s.k));
        }
    return worst;
}

template <class Short>
void check_bf16() {
    Numbers numbers(2);
    double worst = 0;
    for (const Shape& s : shapes) {
        worst = operands::worst(worst, worst_bf16<Short>(s, 1, 0, numbers));
        worst = operands::worst(worst, worst_bf16<Short>(s, -1.5F, 0.5F, numbers));
        worst = operands::worst(worst, worst_bf16<Short>(s, 1, 1, numbers));
    }
    CHECK(worst < 1);
}

}  // namespace

TEST_CASE("gemm_int8 is exact modulo 2^32 in every layout", "[mixed]") { check_bytes<native_short_arch>(); }

TEST_CASE("gemm_int8 is exact without dot products of bytes, and without vectors", "[mixed]") {
    check_bytes<short_arch<native_arch, false, false>>();
    check_bytes<short_arch<scalar_arch, false, false>>();
}

TEST_CASE("sums of bytes wrap around instead of saturating", "[mixed]") {
    const index_t k = 140000;  // 255 * 127 * k is beyond 2^32
    const std::vector<std::uint8_t> a(static_cast<std::size_t>(k), 255);
    const std::vector<std::int8_t> b(static_cast<std::size_t>(k), 127), low(static_cast<std::size_t>(k), -128);
    std::int32_t c = 0, d = 0;
    gemm_int8(MatRef<const std::uint8_t>{a.data(), 1, k, k, 1}, MatRef<const std::int8_t>{b.data(), k, 1, 1, 1}, 0,
              MatRef<std::int32_t>{&c, 1, 1, 1, 1});
    gemm_int8(MatRef<const std::int8_t>{low.data(), 1, k, k, 1}, MatRef<const std::int8_t>{low.data(), k, 1, 1, 1}, 0,
              MatRef<std::int32_t>{&d, 1, 1, 1, 1});
    CHECK(c == static_cast<std::int32_t>(static_cast<std::uint32_t>(std::int64_t{255} * 127 * k)));
    CHECK(d == static_cast<std::int32_t>(static_cast<std::uint32_t>(std::int64_t{16384} * k)));
}

TEST_CASE("gemm_bf16 is within its bound in every layout", "[mixed]") { check_bf16<native_short_arch>(); }

TEST_CASE("gemm_bf16 is within its bound by way of floats, and without vectors", "[mixed]") {
    check_bf16<short_arch<native_arch, false, false>>();
    check_bf16<short_arch<scalar_arch, false, false>>();
}

TEST_CASE("gemm_bf16 spreads NaN and infinity along rows and columns only", "[mixed]") {
    Numbers numbers(3);
    operands::Matrix<bfloat16> A(9, 7, Layout::rows), B(7, 20, Layout::rows);
    fill(A, 9, 7, numbers);
    fill(B, 7, 20, numbers);
    A(4, 3) = bfloat16(std::numeric_limits<float>::quiet_NaN());
    B(2, 11) = bfloat16(std::numeric_limits<float>::infinity());
    operands::Matrix<float> C(9, 20, Layout::columns);
    gemm_bf16(1, read(A), read(B), 0, C.ref());
    for (index_t i = 0; i < 9; ++i)
        for (index_t j = 0; j < 20; ++j) {
            CHECK(std::isnan(C(i, j)) == (i == 4));
            if (i != 4) CHECK(std::isinf(C(i, j)) == (j == 11));
        }
}

TEST_CASE("products of short numbers with an empty sum scale their destination", "[mixed]") {
    std::vector<float> c(6, std::numeric_limits<float>::quiet_NaN());
    gemm_bf16(1, MatRef<const bfloat16>{nullptr, 2, 0, 0, 1}, MatRef<const bfloat16>{nullptr, 0, 3, 3, 1}, 0,
              MatRef<float>{c.data(), 2, 3, 3, 1});
    for (const float x : c) CHECK(x == 0);
    std::vector<std::int32_t> d(6, 7);
    gemm_int8(MatRef<const std::int8_t>{nullptr, 2, 0, 0, 1}, MatRef<const std::int8_t>{nullptr, 0, 3, 3, 1}, -2,
              MatRef<std::int32_t>{d.data(), 2, 3, 3, 1});
    for (const std::int32_t x : d) CHECK(x == -14);
}
