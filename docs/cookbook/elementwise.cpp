// Functions of every element, comparisons, masks, integers and bits.
#include "cookbook.hpp"

namespace {

const double infinity = std::numeric_limits<double>::infinity(), nan = std::numeric_limits<double>::quiet_NaN();

void elementary() {
    // [elementary]
    const Matrix<double> X = {{0, 0.5}, {1, 2}};
    const Matrix<double> Y = exp2(X) + tan(X) * 0.0 + cbrt(X);  // one pass over X
    expect(Y(1, 0) == 3 && log2(X)(1, 1) == 1 && radians(180 * X)(1, 0) > 3.14159);
    // [elementary]
}

void functions() {
    // [functions]
    const Matrix<double> X = {{-1, 0}, {0.5, 2}};
    const Matrix<double> Y = exp(-square(X)) + log1p(abs(X));  // one pass
    expect(std::abs(Y(0, 0) - 1.0610266) < 1e-7 && relu(X)(0, 0) == 0 && sigmoid(X)(0, 1) == 0.5);
    expect(round(X)(1, 0) == 1 && floor(X)(1, 0) == 0 && ceil(X)(1, 0) == 1);
    expect(map([](double x) { return 3 * x; }, X)(1, 1) == 6);
    // [functions]
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
    expect(fmax(x, y)(1, 0) == 2 && isnan(maximum(x, y))(1, 0));  // a NaN loses, or stays
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
    const Vector<bool> inside = (x > 0.0) & (x < 1.0);
    expect(inside[1] && !inside[2] && any(!inside) && logical_or(x<0.0, x> 1.0)(0, 0));
    const Vector<double> y = where(inside, x, 0 * x);
    expect(y[1] == 0.5 && y[2] == 0);
    // [logic]
}

void bits() {
    // [bits]
    const Vector<int> a = {12, 7}, b = {10, 3};
    expect((a & b)(0, 0) == 8 && (a << 2)(1, 0) == 28 && (a % b)(1, 0) == 1 && (~a)(0, 0) == -13);
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
    bits();
}
