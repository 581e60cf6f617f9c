/// What the two divide and conquer algorithms (symmetric tridiagonal, bidiagonal) have in common when they put two
/// solved halves together: lists of columns, and products that skip known zeros.
///
/// Source: Rutter, A serial implementation of Cuppen's divide and conquer algorithm, LAPACK working note 69 (1994).
#pragma once

#include <algorithm>
#include <cmath>
#include <vector>

#include "gram/kernel/kernel.hpp"
#include "gram/linalg/workspace.hpp"

namespace gram::linalg::inline GRAM_ISA {

using kernel::MatRef;
using kernel::VecRef;

/// Sizes of the recursion; tests lower them so that small matrices are divided.
struct DivideOptions {
    index_t leaf = 20;  ///< blocks up to this order are solved by QR iteration; at least 3
};

namespace detail {

/// Where a column of diag(Q1, Q2) is not zero.
enum class Support : unsigned char { top, both, bottom };

/// Which columns take part in a merge, and where they go.
class MergeLists {
public:
    explicit MergeLists(index_t n)
        : indices_(static_cast<std::size_t>(5 * n)),
          support_(static_cast<std::size_t>(n)),
          order_(indices_.data()),
          kept_(order_ + n),
          dropped_(order_ + 2 * n),
          slot_(order_ + 3 * n),
          scratch_(order_ + 4 * n) {}
    MergeLists(const MergeLists&) = delete;
    MergeLists& operator=(const MergeLists&) = delete;

    /// order(first)[0 .. n) lists the columns of a solved block by ascending value, counted from `first`.
    [[nodiscard]] index_t* order(index_t first) { return order_ + first; }
    [[nodiscard]] Support& support(index_t j) { return support_[static_cast<std::size_t>(j)]; }

    /// Two sorted halves of [first, first + n), the second of them beginning at `second`, become one list.
    template <class T>
    void merge_halves(const T* d, index_t first, index_t second, index_t n1, index_t n) {
        index_t* order = order_ + first;
        for (index_t i = second; i < n; ++i) order[i] += second;
        std::merge(order, order + n1, order + second, order + n, scratch_,
                   [d](index_t a, index_t b) { return d[a] < d[b]; });
        std::copy(scratch_, scratch_ + (n - second + n1), order);
    }

    void clear() {
        count_ = 0;
        dropped_count_ = 0;
    }
    void keep(index_t j) { kept_[count_++] = j; }
    void drop(index_t j) { dropped_[dropped_count_++] = j; }
    [[nodiscard]] index_t count() const { return count_; }
    [[nodiscard]] index_t dropped_count() const { return dropped_count_; }
    [[nodiscard]] index_t kept(index_t i) const { return kept_[i]; }
    [[nodiscard]] index_t dropped(index_t i) const { return dropped_[i]; }

    /// Groups the kept columns by their support: slot(i) is the place of kept column i in that order.
    void group() {
        of_[0] = of_[1] = of_[2] = 0;
        for (index_t i = 0; i < count_; ++i) ++of_[group_of(i)];
        index_t next[3] = {0, of_[0], of_[0] + of_[1]};
        for (index_t i = 0; i < count_; ++i) slot_[i] = next[group_of(i)]++;
    }
    [[nodiscard]] const index_t* slots() const { return slot_; }
    [[nodiscard]] index_t slot(index_t i) const { return slot_[i]; }
    /// Columns that are not zero in the top half: slots [0, top_count()).
    [[nodiscard]] index_t top_count() const { return of_[0] + of_[1]; }
    /// Columns that are not zero in the bottom half: slots [first_bottom(), count()).
    [[nodiscard]] index_t first_bottom() const { return of_[0]; }

    /// After the merge the first count() of n values ascend and the dropped ones follow in no order.
    template <class T>
    void order_merged(const T* d, index_t first, index_t n) {
        const auto less = [d](index_t a, index_t b) { return d[a] < d[b]; };
        for (index_t i = 0; i < n; ++i) scratch_[i] = i;
        std::sort(scratch_ + count_, scratch_ + n, less);
        std::merge(scratch_, scratch_ + count_, scratch_ + count_, scratch_ + n, order_ + first, less);
    }

private:
    [[nodiscard]] int group_of(index_t i) const {
        return static_cast<int>(support_[static_cast<std::size_t>(kept_[i])]);
    }

