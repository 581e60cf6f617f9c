#include "gram/expr/mixed.hpp"

#include "gram/expr/expr.hpp"
#include "support/catch.hpp"

using namespace gram;

TEST_CASE("matmul of bytes is the product of the same integers", "[mixed]") {
    Rng rng(1);
    const Matrix<std::int32_t> a = cast<std::int32_t>(floor(256.0 * rand<double>(rng, 33, 50))) - 128;
    const Matrix<std::int32_t> b = cast<std::int32_t>(floor(256.0 * rand<double>(rng, 50, 21))) - 128;
    const Matrix<std::int8_t> A = cast<std::int8_t>(a), B = cast<std::int8_t>(b);
    const Matrix<std::uint8_t> U = cast<std::uint8_t>(a + 128), V = cast<std::uint8_t>(b + 128);
    CHECK(matmul<std::int32_t>(A, B) == a * b);
    CHECK(matmul<std::int32_t>(U, B) == (a + 128) * b);
    CHECK(matmul<std::int32_t>(A, V) == a * (b + 128));
    CHECK(matmul<std::int32_t>(B.T(), transposed(A)) == b.T() * a.T());
    CHECK(matmul<std::int32_t>(A.block(1, 2, 7, 9), B.block(3, 4, 9, 5)) == a.block(1, 2, 7, 9) * b.block(3, 4, 9, 5));
    CHECK(matmul<std::int32_t>(cast<std::int8_t>(a), B) == a * b);  // an expression
}

TEST_CASE("matmul of bfloat16 is exact where floats are", "[mixed]") {
    Rng rng(2);
    const Matrix<float> a = floor(64.0F * rand<float>(rng, 20, 37)), b = floor(64.0F * rand<float>(rng, 37, 18));
    const Matrix<bfloat16> A = cast<bfloat16>(a), B = cast<bfloat16>(b);
    CHECK(cast<float>(A) == a);
    CHECK(matmul<float>(A, B) == a * b);
    const Vector<bfloat16> x = cast<bfloat16>(b.col(3));
    const Vector<float> y = matmul<float>(A, x);
    CHECK(y == a * b.col(3));
    const Matrix<bfloat16> C = A, empty;
    CHECK(C == A);
    CHECK(matmul<float>(empty, empty).empty());
}

TEST_CASE("matmul refuses shapes that do not fit, with both in its text", "[mixed]") {
    const Matrix<std::int8_t> A(2, 3), B(4, 5);
    CHECK_THROWS_WITH(matmul<std::int32_t>(A, B), support::contains_text("2x3") && support::contains_text("4x5"));
    CHECK_THROWS_AS(matmul<float>(Matrix<bfloat16>(2, 3), Matrix<bfloat16>(2, 3)), shape_error);
}
