// Certified answers: the linear regression sets of NIST's Statistical Reference Datasets (public domain).
#include <algorithm>
#include <cmath>

#include "gram/gram.hpp"
#include "support/catch.hpp"

using namespace gram;

namespace {

// The fewest correct digits of a coefficient: -log10 of its relative error; 15 is all of a double.
double correct_digits(const Vector<double>& computed, const Vector<double>& certified) {
    double digits = 15;
    for (index_t i = 0; i < certified.size(); ++i) {
        const double error = std::abs(computed[i] - certified[i]) / std::abs(certified[i]);
        digits = std::min(digits, error == 0 ? 15.0 : -std::log10(error));
    }
    return digits;
}

// Columns 1, x, ..., x^5 for x = 0 ... 20.
Matrix<double> wampler() {
    Matrix<double> X(21, 6);
    for (index_t i = 0; i < 21; ++i) {
        double power = 1;
        for (index_t j = 0; j < 6; ++j, power *= static_cast<double>(i)) X(i, j) = power;
    }
    return X;
}

// Columns 1, x, ..., x^degree of the second column of data.
Matrix<double> polynomial(const Matrix<double>& data, index_t degree) {
    Matrix<double> X(data.rows(), degree + 1);
    for (index_t i = 0; i < X.rows(); ++i) {
        double power = 1;
        for (index_t j = 0; j <= degree; ++j, power *= data(i, 1)) X(i, j) = power;
    }
    return X;
}

// The coefficients by lstsq and by QR, and the certified sum of the squares of what is left: at least these digits.
void check_digits(const Matrix<double>& X, const Vector<double>& y, const Vector<double>& certified, double squares,
                  double digits) {
    const Vector<double> b = lstsq(X, y);
    const double by_svd = correct_digits(b, certified);
    const auto f = qr(X);
    const double by_qr =
        correct_digits(solve_triangular(f.R, Vector<double>(f.Q.T() * y), {.triangle = Triangle::upper}), certified);
    const Vector<double> residual = y - X * b;
    const double of_squares = correct_digits(Vector<double>{dot(residual, residual)}, Vector<double>{squares});
    CAPTURE(by_svd, by_qr, of_squares);
    CHECK(by_svd >= digits);
    CHECK(by_qr >= digits);
    CHECK(of_squares >= 9);
}

}  // namespace

// J. W. Longley, An appraisal of least squares programs for the electronic computer, JASA 62 (1967).
TEST_CASE("least squares have 10.9 correct digits on Longley's data") {
    const Matrix<double> data = {
        {60323, 83.0, 234289, 2356, 1590, 107608, 1947},  {61122, 88.5, 259426, 2325, 1456, 108632, 1948},
        {60171, 88.2, 258054, 3682, 1616, 109773, 1949},  {61187, 89.5, 284599, 3351, 1650, 110929, 1950},
        {63221, 96.2, 328975, 2099, 3099, 112075, 1951},  {63639, 98.1, 346999, 1932, 3594, 113270, 1952},
        {64989, 99.0, 365385, 1870, 3547, 115094, 1953},  {63761, 100.0, 363112, 3578, 3350, 116219, 1954},
        {66019, 101.2, 397469, 2904, 3048, 117388, 1955}, {67857, 104.6, 419180, 2822, 2857, 118734, 1956},
        {68169, 108.4, 442769, 2936, 2798, 120445, 1957}, {66513, 110.8, 444546, 4681, 2637, 121950, 1958},
        {68655, 112.6, 482704, 3813, 2552, 123366, 1959}, {69564, 114.2, 502601, 3931, 2514, 125368, 1960},
        {69331, 115.7, 518173, 4806, 2572, 127852, 1961}, {70551, 116.9, 554894, 4007, 2827, 130081, 1962}};
    const Vector<double> certified = {-3482258.634595818, 15.06187227137330,  -0.03581917929259102,
                                      -2.020229803816825, -1.033226867173592, -0.05110410565358071,
                                      1829.151464613552};
    const Vector<double> y = data.col(0);
    const Matrix<double> X = hstack(ones<double>(16, 1), data(every, range(1, 7)));
    const double digits = correct_digits(lstsq(X, y), certified);
    CAPTURE(digits);
    CHECK(digits >= 10.9);
    const auto f = qr(X);
    const double by_qr =
        correct_digits(solve_triangular(f.R, Vector<double>(f.Q.T() * y), {.triangle = Triangle::upper}), certified);
    CAPTURE(by_qr);
    CHECK(by_qr >= 10.9);
}

