// Other shapes and orders of the same elements.
#include "cookbook.hpp"

namespace {

const Matrix<int> A = {{1, 2, 3}, {4, 5, 6}};

void reshapes() {
    // [reshape]
    const Matrix<int> B = reshape(A, 3, 2);  // in row order
    const Vector<int> x = flatten(A);
    expect(B(1, 0) == 3 && x[3] == 4);
    // [reshape]
}

void stacks() {
    // [stack]
    const Matrix<int> wide = hstack(A, A), tall = vstack(A, A, 2 * A);
    expect(wide.cols() == 6 && tall.rows() == 6 && tall(5, 2) == 12);
    // [stack]
    // [split]
    const auto parts = hsplit(A, {1});  // column 0, and the rest
    expect(parts.size() == 2 && parts[1](1, 1) == 6 && vsplit(A, {1})[0].rows() == 1);
    // [split]
}

void repeats() {
    // [repeat]
    expect(tile(A, 2, 2)(2, 3) == 1);
    expect(repeat<1>(A, 2)(0, 3) == 2);  // 1 1 2 2 3 3
    expect(repeat(Vector<int>{1, 2}, 2) == Vector<int>{1, 1, 2, 2});
    // [repeat]
}

void orders() {
    // [flip]
    expect(flip<0>(A)(0, 0) == 4 && fliplr(A)(0, 0) == 3 && flipud(A)(1, 2) == 3);
    expect(flip(Vector<int>{1, 2, 3}) == Vector<int>{3, 2, 1});
    // [flip]
    // [roll]
    expect(roll<1>(A, 1)(0, 0) == 3 && roll<0>(A, -1)(0, 0) == 4);
    expect(roll(Vector<int>{1, 2, 3}, 1) == Vector<int>{3, 1, 2});
    expect(rot90(A)(0, 0) == 3 && rot90(A, -1)(0, 0) == 4);
    // [roll]
    // [triangles]
    expect(triu(A)(1, 0) == 0 && tril(A)(0, 1) == 0 && triu(A, 1)(0, 0) == 0 && tril(A, 1)(0, 1) == 2);
    // [triangles]
}

void lines() {
    // [lines]
    Matrix<double> P = {{1, 3}, {2, 2}};
    for (auto row : each_row(P)) row = row / sum(row);
    double largest = 0;
    for (const auto col : each_col(P)) largest = std::max(largest, sum(col));
    expect(P(0, 0) == 0.25 && largest == 1.25);
    // [lines]
    // [elements]
    for (double& x : P.block(0, 0, 1, 2)) x = -x;
    std::ranges::sort(P.col(1));  // a view is a range: -0.75, 0.5
    expect(P(0, 0) == -0.25 && P(0, 1) == -0.75);
    // [elements]
}

void conversions() {
    // [convert]
    std::vector<double> data = {1, 2, 3, 4, 5, 6};
    auto x = view(data);                   // a column over data
    auto M = view(std::span(data), 2, 3);  // a matrix over it
    M(1, 2) = 60;
    Matrix<double> B = M;  // a copy
    expect(x[5] == 60 && as_span(B)[5] == 60);
    expect(to_std_vector(B.T())[1] == 4);
    // [convert]
#if defined(__cpp_lib_mdspan)
    // [mdspan]
    const auto m = as_mdspan(B.T());  // where the standard library has it
    expect(m[2, 1] == 60 && view(m)(2, 1) == 60);
    // [mdspan]
#endif
}

}  // namespace

int main() {
    reshapes();
    stacks();
    repeats();
    orders();
    lines();
    conversions();
}
