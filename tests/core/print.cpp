// Printing, compared with what NumPy 2.4 prints for the same arrays.
#include "gram/core/print.hpp"

#include <complex>
#include <limits>
#include <sstream>
#include <utility>
#include <vector>

#include "gram/gram.hpp"
#include "support/catch.hpp"

using namespace gram;

namespace {

constexpr double NaN = std::numeric_limits<double>::quiet_NaN();
constexpr double infinity = std::numeric_limits<double>::infinity();

// 0, 1, 2, ... row by row.
Matrix<double> counted(index_t m, index_t n) {
    Matrix<double> A(m, n);
    for (index_t i = 0; i < m * n; ++i) A.data()[i] = static_cast<double>(i);
    return A;
}

}  // namespace

TEST_CASE("matrices print as NumPy prints them") {
    const std::vector<std::pair<std::string, std::string>> printed_and_expected = {
        {to_string(Matrix<double>{{1, 2}, {3, 4}}),
         "[[1. 2.]\n"
         " [3. 4.]]"},
        {to_string(Vector<double>{0, 0.25, 0.5, 0.75, 1}), "[0.   0.25 0.5  0.75 1.  ]"},
        {to_string(RowVector<double>{1, -2.5, 1000}), "[   1.    -2.5 1000. ]"},
        {to_string(Vector<double>{0.1, 0.2, 0.30000000000000004}), "[0.1 0.2 0.3]"},
        {to_string(Vector<double>{1.0 / 3, 2.0 / 3, 100.0 / 7}), "[ 0.33333333  0.66666667 14.28571429]"},
        {to_string(Vector<float>{1.0f / 3, 0.1f, 3.14159274f, 12345.678f}),
         "[3.3333334e-01 1.0000000e-01 3.1415927e+00 1.2345678e+04]"},
        {to_string(Vector<double>{1e-5, 1, 10}), "[1.e-05 1.e+00 1.e+01]"},
        {to_string(Vector<double>{1e10, -1}), "[ 1.e+10 -1.e+00]"},
        {to_string(Vector<double>{1e300, 1e-300, 0}), "[1.e+300 1.e-300 0.e+000]"},
        {to_string(Vector<double>{1234.5, 1.5}), "[1234.5    1.5]"},
        {to_string(Vector<double>{1500, 1}), "[1.5e+03 1.0e+00]"},
        {to_string(Vector<double>{1.23456789012, 123456.789}), "[1.23456789e+00 1.23456789e+05]"},
        {to_string(Vector<double>{NaN, 1, -infinity}), "[ nan   1. -inf]"},
        {to_string(Vector<double>{NaN, infinity}), "[nan inf]"},
        {to_string(Vector<double>{infinity, 1e20, 1.25e-7}), "[     inf 1.00e+20 1.25e-07]"},
        {to_string(Vector<double>{-0.0, 0, 5e-324}), "[-0.e+000  0.e+000  5.e-324]"},
        {to_string(Vector<double>{-0.0, 0}), "[-0.  0.]"},
        {to_string(Vector<double>{2.5, -0.000125, 99}), "[ 2.50e+00 -1.25e-04  9.90e+01]"},
        {to_string(Matrix<double>{{1, 10.5, 100}, {-1, 0.25, 3}}),
         "[[  1.    10.5  100.  ]\n"
         " [ -1.     0.25   3.  ]]"},
        {to_string(Matrix<int>{{1, -20}, {300, 4}}),
         "[[  1 -20]\n"
         " [300   4]]"},
        {to_string(Matrix<bool>{{true, false}, {false, true}}),
         "[[ True False]\n"
         " [False  True]]"},
        {to_string(Vector<bool>{true, true}), "[ True  True]"},
        {to_string(Vector<std::complex<double>>{{1, 2}, {10.5, -3}}), "[ 1. +2.j 10.5-3.j]"},
        {to_string(Vector<std::complex<double>>{{0, 0.25}, {-1, 100}, {1e-9, 0}}),
         "[ 0.e+00  +0.25j -1.e+00+100.j    1.e-09  +0.j  ]"},
        {to_string(Vector<std::complex<double>>{{NaN, 1}, {1, infinity}}), "[nan +1.j  1.+infj]"},
        {to_string(arange<double>(1001)), "[   0.    1.    2. ...  998.  999. 1000.]"},
        {to_string(arange<int>(30)),
         "[ 0  1  2  3  4  5  6  7  8  9 10 11 12 13 14 15 16 17 18 19 20 21 22 23\n"
         " 24 25 26 27 28 29]"},
        {to_string(linspace(0.0, 1.0, 23)),
         "[0.         0.04545455 0.09090909 0.13636364 0.18181818 0.22727273\n"
         " 0.27272727 0.31818182 0.36363636 0.40909091 0.45454545 0.5\n"
         " 0.54545455 0.59090909 0.63636364 0.68181818 0.72727273 0.77272727\n"
         " 0.81818182 0.86363636 0.90909091 0.95454545 1.        ]"},
        {to_string(full<double>(2, 30, 0.5)),
         "[[0.5 0.5 0.5 0.5 0.5 0.5 0.5 0.5 0.5 0.5 0.5 0.5 0.5 0.5 0.5 0.5 0.5 0.5\n"
         "  0.5 0.5 0.5 0.5 0.5 0.5 0.5 0.5 0.5 0.5 0.5 0.5]\n"
         " [0.5 0.5 0.5 0.5 0.5 0.5 0.5 0.5 0.5 0.5 0.5 0.5 0.5 0.5 0.5 0.5 0.5 0.5\n"
         "  0.5 0.5 0.5 0.5 0.5 0.5 0.5 0.5 0.5 0.5 0.5 0.5]]"},
        {to_string(counted(40, 30)),
         "[[0.000e+00 1.000e+00 2.000e+00 ... 2.700e+01 2.800e+01 2.900e+01]\n"
         " [3.000e+01 3.100e+01 3.200e+01 ... 5.700e+01 5.800e+01 5.900e+01]\n"
         " [6.000e+01 6.100e+01 6.200e+01 ... 8.700e+01 8.800e+01 8.900e+01]\n"
         " ...\n"
         " [1.110e+03 1.111e+03 1.112e+03 ... 1.137e+03 1.138e+03 1.139e+03]\n"
         " [1.140e+03 1.141e+03 1.142e+03 ... 1.167e+03 1.168e+03 1.169e+03]\n"
         " [1.170e+03 1.171e+03 1.172e+03 ... 1.197e+03 1.198e+03 1.199e+03]]"},
        {to_string(counted(500, 3)),
         "[[0.000e+00 1.000e+00 2.000e+00]\n"
         " [3.000e+00 4.000e+00 5.000e+00]\n"
         " [6.000e+00 7.000e+00 8.000e+00]\n"
         " ...\n"
         " [1.491e+03 1.492e+03 1.493e+03]\n"
         " [1.494e+03 1.495e+03 1.496e+03]\n"
         " [1.497e+03 1.498e+03 1.499e+03]]"},
        {to_string(counted(2, 700)),
         "[[0.000e+00 1.000e+00 2.000e+00 ... 6.970e+02 6.980e+02 6.990e+02]\n"
         " [7.000e+02 7.010e+02 7.020e+02 ... 1.397e+03 1.398e+03 1.399e+03]]"},
        {to_string(Matrix<double>{{0.5}}), "[[0.5]]"},
        {to_string(Vector<double>{0.99999999999, 1}), "[1. 1.]"},
        {to_string(Vector<double>{0.123456785, 99999999.5}), "[1.23456785e-01 9.99999995e+07]"},
        {to_string(Vector<double>{0.125, 5.0625}), "[0.125  5.0625]"},
        {to_string(Vector<float>{16777216, 0.5f}), "[1.6777216e+07 5.0000000e-01]"},
        {to_string(Vector<std::int64_t>{-9223372036854775807, 7}), "[-9223372036854775807                    7]"},
    };
    for (const auto& [printed, expected] : printed_and_expected) CHECK(printed == expected);
}

