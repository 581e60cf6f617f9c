// A program for any x86-64 that is linked with gram::dispatch: kernels of the instruction set that the processor has.
#include "cookbook.hpp"

int main() {
    // [choose]
    const auto isa = dispatch::chosen();  // without a call: the widest that is here
    expect(isa == dispatch::best());
    const Matrix<double> A = {{2, 1}, {1, 3}}, wide = A * exp(A);
    const bool narrow = dispatch::choose(dispatch::Isa::sse2) == dispatch::Isa::sse2;
    expect(narrow && allclose(A * exp(A), wide));
    dispatch::choose(dispatch::best());
    // [choose]
}
