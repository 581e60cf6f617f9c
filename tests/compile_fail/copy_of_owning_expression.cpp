// An expression that took over a temporary cannot be copied: its elements would be copied unseen.
// expect: deleted
#include <gram/expr/expr.hpp>

gram::Matrix<double> make();

double f(const gram::Matrix<double>& A) {
    auto e = make() + A;
#ifdef GRAM_MUST_NOT_COMPILE
    auto again = e;
#else
    auto again = std::move(e);
#endif
    return again(0, 0);
}