TEST_CASE("an empty matrix prints its shape") {
    CHECK(to_string(Vector<double>()) == "[]");
    CHECK(to_string(RowVector<double>()) == "[]");
    CHECK(to_string(Matrix<double>(0, 3)) == "[] (0x3)");
    CHECK(to_string(Matrix<int>(4, 0)) == "[] (4x0)");
}

TEST_CASE("views, nodes and layouts print like the matrix they stand for") {
    const Matrix<double, dynamic, dynamic, col_major> A = {{1, 2}, {3, 4}};
    CHECK(to_string(A) == "[[1. 2.]\n [3. 4.]]");
    CHECK(to_string(A.T()) == "[[1. 3.]\n [2. 4.]]");
    CHECK(to_string(A.row(1)) == "[3. 4.]");
    CHECK(to_string(A.col(1)) == "[2. 4.]");
    CHECK(to_string(A + A) == "[[2. 4.]\n [6. 8.]]");
    CHECK(to_string(A * A) == "[[ 7. 10.]\n [15. 22.]]");
    CHECK(to_string(A > 2) == "[[False False]\n [ True  True]]");
}

TEST_CASE("options change precision, threshold, edges and width") {
    const auto x = linspace(0.0, 1.0, 7);
    CHECK(to_string(x, {.precision = 2}) == "[0.   0.17 0.33 0.5  0.67 0.83 1.  ]");
    CHECK(to_string(x, {.precision = 3, .threshold = 5, .edge = 2}) == "[0.    0.167 ... 0.833 1.   ]");
    CHECK(to_string(x, {.precision = 1, .line_width = 15}) == "[0.  0.2 0.3\n 0.5 0.7 0.8\n 1. ]");
    CHECK(to_string(x, {.precision = 1, .line_width = 2}) == "[0.\n 0.2\n 0.3\n 0.5\n 0.7\n 0.8\n 1. ]");
}

TEST_CASE("a matrix goes into a stream") {
    std::ostringstream out;
    out << Matrix<double>{{1, 2}, {3, 4}} << " and " << Vector<int>{1, 2} * 2;
    CHECK(out.str() == "[[1. 2.]\n [3. 4.]] and [2 4]");
}
