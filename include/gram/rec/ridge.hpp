/// One regularized least squares problem of a recommender: p = (A^T A + lambda I)^-1 A^T y, by Cholesky.
///
/// Source: Golub & Van Loan, Matrix Computations, 4th ed., sec. 6.1.4.
#pragma once

#include <algorithm>

#include "gram/expr/updates.hpp"
#include "gram/linalg/cholesky.hpp"

namespace gram::rec::inline GRAM_ISA {
namespace detail {

/// Room for problems of up to max_rows rows in k unknowns; solves any number of them without taking memory.
template <class T>
class Ridge {
public:
    Ridge(index_t max_rows, index_t k) : rows_(max_rows, k), targets_(max_rows), normal_(k, k), solution_(k) {}

    /// The row to be filled in next: k numbers, and what they should predict.
    T* add(T target) {
        targets_.data()[used_] = target;
        return rows_.data() + used_++ * rows_.cols();
    }
    /// Forgets the rows.
    void clear() { used_ = 0; }

    /// The solution for the rows that were added; 0 when there are none. Errors: not_positive_definite when lambda is
    /// too small for dependent rows.
    const Vector<T>& solve(T lambda) {
        const index_t k = rows_.cols();
        if (used_ == 0) {
            std::fill(solution_.begin(), solution_.end(), T{0});
            return solution_;
        }
        const auto A = std::as_const(rows_).block(0, 0, used_, k);
        normal_ = A.T() * A;
        solution_ = A.T() * std::as_const(targets_).segment(0, used_);
        for (index_t f = 0; f < k; ++f) normal_(f, f) += lambda;
        if (linalg::cholesky_in_place(normal_.ref()) >= 0) {
            throw not_positive_definite("the normal equations are singular: a larger regularization is needed");
        }
        linalg::cholesky_solve(normal_.ref(), solution_.ref());
        return solution_;
    }

private:
    Matrix<T> rows_;
    Vector<T> targets_;
    Matrix<T> normal_;
    Vector<T> solution_;
    index_t used_ = 0;
};

}  // namespace detail
}  // namespace gram::rec::inline GRAM_ISA
