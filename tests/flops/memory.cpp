// What the factorizations take from the heap, as docs/design/factorizations.md states it: everything in the first call,
// and hardly anything in the second, because a thread keeps what is given back.
#include <string>
#include <vector>

#include "flops/forms.hpp"
#include "gram/core/random.hpp"
#include "gram/expr/expr.hpp"
#include "gram/linalg/linalg.hpp"

using namespace forms;

namespace {

struct Routine {
    const char* name;
    double most;     // elements beside the results, in those of A
    double results;  // in those of A
    void (*run)(const Matrix<double>& A);
};

// The most elements that a call has taken from the heap at any time.
double elements_of(const Routine& routine, const Matrix<double>& A) {
    reset();
    routine.run(A);
    return static_cast<double>(counted::peak_bytes) / sizeof(double);
}

void check_all(const std::vector<Routine>& routines, const Matrix<double>& A) {
    const double size = static_cast<double>(A.size());
    for (const Routine& routine : routines) {
        INFO(routine.name);
        gram::kernel::detail::KeptBlocks::here().clear();
        const double first = elements_of(routine, A) / size, second = elements_of(routine, A) / size;
        CAPTURE(first, second);
        CHECK(first - routine.results <= routine.most);
        if (!gram::kernel::detail::keeps_blocks) continue;
        CHECK(first - routine.results >= 0.7 * routine.most);  // what is stated is no more than it takes
        CHECK(second <= 0.25);
    }
}

Matrix<double> definite(const Matrix<double>& A) {
    return A * A.T() + static_cast<double>(A.rows()) * eye<double>(A.rows());
}

}  // namespace

TEST_CASE("memory: square matrices take what the documentation says, and keep it") {
    Rng rng(1);
    const Matrix<double> A = definite(randn<double>(rng, 300, 300));
    const std::vector<Routine> routines = {
        {"lu", 1.1, 2, [](const Matrix<double>& X) { (void)lu(X); }},
        {"cholesky", 1.5, 1, [](const Matrix<double>& X) { (void)cholesky(X); }},
        {"qr", 1.5, 2, [](const Matrix<double>& X) { (void)qr(X); }},
        {"qr_pivoted", 1.7, 2, [](const Matrix<double>& X) { (void)qr_pivoted(X); }},
        {"solve", 1.1, 0, [](const Matrix<double>& X) { (void)solve(X, Vector<double>(X.col(0))); }},
        {"inv", 2.1, 1, [](const Matrix<double>& X) { (void)inv(X); }},
        {"eigh", 3.8, 1, [](const Matrix<double>& X) { (void)eigh(X); }},
        {"eigvalsh", 1.5, 0, [](const Matrix<double>& X) { (void)eigvalsh(X); }},
        {"svd", 5.1, 2, [](const Matrix<double>& X) { (void)svd(X); }},
        {"singular_values", 1.4, 0, [](const Matrix<double>& X) { (void)singular_values(X); }},
        {"schur", 4, 2, [](const Matrix<double>& X) { (void)schur(X); }},
        {"eig", 7, 2, [](const Matrix<double>& X) { (void)eig(X); }},
        {"eigvals", 3, 0, [](const Matrix<double>& X) { (void)eigvals(X); }},
    };
    check_all(routines, A);
}

TEST_CASE("memory: so do tall ones") {
    Rng rng(2);
    const Matrix<double> A = randn<double>(rng, 900, 100);
    const double square = 1.0 / 9;
    const std::vector<Routine> routines = {
        {"lu", 1.1, 1 + square, [](const Matrix<double>& X) { (void)lu(X); }},
        {"qr", 1.8, 1 + square, [](const Matrix<double>& X) { (void)qr(X); }},
        {"qr_pivoted", 1.8, 1 + square, [](const Matrix<double>& X) { (void)qr_pivoted(X); }},
        {"svd", 2.7, 1 + square, [](const Matrix<double>& X) { (void)svd(X); }},
        {"singular_values", 1.4, 0, [](const Matrix<double>& X) { (void)singular_values(X); }},
        {"lstsq", 1.4, 0, [](const Matrix<double>& X) { (void)lstsq(X, Vector<double>(X.col(0))); }},
    };
    check_all(routines, A);
}
