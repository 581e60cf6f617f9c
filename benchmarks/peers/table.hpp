/// What a peer offers, as a table of plain functions: the border between the benchmark and other people's libraries.
///
/// Two versions of Eigen, or two libraries that both define `cblas_dgemm`, cannot stand in one program. So each Eigen
/// is a module of its own with hidden symbols, each BLAS is opened at run time with local symbols, and both are seen
/// through this header, which therefore includes nothing of them and nothing of gram.
#pragma once

#include <complex>

namespace peers {

/// What can be asked for. The comment says what of a Call counts; matrices are packed, without gaps between their
/// lines.
enum class Op {
    gemm,     // c = op(a) op(b) + beta c; m×n, k; beta is 0 or 1
    fixed,    // c = a b; n×n with n known to the compiler, 2 <= n <= 16; row-major
    batch,    // count products as in gemm, a_step, b_step and c_step elements apart; beta is 0
    fused,    // c = max(a b^T + bias, 0), where bias has n elements; row-major
    dot,      // c[0] = a . b; n
    axpy,     // c += alpha a; n
    nrm2,     // c[0] = |a|; n
    gemv,     // c = op(a) b; a is m×n, row-major
    ger,      // c += alpha a b^T; c is m×n, row-major
    symv,     // c = a b for a symmetric a of which the lower triangle is read; n×n, row-major
    trsm,     // c = inv(a) c for a lower triangular a; n×n, row-major, as are the next three
    trmm,     // c = a c for a lower triangular a
    syrk,     // c += a a^T, the lower triangle
    syr2k,    // c += a b^T + b a^T, the lower triangle
    exp,      // c = exp(a), element by element; n; and so on
    log,      //
    tanh,     //
    sigmoid,  //
    erf,      //
    gelu,     //
    softmax,  // c = softmax of the rows of a; m×n

    // Factorizations: of a, m×n with m >= n and column-major, which is not changed. The work is all that a user gets,
    // in memory of its own; c takes n numbers that all must agree about.
    lu,               // with partial pivoting; c: the diagonal of U
    solve,            // c = inv(a) b
    cholesky,         // of a positive definite a; c: the diagonal of the factor
    qr,               // R, and Q with n columns; c: the diagonal of R
    qr_pivoted,       // the same with column pivoting
    eigh,             // values and vectors of a symmetric a; c: the values
    eigvalsh,         // its values alone
    svd,              // values and n vectors of each kind; c: the values
    singular_values,  // the values alone
    eig,              // values and right vectors; c: the squares of the moduli of the values
    eigvals,          // the values alone
    fixed_eigh,       // as eigh, of count matrices a_step apart, n×n with n known to the compiler, 2 <= n <= 4
    fixed_svd,        // the same as svd
    count
};

/// Sizes, operands and scalars of one piece of work.
template <class T>
struct Call {
    long m = 0, n = 0, k = 0;
    bool row_major = true, trans_a = false, trans_b = false;
    T alpha{1}, beta{0};
    const T* a = nullptr;
    const T* b = nullptr;
    const T* bias = nullptr;
    T* c = nullptr;
    long count = 1, a_step = 0, b_step = 0, c_step = 0;

    /// The distance between lines (rows if row-major) of the matrices as they are stored.
    [[nodiscard]] long lda() const { return row_major != trans_a ? k : m; }
    [[nodiscard]] long ldb() const { return row_major != trans_b ? n : k; }
    [[nodiscard]] long ldc() const { return row_major ? n : m; }
};

/// Does the work `reps` times; the loop is in here so that a 4×4 product costs what it costs in a user's loop.
template <class T>
using Run = void (*)(const void* self, const Call<T>&, long reps);

/// A null function is what the peer does not have.
template <class T>
struct Table {
    Run<T> run[static_cast<int>(Op::count)] = {};

    Run<T>& operator[](Op op) { return run[static_cast<int>(op)]; }
    Run<T> operator[](Op op) const { return run[static_cast<int>(op)]; }
};

struct Tables {
    Table<float> f32;
    Table<double> f64;
    Table<std::complex<float>> c64;
    Table<std::complex<double>> c128;

    template <class T>
    [[nodiscard]] const Table<T>& of() const {
        if constexpr (std::is_same_v<T, float>) return f32;
        if constexpr (std::is_same_v<T, double>) return f64;
        if constexpr (std::is_same_v<T, std::complex<float>>) return c64;
        if constexpr (std::is_same_v<T, std::complex<double>>) return c128;
    }
};

/// What the function `bench_peer_module` of a module returns.
struct Module {
    const char* name;     // of its column
    const char* version;  // for the header
    Tables tables;
    void (*set_threads)(int);
};

}  // namespace peers
