// Matrices: how they are made, combined, printed, and what happens when shapes do not fit.
#include <sstream>

#include "cookbook.hpp"

namespace {

void construction() {
    // [construction]
    const Matrix<double> A = {{1, 2, 3}, {4, 5, 6}};
    const Vector<double> x = {1, 0, -1};     // 3x1
    const RowVector<double> r = {1, 0, -1};  // 1x3
    Matrix<float> Z(2, 3);                   // zeros
    Matrix<double, dynamic, dynamic, col_major> C = A;
    expect(A(1, 2) == 6 && x[2] == -1 && r[2] == -1 && Z(1, 2) == 0 && C(1, 2) == 6);
    // [construction]
    // [make]
    expect(zeros<double>(2, 3).rows() == 2 && ones<double>(2, 3)(1, 2) == 1 && full<double>(2, 3, 7)(0, 0) == 7);
    expect(eye<double>(3)(1, 1) == 1 && diag(x)(2, 2) == -1);
    expect(linspace(0.0, 1.0, 5)[1] == 0.25);        // both ends included
    expect(logspace(0.0, 2.0, 3)[1] == 10);          // 1, 10, 100
    expect(allclose(geomspace(1.0, 8.0, 4), Vector<double>{1, 2, 4, 8}));
    expect(arange<int>(3) == Vector<int>{0, 1, 2});  // how many; arange<double>(3, 5, 0.5) is 5, 5.5, 6
    // [make]
    // [fixed]
    Matrix<double, 2, 2> F = {{1, 2}, {3, 4}};  // on the stack; wrong extents do not compile
    const Vector<double, 2> y = {1, 1};
    const Vector<double, 2> Fy = F * y;
    expect(Fy[0] == 3 && Fy[1] == 7);
    // [fixed]
}

void shape() {
    Matrix<double> A = {{1, 2, 3}, {4, 5, 6}};
    // [shape]
    expect(A.rows() == 2 && A.cols() == 3 && A.size() == 6 && !A.empty());
    A.resize(4, 4);  // zeros, as its shape changed
    expect(A.rows() == 4 && A(0, 0) == 0);
    A.fill(7);
    expect(A(3, 3) == 7);
    // [shape]
    // [at]
    bool refused = false;
    try {
        A.at(4, 0) = 1;  // checked in every build; A(4, 0) is checked without NDEBUG
    } catch (const std::out_of_range&) {
        refused = true;
    }
    expect(refused);
    // [at]
}

void operators() {
    const Matrix<double> A = {{1, 2}, {3, 4}}, B = {{0, 1}, {1, 0}};
    const Vector<double> x = {1, -1};
    // [operators]
    const Matrix<double> C = 2 * A - B / 2 + 1;          // element by element, one pass
    const Matrix<double> P = A * B, H = hadamard(A, B);  // the product of matrices; of elements
    const Vector<double> y = A * x;
    expect(C(0, 1) == 4.5 && P(0, 0) == 2 && H(0, 1) == 2 && y[0] == -1);
    // [operators]
    // [update]
    Matrix<double> D = A;
    D += A * B;  // GEMM adds to D where it stands
    D -= B;
    D *= 2;
    D /= 4;
    D.row(0) += 1;  // through a view
    D = D * D;      // right, with one temporary
    D = D + D.T();  // likewise
    expect(D(0, 1) == D(1, 0));
    // [update]
}

void broadcasting() {
    const Matrix<double> X = {{1, 2}, {3, 4}, {5, 6}};
    // [broadcasting]
    const RowVector<double> center = mean<0>(X);
    const Matrix<double> centered = X - center;  // a row meets every row, a column every column
    expect(centered(0, 0) == -2 && centered(2, 1) == 2);
    const Matrix<double> repeated = broadcast(center, 4, 2);
    expect(repeated(3, 1) == 4);
    // [broadcasting]
}

void products() {
    const Vector<double> x = {1, 2, 3}, y = {4, -5, 6};
    const Matrix<double> A = {{1, 2}, {3, 4}};
    // [dot]
    expect(dot(x, y) == 12 && outer(x, y)(2, 0) == 12);
    expect(std::abs(cosine_similarity(x, y) - 0.3654869) < 1e-6);
    expect(std::abs(norm(x - y) - std::sqrt(67.0)) < 1e-12);
    // [dot]
    // [norm]
    expect(norm(Vector<double>{3, 4}) == 5 && norm(x, one) == 6 && norm(x, inf) == 3);
    expect(std::abs(norm(A, fro) - std::sqrt(30.0)) < 1e-12 && norm(A, one) == 6 && norm(A, inf) == 7);
    // [norm]
    // [kron]
    expect(kron(A, eye<double>(2)).rows() == 4 && trace(A) == 5);
    // [kron]
    // [allclose]
    expect(allclose(A * inv(A), eye<double>(2)));
    // [allclose]
}

void lazy() {
    // [lazy]
    const Matrix<double> A = {{1, 2}, {3, 4}};
    const auto sum = A + A;          // describes work; reads A when it is used, so A must outlive it
    const Matrix<double> now = sum;  // does the work
    const auto copy = eval(A + A);   // a container at once
    expect(now(1, 1) == 8 && copy(1, 1) == 8);
    expect(transposed(A - 2 * A)(0, 1) == -3);  // A.T() of an expression
    // [lazy]
}

void softmaxes() {
    // [softmax]
    const Matrix<double> scores = {{1, 2, 3}, {1000, 1000, 1000}};
    const Matrix<double> p = softmax(scores);  // rows sum to one, large scores do not overflow
    expect(std::abs(p(1, 0) - 1.0 / 3) < 1e-15 && std::abs(sum(p) - 2) < 1e-12);
    expect(std::abs(log_softmax(scores)(1, 0) + std::log(3.0)) < 1e-12);
    // [softmax]
}

void errors() {
    const Matrix<double> A(3, 5), B(4, 2);
    // [shape_error]
    std::string said;
    try {
        const Matrix<double> C = A * B;
    } catch (const shape_error& e) {
        said = e.what();  // names what met what
    }
    expect(said.find("3x5 * 4x2") != std::string::npos);
    // [shape_error]
}

void printing() {
    // [print]
    std::ostringstream out;
    out << Matrix<double>{{1, 2.5}, {3, 4}};
    expect(out.str() == "[[1.  2.5]\n [3.  4. ]]");
    expect(to_string(Vector<double>{1.0 / 3, 2}, {.precision = 3}) == "[0.333 2.   ]");
    // [print]
}

void casts() {
    // [cast]
    const Matrix<double> A = {{1.5, -2.5}};
    const Matrix<float> F = cast<float>(A);  // precisions never mix by themselves
    expect(F(0, 0) == 1.5F && cast<int>(A)(0, 1) == -2);
    // [cast]
}

}  // namespace

int main() {
    construction();
    shape();
    operators();
    broadcasting();
    products();
    lazy();
    softmaxes();
    errors();
    printing();
    casts();
}
