// A view returned over a local container: a warning of clang.
// compiler: clang
// flags: -Werror=return-stack-address
// expect: -Wreturn-stack-address
#include <gram/expr/expr.hpp>

auto f() {
    gram::Matrix<double> A(2, 2);
#ifdef GRAM_MUST_NOT_COMPILE
    return A.row(0);
#else
    return gram::RowVector<double>(A.row(0));
#endif
}
