#include "gram/kernel/complex.hpp"

#include <complex>

#include "kernel/operands.hpp"
#include "support/catch.hpp"

using namespace gram::kernel;
using gram::index_t;
using operands::Layout;
using operands::Numbers;

namespace {

using Wide = std::complex<long double>;

template <class C>
Wide wide(const C& x) {
    return {static_cast<long double>(x.real()), static_cast<long double>(x.imag())};
}
template <class C>
Wide flipped(bool conjugated, const C& x) {
    return conjugated ? std::conj(wide(x)) : wide(x);
}

// A sum in long double beside the sum of moduli that its error is measured by.
struct Sum {
    Wide value;
    long double size = 0;
    void add(const Wide& x) { value += x, size += std::abs(x); }
};
template <class C>
double error(const C& x, const Sum& s, index_t terms) {
    using R = typename C::value_type;
    const long double difference = std::abs(wide(x) - s.value);
    if (difference == 0) return 0;
    const long double eps = std::numeric_limits<R>::epsilon();
    return static_cast<double>(difference / (eps * static_cast<long double>(terms + 4) * s.size));
}

// Complex numbers in memory with guards: operands:: has them for real T.
template <class C>
struct Guarded {
    std::vector<C> memory;
    MatRef<C> ref;
    Guarded(index_t m, index_t n, Layout layout, Numbers& numbers) {
        const index_t rs = layout == Layout::columns ? 1 : (layout == Layout::general ? 2 * n + 3 : n + 2);
        const index_t cs = layout == Layout::columns ? m + 3 : (layout == Layout::general ? 2 : 1);
        memory.assign(static_cast<std::size_t>((m + 1) * (2 * n + 4) + (m + 4) * (n + 1) + 8), C(7777));
        ref = {memory.data() + 4, m, n, rs, cs};
        if (layout == Layout::reversed && m > 0) ref.data += (m - 1) * rs, ref.row_stride = -rs;
        for (index_t i = 0; i < m; ++i)
            for (index_t j = 0; j < n; ++j) at(i, j) = random(numbers);
    }
    Guarded(const Guarded& other) : memory(other.memory), ref(other.ref) {
        ref.data = memory.data() + (other.ref.data - other.memory.data());
    }
    Guarded& operator=(const Guarded&) = delete;
    static C random(Numbers& numbers) {
        using R = typename C::value_type;
        const double re = numbers.next();
        return {static_cast<R>(re), static_cast<R>(numbers.next())};
    }
    C& at(index_t i, index_t j) { return ref(i, j); }
    const C& at(index_t i, index_t j) const { return ref(i, j); }
    [[nodiscard]] bool guarded() const {
        index_t canaries = 0;
        for (const C& x : memory) canaries += x == C(7777);
        return canaries == static_cast<index_t>(memory.size()) - ref.rows * ref.cols;
    }
};

constexpr index_t sizes[] = {1, 2, 3, 5, 8, 13, 16, 17, 31, 33, 64, 65};

}  // namespace

TEMPLATE_TEST_CASE("gemm_conj conjugates what its flags say, for every layout", "[complex]", std::complex<float>,
                   std::complex<double>) {
    using C = TestType;
    Numbers numbers(1);
    double worst = 0;
    const C alphas[] = {C(1), C(-0.5F, 2), C(0)}, betas[] = {C(0), C(1), C(0.5F, -1)};
    for (const Layout la : operands::all_layouts)
        for (const Layout lb : operands::all_layouts)
            for (int flags = 0; flags < 4; ++flags) {
                const bool ca = flags & 1, cb = flags & 2;
                const index_t m = sizes[numbers.index(12)], n = sizes[numbers.index(12)], k = sizes[numbers.index(12)];
                Guarded<C> A(m, k, la, numbers), B(k, n, lb, numbers), D(m, n, la, numbers);
                const Guarded<C> before(D);
                const C alpha = alphas[numbers.index(3)], beta = betas[numbers.index(3)];
                gemm_conj<>(alpha, A.ref, ca, B.ref, cb, beta, D.ref);
                CHECK(D.guarded());
                for (index_t i = 0; i < m; ++i)
                    for (index_t j = 0; j < n; ++j) {
                        Sum s;
                        s.add(wide(beta) * wide(before.at(i, j)));
                        for (index_t p = 0; p < k; ++p) {
                            s.add(wide(alpha) * flipped(ca, A.at(i, p)) * flipped(cb, B.at(p, j)));
                        }
                        worst = std::max(worst, error(D.at(i, j), s, k));
                    }
            }
    CHECK(worst < 1);
}

