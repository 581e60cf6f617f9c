// Element types: complex numbers, integers, conversions.
#include "cookbook.hpp"

namespace {

using Complex = std::complex<double>;

void conjugates() {
    const Matrix<Complex> A = {{Complex(1, 2), Complex(0, 1)}, {Complex(3), Complex(2, -1)}};
    // [conj]
    const Matrix<Complex> B = conj(A);
    expect(B(0, 0) == Complex(1, -2));
    // [conj]
    // [adjoint]
    const Matrix<Complex> G = A.H() * A;  // A.T() does not conjugate
    expect(G(0, 1) == std::conj(G(1, 0)) && allclose(adjoint(A), conj(A.T())));
    // [adjoint]
}

void parts() {
    // [parts]
    const Matrix<double> re = {{3, 0}}, im = {{4, -1}};
    const Matrix<Complex> z = gram::complex(re, im);
    expect(real(z)(0, 0) == 3 && imag(z)(0, 1) == -1 && abs(z)(0, 0) == 5);
    expect(std::abs(arg(z)(0, 1) + 1.5707963267948966) < 1e-15);
    // [parts]
}

void mixing() {
    // [mixing]
    const Matrix<Complex> A = {{Complex(1, 2)}};
    const Matrix<double> R = {{3}};
    const Matrix<Complex> B = 2.0 * A + cast<Complex>(R);  // A + R does not compile
    expect(B(0, 0) == Complex(5, 4));
    // [mixing]
}

void inner_products() {
    // [dot]
    const Vector<Complex> x = {Complex(0, 1), Complex(1)};
    expect(dot(x, x) == Complex(2) && std::abs(norm(x) - std::sqrt(2.0)) < 1e-15);  // conj(x) . x
    // [dot]
}

void integers() {
    // [integers]
    const Matrix<int> A = {{1, 2}, {3, 4}};
    const Matrix<int> P = A * A + 1;
    expect(P(0, 0) == 8 && sum(A) == 10 && cast<double>(A)(1, 1) / 8 == 0.5);
    // [integers]
}

}  // namespace

int main() {
    conjugates();
    parts();
    mixing();
    inner_products();
    integers();
}
