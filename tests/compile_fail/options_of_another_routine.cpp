// Options belong to their routine: complete bases of an SVD are Vectors::full.
// expect: full
#include <gram/linalg/svd.hpp>

using namespace gram;

auto f(const Matrix<double>& A) {
#ifdef GRAM_MUST_NOT_COMPILE
    return svd(A, {.full = true});
#else
    return svd(A, {.vectors = Vectors::full});
#endif
}
