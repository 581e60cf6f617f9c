// One matrix in every order and with every kind of gap, told apart at run time only: one instantiation tests them all.
#pragma once

#include "gram/core/matrix.hpp"

namespace support {

using gram::index_t;

struct Layout {
    const char* name;
    bool by_columns;
    index_t gap;     // elements between neighbours, less one
    index_t margin;  // elements between lines
    bool backwards;
};
inline constexpr Layout layouts[] = {
    {"row-major", false, 0, 0, false},       {"column-major", true, 0, 0, false}, {"block of rows", false, 0, 3, false},
    {"block of columns", true, 0, 5, false}, {"strided", false, 2, 1, false},     {"backwards", true, 0, 0, true},
};

// A copy of A as a view in a layout; beside the view `outside` stands everywhere.
template <class T>
class LaidOut {
public:
    LaidOut(const Layout& layout, index_t m, index_t n, T outside = T(7)) : rows_(m), cols_(n) {
        const index_t length = layout.by_columns ? m : n, lines = layout.by_columns ? n : m;
        const index_t step = 1 + layout.gap, line = length * step + layout.margin;
        buffer_.resize(lines * line + 2 * pad, 1);
        for (T& x : buffer_) x = outside;
        row_stride_ = layout.by_columns ? step : line;
        col_stride_ = layout.by_columns ? line : step;
        first_ = pad;
        if (layout.backwards && m > 0 && n > 0) {
            first_ += (m - 1) * row_stride_ + (n - 1) * col_stride_;
            row_stride_ = -row_stride_;
            col_stride_ = -col_stride_;
        }
    }
    template <class M>
    LaidOut(const Layout& layout, const M& A) : LaidOut(layout, A.rows(), A.cols()) {
        const auto v = view();
        for (index_t i = 0; i < rows_; ++i)
            for (index_t j = 0; j < cols_; ++j) v(i, j) = A(i, j);
    }
    auto view() { return gram::view(buffer_.data() + first_, rows_, cols_, row_stride_, col_stride_); }
    // How many elements of the buffer equal `outside`: what a write beside the view would change.
    index_t untouched(T outside = T(7)) const {
        index_t count = 0;
        for (const T& x : buffer_) count += x == outside;
        return count;
    }

private:
    static constexpr index_t pad = 2;
    index_t rows_, cols_, row_stride_ = 0, col_stride_ = 0, first_ = 0;
    gram::Matrix<T> buffer_;
};

}  // namespace support
