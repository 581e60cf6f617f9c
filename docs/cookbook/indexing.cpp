// Parts of matrices: blocks, ranges, lists, masks; and matrices put together from others.
#include "cookbook.hpp"

namespace {

void blocks() {
    // [blocks]
    Matrix<double> A = {{1, 2, 3}, {4, 5, 6}, {7, 8, 9}};
    A.row(0) = A.row(1) + A.row(2);  // views: assigning writes through
    A.col(2) = 0.0;
    A.block(1, 0, 2, 2) = A.block(1, 0, 2, 2).T();  // overlap is handled
    A.diagonal() = 1.0;                             // and A.diagonal(1), the one above
    expect(A(0, 1) == 13 && A(1, 0) == 4 && A(1, 2) == 0 && A(2, 0) == 5);
    // [blocks]
}

void ranges() {
    // [ranges]
    Matrix<double> A = {{0, 1, 2, 3}, {10, 11, 12, 13}, {20, 21, 22, 23}};
    const Matrix<double> even = A(every, range(0, 4, 2));  // columns 0 and 2
    const Matrix<double> upside_down = A(range(2, -1, -1), every);
    A(1, range(1, 3)) = 0.0;  // part of a row
    expect(even(2, 1) == 22 && upside_down(0, 0) == 20 && A(1, 2) == 0 && A(1, 3) == 13);
    // [ranges]
}

void lists() {
    // [lists]
    Matrix<double> A = {{0, 1}, {10, 11}, {20, 21}};
    const std::vector<index_t> order = {2, 0, 0};
    const Matrix<double> B = A(order, every);  // rows 2, 0, 0
    A(indices({0, 2}), indices({1})) = 5.0;    // the elements (0, 1) and (2, 1)
    A(indices({0, 1}), every) += ones<double>(2, 2);
    expect(B(0, 1) == 21 && B(2, 0) == 0 && A(0, 1) == 6 && A(2, 1) == 5);
    // [lists]
}

void masks() {
    // [masks]
    Matrix<double> A = {{-1, 2}, {3, -4}};
    const Vector<double> negative = A(A < 0);  // a column, row by row: -1, -4
    A(A < 0) = 0.0;
    const Vector<double> x = {5, 6};
    const Matrix<double> rows = A(x > 5, every);  // the rows where it is true
    expect(negative[1] == -4 && sum(A) == 5 && rows.rows() == 1 && rows(0, 0) == 3);
    // [masks]
}

}  // namespace

int main() {
    blocks();
    ranges();
    lists();
    masks();
}
