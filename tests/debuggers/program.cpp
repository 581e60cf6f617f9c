// What the printers of scripts/debuggers are tried on; a debugger stops in `look`.
#include <complex>

#include "gram/expr/expr.hpp"

using namespace gram;

namespace {

[[gnu::noinline]] void look(const void* p) { asm volatile("" : : "r"(p) : "memory"); }

}  // namespace

int main() {
    Matrix<double> A(2, 3);
    Matrix<float, dynamic, dynamic, col_major> C(2, 2);
    Matrix<int, 2, 2> F;
    Vector<double> x(3);
    RowVector<std::complex<double>> z(2);
    Matrix<double> E;
    Matrix<unsigned char> bytes = {{1, 255}};
    Matrix<float, 2, 3, col_major> G = {{1, 2, 3}, {4, 5, 6}};
    int k = 0;
    for (double& a : A) a = ++k;
    C(0, 0) = 1, C(0, 1) = 2, C(1, 0) = 3, C(1, 1) = 4;
    F(0, 0) = 7, F(0, 1) = 8, F(1, 0) = 9, F(1, 1) = -1;
    for (index_t i = 0; i < 3; ++i) x[i] = 0.5 * static_cast<double>(i);
    z[0] = {1, -2}, z[1] = {0, 3};
    auto T = A.T();
    auto c = A.col(1);
    auto r = A.ref();
    auto strided = std::as_const(A)(range(1, -1, -1), range(0, 3, 2));
    const Matrix<double>& same = A;
    auto sum = A + 2.0 * A;
    look(&A), look(&C), look(&F), look(&x), look(&z), look(&E), look(&T), look(&c), look(&r);
    look(&bytes), look(&G), look(&strided), look(&same), look(&sum);
    return 0;
}
