// A column and a row are not added by stretching both: the outer sum is written with broadcast.
// expect: broadcast(x, m, n)
#include <gram/expr/expr.hpp>

gram::Matrix<double> f(const gram::Vector<double>& x, const gram::RowVector<double>& y) {
#ifdef GRAM_MUST_NOT_COMPILE
    return x + y;
#else
    return gram::broadcast(x, x.rows(), y.cols()) + y;
#endif
}