    std::vector<index_t> indices_;
    std::vector<Support> support_;
    index_t *order_, *kept_, *dropped_, *slot_, *scratch_;
    index_t count_ = 0, dropped_count_ = 0;
    index_t of_[3] = {0, 0, 0};
};

/// Holds the columns of diag(Q1, Q2) without their zeros while their place is written with the new ones.
template <class T>
class SplitColumns {
public:
    /// Room for n columns of `rows` elements.
    SplitColumns(index_t rows, index_t n)
        : memory_(kernel::checked_size<T>(n, rows + 4 * static_cast<index_t>(64 / sizeof(T))) *
                  static_cast<index_t>(sizeof(T))) {}

    /// Copies the columns named by the lists out of Q. Rows [0, top) are the top half, [bottom, Q.rows) the other.
    void gather(MatRef<T> Q, index_t top, index_t bottom, const MergeLists& lists) {
        const index_t first_bottom = lists.first_bottom();
        top_ = part(memory_.template at<T>(0), top, lists.top_count());
        bottom_ = part(end(top_), Q.rows - bottom, lists.count() - first_bottom);
        dropped_ = part(end(bottom_), Q.rows, lists.dropped_count());
        for (index_t i = 0; i < lists.count(); ++i) {
            const VecRef<T> column = Q.col(lists.kept(i));
            const index_t s = lists.slot(i);
            if (s < top_.cols) kernel::copy(column.segment(0, top), top_.col(s));
            if (s >= first_bottom) kernel::copy(column.segment(bottom, bottom_.rows), bottom_.col(s - first_bottom));
        }
        for (index_t i = 0; i < lists.dropped_count(); ++i) kernel::copy(Q.col(lists.dropped(i)), dropped_.col(i));
    }

    /// Q = [kept columns * S, dropped columns]; rows between the halves are not touched.
    void assemble(MatRef<T> Q, MatRef<T> S) const {
        const index_t k = S.cols, first_bottom = k - bottom_.cols;
        kernel::gemm(T(1), top_, S.block(0, 0, top_.cols, k), T(0), Q.block(0, 0, top_.rows, k));
        kernel::gemm(T(1), bottom_, S.block(first_bottom, 0, bottom_.cols, k), T(0),
                     Q.block(Q.rows - bottom_.rows, 0, bottom_.rows, k));
        kernel::copy(dropped_, Q.block(0, k, Q.rows, dropped_.cols));
    }

    /// Column j of Q becomes its column order[j].
    void permute(MatRef<T> Q, const index_t* order) {
        const MatRef<T> sorted = part(memory_.template at<T>(0), Q.rows, Q.cols);
        for (index_t j = 0; j < Q.cols; ++j) kernel::copy(Q.col(order[j]), sorted.col(j));
        kernel::copy(sorted, Q);
    }

private:
    static MatRef<T> part(T* data, index_t rows, index_t cols) { return {data, rows, cols, 1, padded_stride<T>(rows)}; }
    static T* end(MatRef<T> A) { return A.data + A.cols * A.col_stride; }

    kernel::detail::Scratch memory_;
    MatRef<T> top_, bottom_, dropped_;
};

/// A square matrix in memory that the caller lends, or else in its own.
template <class T>
class Scratch {
public:
    /// `lent` holds n^2 elements, or is null.
    Scratch(index_t n, T* lent) {
        // Without room for padding a critical stride would cost more than the memory saves.
        if (lent != nullptr && padded_stride<T>(n) < n + line) {
            ref_ = {lent, n, n, 1, n};
        } else {
            own_ = Workspace<T>(n, n);
            ref_ = own_.ref();
        }
    }
    /// Its first k columns and rows.
    [[nodiscard]] MatRef<T> ref(index_t k) const { return ref_.block(0, 0, k, k); }

private:
    static constexpr index_t line = static_cast<index_t>(64 / sizeof(T));

    Workspace<T> own_;
    MatRef<T> ref_;
};

/// 2^-k with k such that the largest |d_i|, |e_i| times it lies in [1/2, 1); 1 when all are zero.
template <class T>
int norm_exponent(index_t n, const T* d, const T* e) {
    T norm = n > 0 ? std::abs(d[n - 1]) : T(0);
    for (index_t i = 0; i + 1 < n; ++i) norm = std::max({norm, std::abs(d[i]), std::abs(e[i])});
    int exponent = 0;
    if (norm != T(0)) std::frexp(norm, &exponent);
    return exponent;
}

template <class T>
void multiply_by_power_of_two(index_t n, T* x, int exponent) {
    if (exponent == 0) return;
    for (index_t i = 0; i < n; ++i) x[i] = std::ldexp(x[i], exponent);
}

}  // namespace detail
}  // namespace gram::linalg::inline GRAM_ISA
