// What the singular values and vectors of a matrix tell about its spaces.
#include "cookbook.hpp"

namespace {

const Matrix<double> A = {{1, 2}, {2, 4}, {0, 0}};  // of rank 1

void spaces() {
    // [four]
    const auto C = column_space(A), N = null_space(A), R = row_space(A), L = left_null_space(A);
    expect(C.cols() == 1 && N.cols() == 1 && R.cols() == 1 && L.cols() == 2);
    expect(allclose(R.T() * N, zeros<double>(1, 1)) && allclose(C.T() * L, zeros<double>(1, 2)));
    expect(allclose(abs(orth(A)), abs(C)));
    // [four]
    // [project]
    const Vector<double> b = {5, 0, 7};
    expect(allclose(project_onto(A, b), Vector<double>{1, 2, 0}) && allclose(projector(A) * b, project_onto(A, b)));
    // [project]
    // [change_of_basis]
    const Matrix<double> S = {{2, 1}, {1, 2}}, P = {{1, 1}, {1, -1}};  // its eigenvectors
    expect(allclose(change_of_basis(S, P), Matrix<double>{{3, 0}, {0, 1}}));
    // [change_of_basis]
    // [effective_rank]
    expect(std::abs(effective_rank(eye<double>(3)) - 3) < 1e-12 && std::abs(stable_rank(A) - 1) < 1e-12);
    // [effective_rank]
    // [rank]
    expect(matrix_rank(A) == 1 && std::isinf(cond(Matrix<double>{{1, 0}, {0, 0}})) && allclose(low_rank(A, 1), A));
    expect(allclose(pinv(Matrix<double>{{2, 0}, {0, 4}}), Matrix<double>{{0.5, 0}, {0, 0.25}}));
    // [rank]
}

}  // namespace

int main() { spaces(); }
