// What no C++20 rule forbids, clang warns of: an expression returned over containers that die with the function.
// compiler: clang
// flags: -Werror=return-stack-address
// expect: -Wreturn-stack-address
#include <gram/expr/expr.hpp>

auto f() {
    const gram::Matrix<double> A(2, 2);
    const gram::Matrix<double> B(2, 2);
#ifdef GRAM_MUST_NOT_COMPILE
    return A + B;
#else
    return gram::eval(A + B);
#endif
}
