// Matrices made from nothing.
#include "gram/expr/make.hpp"

#include <complex>

#include "gram/gram.hpp"
#include "support/catch.hpp"

using namespace gram;

TEMPLATE_TEST_CASE("zeros, ones, full, eye and diag", "", float, double, int, std::complex<double>) {
    using T = TestType;
    CHECK(zeros<T>(2, 3) == Matrix<T>{{0, 0, 0}, {0, 0, 0}});
    CHECK(ones<T>(2, 1) == Matrix<T>{{1}, {1}});
    CHECK(full<T>(1, 2, 7) == Matrix<T>{{7, 7}});
    CHECK(eye<T>(2) == Matrix<T>{{1, 0}, {0, 1}});
    CHECK(eye<T>(2, 3) == Matrix<T>{{1, 0, 0}, {0, 1, 0}});
    CHECK(eye<T>(3, 2) == Matrix<T>{{1, 0}, {0, 1}, {0, 0}});
    CHECK(diag(Vector<T>{3, 2}) == Matrix<T>{{3, 0}, {0, 2}});
    CHECK(diag(RowVector<T>{3, 2}) == Matrix<T>{{3, 0}, {0, 2}});
    CHECK(diag(Vector<T>{3, 2} + Vector<T>{1, 1}) == Matrix<T>{{4, 0}, {0, 3}});
    CHECK(diag(Vector<T>{}).empty());
    CHECK((zeros<T>(0, 3).cols() == 3 && eye<T>(0).empty()));
    const Matrix<T> A = ones<T>(4, 4);
    CHECK(diag(A.row(2)) == eye<T>(4));
}

TEST_CASE("evenly spaced numbers start and end where they are told") {
    CHECK(linspace(0.0, 1.0, 5) == Vector<double>{0, 0.25, 0.5, 0.75, 1});
    CHECK(linspace(3.0, 3.0, 2) == Vector<double>{3, 3});
    CHECK(linspace(1.0, 7.0, 1) == Vector<double>{1});
    CHECK(linspace(1.0, 7.0, 0).empty());
    const Vector<double> x = linspace(0.1, 0.7, 11);
    CHECK((x[0] == 0.1 && x[10] == 0.7));
    CHECK(logspace(-1.0, 1.0, 3) == Vector<double>{0.1, 1, 10});
    CHECK(logspace(0.0, 3.0, 4, 2.0) == Vector<double>{1, 2, 4, 8});
    const Vector<double> g = geomspace(-1e-300, -1e300, 601);  // over more than the quotient of its ends can be
    CHECK((g[0] == -1e-300 && g[600] == -1e300));
    for (index_t i = 0; i < 601; ++i)
        CHECK(std::abs(g[i] / -std::pow(10.0, static_cast<double>(i - 300)) - 1) < 1000 * 2.2e-16);
    CHECK((geomspace(3.0, 7.0, 0).empty() && geomspace(3.0, 7.0, 1) == Vector<double>{3}));
    CHECK_THROWS_AS(geomspace(0.0, 1.0, 3), std::invalid_argument);
    CHECK_THROWS_AS(geomspace(-1.0, 1.0, 3), std::invalid_argument);
    CHECK_THROWS_AS(geomspace(1.0, HUGE_VAL, 3), std::invalid_argument);
    CHECK(linspace(-1e308, 1e308, 3) == Vector<double>{-1e308, 0, 1e308});
    CHECK_THROWS_AS(linspace(0.0, 1.0, -1), shape_error);
    CHECK(arange<int>(4) == Vector<int>{0, 1, 2, 3});
    CHECK(arange<double>(3, 1, 0.5) == Vector<double>{1, 1.5, 2});
    CHECK(arange<double>(0).empty());
}
