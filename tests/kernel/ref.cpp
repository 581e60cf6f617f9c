#include "gram/kernel/ref.hpp"

#include "support/catch.hpp"

using namespace gram::kernel;

TEST_CASE("a reference to a matrix shows its blocks, rows, columns, diagonal and transpose", "[ref]") {
    double x[] = {0, 1, 2, 3, 4, 5};
    const MatRef<double> A{x, 2, 3, 3, 1};
    CHECK(A(1, 2) == 5);
    CHECK(A.transposed()(2, 1) == 5);
    CHECK(A.block(1, 1, 1, 2)(0, 1) == 5);
    CHECK(A.row(1)[0] == 3);
    CHECK(A.row(1).segment(1, 2)[1] == 5);
    CHECK(A.col(2)[1] == 5);
    CHECK(A.diagonal().size == 2);
    CHECK(A.diagonal()[1] == 4);
    const MatRef<const double> read = A;
    const VecRef<const double> row = A.row(0);
    CHECK(read(0, 1) == row[1]);
    CHECK(flipped(Triangle::lower) == Triangle::upper);
    CHECK(flipped(Triangle::upper) == Triangle::lower);
}
