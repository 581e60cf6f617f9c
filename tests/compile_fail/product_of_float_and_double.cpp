// Precisions do not mix unless a cast says so.
// expect: SameValueType
#include <gram/expr/expr.hpp>

gram::Matrix<double> f(const gram::Matrix<double>& A, const gram::Matrix<float>& B) {
#ifdef GRAM_MUST_NOT_COMPILE
    return A * B;
#else
    return A * gram::cast<double>(B);
#endif
}
