// An expression that took over a temporary is used once, or moved: a larger expression cannot copy it in.
// expect: deleted
#include <gram/expr/expr.hpp>

gram::Matrix<double> make();

gram::Matrix<double> f(const gram::Matrix<double>& A) {
    auto e = make() + A;
#ifdef GRAM_MUST_NOT_COMPILE
    return e + A;
#else
    return std::move(e) + A;
#endif
}