// R. H. Wampler, A report of the accuracy of some widely-used least squares computer programs, JASA 65 (1970).
TEST_CASE("least squares have the digits that the condition number leaves them, and 11.5, on Wampler's polynomials") {
    const Matrix<double> X = wampler();
    Vector<double> y(21);
    for (index_t i = 0; i < 21; ++i) y[i] = sum(X.row(i));
    const double first = correct_digits(lstsq(X, y), Vector<double>{1, 1, 1, 1, 1, 1});
    CAPTURE(first);
    CHECK(first >= -std::log10(std::numeric_limits<double>::epsilon() * cond(X)));
    // As published, with five decimals: they are exact.
    const Vector<double> published = {1.00000,  1.11111,  1.24992,  1.42753,  1.65984,  1.96875,  2.38336,
                                      2.94117,  3.68928,  4.68559,  6.00000,  7.71561,  9.92992,  12.75603,
                                      16.32384, 20.78125, 26.29536, 33.05367, 41.26528, 51.16209, 63.00000};
    const double second = correct_digits(lstsq(X, published), Vector<double>{1, 0.1, 0.01, 0.001, 0.0001, 0.00001});
    CAPTURE(second);
    // These data are kinder, in every order of summation.
    CHECK(second >= 11.5);
}

// The same polynomial with noise far larger than the signal is at its beginning.
TEST_CASE("least squares have 9 correct digits on Wampler's noisy polynomial") {
    const Vector<double> y = {760,    -2042,  2111,    -1684,   3888,    1858,    11379,
                              17560,  39287,  64382,   113159,  175108,  273291,  400186,
                              581243, 811568, 1121004, 1506550, 2002767, 2611612, 3369180};
    check_digits(wampler(), y, Vector<double>{1, 1, 1, 1, 1, 1}, 83554268, 9);
}

// R. Eberhardt, NIST: regression through the origin.
TEST_CASE("least squares have 14 correct digits without an intercept") {
    const Matrix<double> first = {{130, 60}, {131, 61}, {132, 62}, {133, 63}, {134, 64}, {135, 65},
                                  {136, 66}, {137, 67}, {138, 68}, {139, 69}, {140, 70}};
    check_digits(first.block(0, 1, 11, 1), first.col(0), Vector<double>{2.074380165289256}, 127.2727272727273, 14);
    const Matrix<double> second = {{3, 4}, {4, 5}, {4, 6}};
    check_digits(second.block(0, 1, 3, 1), second.col(0), Vector<double>{0.7272727272727273}, 0.2727272727272727, 14);
}

// J. Norris, NIST: calibration of ozone monitors.
TEST_CASE("least squares have 11.5 correct digits on Norris's line") {
    const Matrix<double> data = {
        {0.1, 0.2},     {338.8, 337.4}, {118.1, 118.2}, {888.0, 884.6}, {9.2, 10.1},    {228.1, 226.5},
        {668.5, 666.3}, {998.5, 996.3}, {449.1, 448.6}, {778.9, 777.0}, {559.2, 558.2}, {0.3, 0.4},
        {0.1, 0.6},     {778.1, 775.5}, {668.8, 666.9}, {339.3, 338.0}, {448.9, 447.5}, {10.8, 11.6},
        {557.7, 556.0}, {228.3, 228.1}, {998.0, 995.8}, {888.8, 887.6}, {119.6, 120.2}, {0.3, 0.3},
        {0.6, 0.3},     {557.6, 556.8}, {339.3, 339.1}, {888.0, 887.2}, {998.5, 999.0}, {778.9, 779.0},
        {10.2, 11.1},   {117.6, 118.3}, {228.9, 229.2}, {668.4, 669.1}, {449.2, 448.9}, {0.2, 0.5}};
    check_digits(polynomial(data, 1), data.col(0), Vector<double>{-0.2623230737740295, 1.002116818020454},
                 26.6173985294224, 11.5);
}

// P. Pontius, NIST: calibration of load cells.
TEST_CASE("least squares have 11 correct digits on Pontius's parabola") {
    const Matrix<double> data = {
        {0.11019, 150000},  {0.21956, 300000},  {0.32949, 450000},  {0.43899, 600000},  {0.54803, 750000},
        {0.65694, 900000},  {0.76562, 1050000}, {0.87487, 1200000}, {0.98292, 1350000}, {1.09146, 1500000},
        {1.20001, 1650000}, {1.30822, 1800000}, {1.41599, 1950000}, {1.52399, 2100000}, {1.63194, 2250000},
        {1.73947, 2400000}, {1.84646, 2550000}, {1.95392, 2700000}, {2.06128, 2850000}, {2.16844, 3000000},
        {0.11052, 150000},  {0.22018, 300000},  {0.32939, 450000},  {0.43886, 600000},  {0.54798, 750000},
        {0.65739, 900000},  {0.76596, 1050000}, {0.87474, 1200000}, {0.98300, 1350000}, {1.09150, 1500000},
        {1.20004, 1650000}, {1.30818, 1800000}, {1.41613, 1950000}, {1.52408, 2100000}, {1.63159, 2250000},
        {1.73965, 2400000}, {1.84696, 2550000}, {1.95445, 2700000}, {2.06177, 2850000}, {2.16829, 3000000}};
    check_digits(polynomial(data, 2), data.col(0),
                 Vector<double>{6.735657894736842e-4, 7.320591604010025e-7, -3.160818713450292e-15},
                 0.155761768796992e-5, 11);
}
