// Eigen's matrices seen as gram's, and the other way round.
#include "gram/interop/eigen.hpp"

#include "gram/gram.hpp"
#include "support/catch.hpp"

using namespace gram;

TEST_CASE("a view of an Eigen matrix reads and writes it, whatever its order and stride") {
    Eigen::MatrixXd E(2, 3);
    E << 1, 2, 3, 4, 5, 6;
    auto v = gram::view(E);
    v(1, 2) = 60;
    CHECK((E(1, 2) == 60 && v.rows() == 2 && v.cols() == 3));
    const Eigen::Matrix<float, 2, 2, Eigen::RowMajor> R{{1, 2}, {3, 4}};
    CHECK((gram::view(R)(0, 1) == 2 && gram::view(R)(1, 0) == 3));
    STATIC_REQUIRE(!decltype(gram::view(R))::is_writable);
    CHECK(gram::view(E.block(0, 1, 2, 2))(1, 0) == 5);
    double data[] = {1, 0, 2, 0, 3, 0};
    const Eigen::Map<Eigen::VectorXd, Eigen::Unaligned, Eigen::InnerStride<>> map(data, 3, Eigen::InnerStride<>(2));
    CHECK(gram::view(map)(2, 0) == 3);
    const Eigen::MatrixXd empty(0, 3);
    CHECK((gram::view(empty).rows() == 0 && gram::view(empty).cols() == 3));
}

TEST_CASE("vectors stay vectors on the way from Eigen and to it") {
    Eigen::VectorXd x(3);
    x << 1, 2, 3;
    const Eigen::RowVector3d r(4, 5, 6);
    STATIC_REQUIRE(cols_v<decltype(gram::view(x))> == 1);
    STATIC_REQUIRE(rows_v<decltype(gram::view(r))> == 1);
    STATIC_REQUIRE(cols_v<decltype(gram::view(r))> == 3);
    CHECK((dot(gram::view(x), gram::view(r).T()) == 32 && gram::view(x)[2] == 3));
    gram::view(x) += Vector<double>{1, 1, 1};
    CHECK(x(2) == 4);
    const Vector<double> y = gram::view(x);
    CHECK(as_eigen(y).dot(x) == 29);
    const Matrix<double> A = {{1, 2}, {3, 4}, {5, 6}};
    CHECK((as_eigen(A.col(1)).sum() == 12 && as_eigen(A.row(2)).dot(as_eigen(A.row(0))) == 17));
    const Matrix<double, 2, 2> F = {{1, 2}, {3, 4}};
    CHECK((as_eigen(F).trace() == 5 && as_eigen(F.T())(0, 1) == 3));
}

TEST_CASE("a view of a temporary Eigen matrix does not compile, one of its block does") {
    const auto viewable = [](auto&& e) {
        return requires { gram::view(std::forward<decltype(e)>(e)); };
    };
    Eigen::MatrixXd E(2, 2);
    CHECK((viewable(E) && viewable(E.block(0, 0, 1, 1)) && viewable(E.row(0))));
    CHECK(!viewable(Eigen::MatrixXd(2, 2)));
    CHECK(!viewable(Eigen::Vector3d(1, 2, 3)));
}

TEST_CASE("a matrix and a view become Eigen maps of the same memory") {
    Matrix<double> A = {{1, 2, 3}, {4, 5, 6}};
    as_eigen(A).row(0).setZero();
    CHECK(A(0, 1) == 0);
    const Matrix<double, dynamic, dynamic, col_major> C = A;
    CHECK(as_eigen(C)(1, 2) == 6);
    CHECK(as_eigen(A.T())(2, 1) == 6);
    const Eigen::MatrixXd P = as_eigen(A) * as_eigen(A).transpose();
    CHECK(allclose(gram::view(P), A * A.T()));
}
