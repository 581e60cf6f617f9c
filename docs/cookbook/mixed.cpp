// Short numbers: bfloat16 and bytes as factors of products that are summed in 32 bits.
#include "cookbook.hpp"

namespace {

void storage() {
    // [bfloat16]
    const Matrix<float> W = {{1.0F, 3.14159265F}, {-0.5F, 1e30F}};
    const Matrix<bfloat16> S = cast<bfloat16>(W);  // half the memory, 8 significant bits
    const Matrix<float> back = cast<float>(S);
    expect(back(0, 0) == 1 && back(0, 1) == 3.140625F && back(1, 0) == -0.5F);
    expect(static_cast<float>(bfloat16(2.5)) == 2.5F && bfloat16::from_bits(0x3F80).bits() == 0x3F80);
    // [bfloat16]
}

void products() {
    // [matmul]
    const Matrix<bfloat16> X = cast<bfloat16>(Matrix<float>{{1, 2, 3}}), W = cast<bfloat16>(Matrix<float>{{1, 1, 2}});
    const Matrix<float> H = matmul<float>(X, W.T());  // products of bfloat16, sums of float
    expect(H(0, 0) == 9);
    const Matrix<std::uint8_t> pixels = {{255, 255}};
    const Matrix<std::int8_t> weights = {{127}, {127}};
    expect(matmul<std::int32_t>(pixels, weights)(0, 0) == 2 * 255 * 127);  // exact
    // [matmul]
}

}  // namespace

int main() {
    storage();
    products();
}
