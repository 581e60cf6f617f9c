// Functions of every element, comparisons, masks, integers and bits.
#include "cookbook.hpp"

namespace {

const double infinity = std::numeric_limits<double>::infinity(), nan = std::numeric_limits<double>::quiet_NaN();

void elementary() {
    // [elementary]
    const Matrix<double> X = {{0, 0.5}, {1, 2}};
    const Matrix<double> Y = exp2(X) + cbrt(X);  // one pass over X
    expect(Y(1, 0) == 3 && log2(X)(1, 1) == 1 && log10(50 * X)(1, 1) == 2);
    expect(allclose(tan(atan(X)), X) && allclose(sin(asin(X / 2)), X / 2) && allclose(cos(acos(X / 2)), X / 2));
    expect(allclose(sinh(asinh(X)), X) && allclose(cosh(acosh(X + 1)), X + 1) && allclose(tanh(atanh(X / 4)), X / 4));
    expect(allclose(erf(X) + erfc(X), ones<double>(2, 2)));
    expect(allclose(tgamma(X + 1), exp(lgamma(X + 1))) && tgamma(X + 2)(1, 0) == 2);  // 2!
    expect(rint(X)(0, 1) == 0 && trunc(-X)(0, 1) == 0);  // to the nearest, halves to even; towards zero
    expect(rsqrt(4 * X)(1, 0) == 0.5 && reciprocal(X)(1, 1) == 0.5);
    expect(allclose(degrees(radians(X)), X));
    // [elementary]
}

void functions() {
    // [functions]
    const Matrix<double> X = {{-1, 0}, {0.5, 2}};
    const Matrix<double> Y = exp(-square(X)) + log1p(abs(X));  // one pass
    expect(std::abs(Y(0, 0) - 1.0610266) < 1e-7 && relu(X)(0, 0) == 0 && sigmoid(X)(0, 1) == 0.5);
    expect(round(X)(1, 0) == 1 && floor(X)(1, 0) == 0 && ceil(X)(1, 0) == 1);
    expect(allclose(square(sin(X)) + square(cos(X)), ones<double>(2, 2)) && allclose(expm1(X), exp(X) - 1));
    expect(allclose(sqrt(square(X)), abs(X)) && allclose(log(exp(X)), X) && erf(X)(0, 1) == 0 && tanh(X)(0, 1) == 0);
    expect(gram::pow(X, 3)(0, 0) == -1);
    // [functions]
    // [activations]
    expect(relu(X)(1, 1) == 2 && leaky_relu(X)(0, 0) == -0.01 && leaky_relu(X, 0.5)(0, 0) == -0.5);
    expect(allclose(silu(X), hadamard(X, sigmoid(X))) && allclose(softplus(X), log(1 + exp(X))));
    expect(gelu(X)(0, 1) == 0 && gelu(X)(1, 1) > 1.9);
    // [activations]
    // [map]
    expect(map([](double x) { return 3 * x; }, X)(1, 1) == 6);  // any function
    // [map]
}

void binary() {
    // [binary]
    const Vector<double> y = {1, 3}, x = {1, -4};
    expect(std::abs(atan2(y, x)(0, 0) - 0.7853981633974483) < 1e-15);
    expect(hypot(y, x)(1, 0) == 5 && gram::pow(x, Vector<double>{2, 2})(1, 0) == 16);
    // [binary]
}

void remainders() {
    // [remainders]
    const Vector<double> x = {7, -7};
    expect(fmod(x, 3)(1, 0) == -1);      // the sign of x
    expect(remainder(x, 3)(1, 0) == 2);  // the sign of 3, as in Python
    // [remainders]
}

void signs() {
    // [sign]
    const Vector<double> x = {-2, 0, 5};
    expect(sign(x)(0, 0) == -1 && heaviside(x, 0.5)(1, 0) == 0.5 && copysign(x, -x)(2, 0) == -5);
    // [sign]
}

void extremes() {
    // [extremes]
    const Vector<double> x = {1, nan}, y = {2, 2};
    expect(fmax(x, y)(1, 0) == 2 && fmin(x, y)(1, 0) == 2);            // a NaN loses
    expect(isnan(maximum(x, y))(1, 0) && isnan(minimum(x, y))(1, 0));  // a NaN stays
    expect(maximum(x, 3)(0, 0) == 3 && minimum(0, x)(0, 0) == 0);
    expect(clamp(y, 0, 1)(0, 0) == 1);
    // [extremes]
}

void tests() {
    // [tests]
    const Vector<double> x = {1, nan, -infinity};
    expect(isnan(x)(1, 0) && isinf(x)(2, 0) && isfinite(x)(0, 0) && signbit(x)(2, 0));
    expect(nan_to_num(x)(1, 0) == 0);
    // [tests]
}

void logic() {
    // [logic]
    const Vector<double> x = {-1, 0.5, 3};
    const Vector<bool> inside = (x > 0) & (x < 1), outside = (x < 0) | (x > 1);
    expect(inside[1] && !inside[2] && all(inside ^ outside) && outside == !inside && outside == ~inside);
    expect(logical_and(inside, outside) == Vector<bool>(3) && all(logical_or(inside, outside)));
    expect(logical_xor(inside, outside) == logical_not(Vector<bool>(3)));
    // [logic]
    // [where]
    const Vector<double> y = where(inside, x, -x), z = where(inside, x, 0);  // or where(inside, 1.0, 0.0)
    expect(y[0] == 1 && y[1] == 0.5 && z[1] == 0.5 && z[2] == 0);
    // [where]
}

void comparisons() {
    // [compare]
    const Vector<int> x = {1, 2, 3}, y = {3, 2, 1};
    const Vector<bool> less = x < y, at_most = x <= y;  // an answer for each element
    expect(less[0] && !less[1] && at_most[1] && sum(x > y) == 1 && sum(x >= 2) == 2 && sum(2 < x) == 1);
    expect(count_nonzero(equal(x, y)) == 1 && count_nonzero(not_equal(x, 2)) == 2);
    expect(x == x && x != y);  // one answer for the whole
    // [compare]
}

void bits() {
    // [bits]
    const Vector<int> a = {12, 7}, b = {10, 3};
    expect((a & b)(0, 0) == 8 && (a | b)(0, 0) == 14 && (a ^ b)(0, 0) == 6 && (~a)(0, 0) == -13);
    expect((a << 2)(1, 0) == 28 && (a >> 1)(0, 0) == 6 && (a % b)(1, 0) == 1);
    expect(gcd(a, b)(0, 0) == 2 && lcm(a, b)(0, 0) == 60);
    // [bits]
}

}  // namespace

int main() {
    elementary();
    functions();
    binary();
    remainders();
    signs();
    extremes();
    tests();
    logic();
    comparisons();
    bits();
}
