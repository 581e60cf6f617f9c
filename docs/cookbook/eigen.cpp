// Eigen's matrices and gram's on the same memory.
#include <gram/interop/eigen.hpp>

#include "cookbook.hpp"

namespace {

void maps() {
    // [eigen]
    Eigen::MatrixXd E(2, 2);
    E << 4, 1, 1, 3;
    const Matrix<double> L = cholesky(view(E));  // read where it stands
    view(E)(0, 1) = 7;                           // and written
    Matrix<double> A = {{1, 2}, {3, 4}};
    as_eigen(A).col(0).setZero();
    expect(L(0, 0) == 2 && E(0, 1) == 7 && A(1, 0) == 0 && as_eigen(A).sum() == 6);
    // [eigen]
}

}  // namespace

int main() { maps(); }
