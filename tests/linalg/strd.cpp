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
TEST_CASE("least squares have 9.3 and 12.8 correct digits on Wampler's polynomials") {
    const Matrix<double> X = wampler();
    Vector<double> y(21);
    for (index_t i = 0; i < 21; ++i) y[i] = sum(X.row(i));
    const double first = correct_digits(lstsq(X, y), Vector<double>{1, 1, 1, 1, 1, 1});
    CAPTURE(first);
    CHECK(first >= 9.3);
    // As published, with five decimals: they are exact.
    const Vector<double> published = {1.00000,  1.11111,  1.24992,  1.42753,  1.65984,  1.96875,  2.38336,
                                      2.94117,  3.68928,  4.68559,  6.00000,  7.71561,  9.92992,  12.75603,
                                      16.32384, 20.78125, 26.29536, 33.05367, 41.26528, 51.16209, 63.00000};
    const double second = correct_digits(lstsq(X, published), Vector<double>{1, 0.1, 0.01, 0.001, 0.0001, 0.00001});
    CAPTURE(second);
    CHECK(second >= 12.8);
}
