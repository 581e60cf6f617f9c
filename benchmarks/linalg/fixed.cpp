// Eigenvalues and singular values of matrices whose extents the compiler knows: one after the other, so that the
// processor cannot learn the way through one of them by heart.
#include <gram/linalg/eigh.hpp>
#include <gram/linalg/svd.hpp>

#include "linalg/groups.hpp"
#include "linalg/problem.hpp"

namespace bench {
namespace {

constexpr long count = 100;

template <class T, int N>
struct FixedProblem : Work<T> {
    explicit FixedProblem(Input input) : Work<T>(count * N) {
        gram::Matrix<T> elements(count, N * N);
        fill(elements);
        auto& c = this->call;
        c.m = c.n = N, c.count = count, c.a_step = N * N;
        for (long p = 0; p < count; ++p) {
            for (long i = 0; i < N; ++i) {
                for (long j = 0; j < N; ++j) {
                    const bool mirrored = input == Input::symmetric && j < i;
                    A[p](i, j) = mirrored ? A[p](j, i) : elements(p, i * N + j);
                    columns[p * N * N + j * N + i] = A[p](i, j);
                }
            }
        }
        c.a = columns;
    }

    gram::Matrix<T, N, N> A[count];
    T columns[count * N * N];
};

template <class T, int N, class Own>
compare::Case make(Op op, Input input, const Own& own) {
    const auto prepare = [=] {
        const auto x = std::make_shared<FixedProblem<T, N>>(input);
        return contest<T>(x, op, [x, own](long reps) {
            repeat(reps, [&] {
                for (long p = 0; p < count; ++p) own(x->A[p], x->call.c + p * N);
            });
        });
    };
    // In thousands, for a table that divides by a billion.
    return {type_name<T>, std::to_string(N), 1e3 * count, prepare, true};
}

template <class Own>
compare::Group group(const char* name, Op op, Input input, const Own& own) {
    compare::Group result{name, "10⁶ a second", ""};
    const auto add = [&]<class T>(T) {
        result.cases.push_back(make<T, 2>(op, input, own));
        result.cases.push_back(make<T, 3>(op, input, own));
        result.cases.push_back(make<T, 4>(op, input, own));
    };
    add(double{}), add(float{});
    return result;
}

}  // namespace

compare::Group fixed_eigh(const compare::Options&) {
    return group("fixed_eigh", Op::fixed_eigh, Input::symmetric, [](const auto& A, auto* to) {
        const auto found = gram::eigh(A);
        compare::keep(found);
        std::copy(found.values.begin(), found.values.end(), to);
    });
}

compare::Group fixed_svd(const compare::Options&) {
    return group("fixed_svd", Op::fixed_svd, Input::general, [](const auto& A, auto* to) {
        const auto found = gram::svd(A);
        compare::keep(found);
        std::copy(found.s.begin(), found.s.end(), to);
    });
}

}  // namespace bench