TEMPLATE_TEST_CASE("herk, her2k and her2 write the lower triangle with a real diagonal, and nothing else", "[complex]",
                   std::complex<float>, std::complex<double>) {
    using C = TestType;
    using R = typename C::value_type;
    Numbers numbers(2);
    double worst = 0;
    for (const Layout layout : operands::all_layouts)
        for (const index_t n : sizes) {
            const index_t k = sizes[numbers.index(12)];
            Guarded<C> A(n, k, layout, numbers), B(n, k, layout, numbers), D(n, n, layout, numbers);
            for (index_t i = 0; i < n; ++i) D.at(i, i) = D.at(i, i).real();
            Guarded<C> E(D), F(D);
            const Guarded<C> before(D);
            const R beta = R(-0.5);
            const C alpha(2, -1);
            herk(R(3), A.ref, beta, D.ref);
            her2k(alpha, A.ref, B.ref, beta, E.ref);
            her2(alpha, A.ref.col(0), B.ref.col(0), F.ref);
            CHECK((D.guarded() && E.guarded() && F.guarded()));
            for (index_t i = 0; i < n; ++i) {
                CHECK((D.at(i, i).imag() == 0 && E.at(i, i).imag() == 0 && F.at(i, i).imag() == 0));
                for (index_t j = 0; j < n; ++j) {
                    if (j > i) {
                        CHECK((D.at(i, j) == before.at(i, j) && E.at(i, j) == before.at(i, j)));
                        CHECK(F.at(i, j) == before.at(i, j));
                        continue;
                    }
                    Sum one, two, rank2;
                    one.add(static_cast<long double>(beta) * wide(before.at(i, j)));
                    two = one;
                    rank2.add(wide(before.at(i, j)));
                    for (index_t p = 0; p < k; ++p) {
                        one.add(3.0L * wide(A.at(i, p)) * std::conj(wide(A.at(j, p))));
                        const Wide ab = wide(alpha) * wide(A.at(i, p)) * std::conj(wide(B.at(j, p)));
                        const Wide ba = std::conj(wide(alpha)) * wide(B.at(i, p)) * std::conj(wide(A.at(j, p)));
                        two.add(ab);
                        two.add(ba);
                        if (p == 0) rank2.add(ab), rank2.add(ba);
                    }
                    worst = std::max(
                        {worst, error(D.at(i, j), one, k), error(E.at(i, j), two, 2 * k), error(F.at(i, j), rank2, 2)});
                }
            }
        }
    CHECK(worst < 1);
}

TEMPLATE_TEST_CASE("hemv, gerc, gemv_conj, dotc and conjugate", "[complex]", std::complex<float>,
                   std::complex<double>) {
    using C = TestType;
    Numbers numbers(3);
    double worst = 0;
    for (const Layout layout : operands::all_layouts)
        for (const index_t n : sizes) {
            const index_t m = sizes[numbers.index(12)];
            Guarded<C> A(n, n, layout, numbers), G(n, m, layout, numbers), X(n, 3, layout, numbers),
                Y(m, 3, layout, numbers);
            const Guarded<C> G0(G), X0(X);
            hemv(C(2, 1), A.ref, X.ref.col(0), C(0, 1), X.ref.col(1));
            gerc(C(1, -1), X.ref.col(0), Y.ref.col(0), G.ref);
            CHECK((X.guarded() && G.guarded()));
            Sum inner;
            for (index_t i = 0; i < n; ++i) {
                inner.add(std::conj(wide(X.at(i, 0))) * wide(X0.at(i, 2)));
                Sum s;
                s.add(Wide(0, 1) * wide(X0.at(i, 1)));
                for (index_t j = 0; j < n; ++j) {
                    const Wide a = i == j ? Wide(wide(A.at(i, i)).real())
                                          : (i > j ? wide(A.at(i, j)) : std::conj(wide(A.at(j, i))));
                    s.add(Wide(2, 1) * a * wide(X.at(j, 0)));
                }
                worst = std::max(worst, error(X.at(i, 1), s, n));
                for (index_t j = 0; j < m; ++j) {
                    Sum g;
                    g.add(wide(G0.at(i, j)));
                    g.add(Wide(1, -1) * wide(X.at(i, 0)) * std::conj(wide(Y.at(j, 0))));
                    worst = std::max(worst, error(G.at(i, j), g, 2));
                }
            }
            worst = std::max(worst, error(dotc(X.ref.col(0), X.ref.col(2)), inner, n));
            conjugate(G.ref);
            conjugate(G.ref);
            conjugate(X.ref.col(2));
            for (index_t i = 0; i < n; ++i) CHECK(X.at(i, 2) == std::conj(X0.at(i, 2)));
            CHECK((X.guarded() && G.guarded()));
        }
    CHECK(worst < 1);
}
