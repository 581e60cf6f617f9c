// Which kernel an assignment calls, how often, and what memory it takes: the forms that docs/design/expressions.md
// promises to recognise. Every form is also compared with plain loops.
#include <complex>

#include "flops/forms.hpp"

using namespace forms;

TEST_CASE("calls: products with numbers and transposes") {
    const Form forms[] = {
        {"C = A * B",
         [](Operands& o) { return view_of(o.C = o.A * o.B); },
         [](const Plain& p) { return p.A * p.B; },
         {{{Call::gemm, 1}}, 2 * mk * n}},
        {"C += A * B",
         [](Operands& o) { return view_of(o.C += o.A * o.B); },
         [](const Plain& p) { return p.C + p.A * p.B; },
         {{{Call::gemm, 1}}, 2 * mk * n}},
        {"C -= A * B",
         [](Operands& o) { return view_of(o.C -= o.A * o.B); },
         [](const Plain& p) { return p.C - p.A * p.B; },
         {{{Call::gemm, 1}}, 2 * mk * n}},
        {"C = 2 * A * B - 3 * C",
         [](Operands& o) { return view_of(o.C = 2 * o.A * o.B - 3 * o.C); },
         [](const Plain& p) { return 2 * (p.A * p.B) - 3 * p.C; },
         {{{Call::gemm, 1}}, 2 * mk * n}},
        {"C = 0.5 * At.T() * Bt.T() + 2 * C",
         [](Operands& o) { return view_of(o.C = 0.5 * o.At.T() * o.Bt.T() + 2 * o.C); },
         [](const Plain& p) { return 0.5 * (p.A * p.B) + 2 * p.C; },
         {{{Call::gemm, 1}}, 2 * mk * n}},
        {"C = (2 * A) * (B * 3)",
         [](Operands& o) { return view_of(o.C = (2 * o.A) * (o.B * 3)); },
         [](const Plain& p) { return 6 * (p.A * p.B); },
         {{{Call::gemm, 1}}, 2 * mk * n}},
        {"C = -A * B",
         [](Operands& o) { return view_of(o.C = -o.A * o.B); },
         [](const Plain& p) { return -1 * (p.A * p.B); },
         {{{Call::gemm, 1}}, 2 * mk * n}},
        {"C.block(1, 2, 20, 10) += A.block(3, 0, 20, k) * B.block(0, 5, k, 10)",
         [](Operands& o) {
             return o.C.block(1, 2, 20, 10) += o.A.block(3, 0, 20, k) * o.B.block(0, 5, k, 10), view_of(o.C);
         },
         [](const Plain& p) { return p.C + in_block(block(p.A, 3, 0, 20, k) * block(p.B, 0, 5, k, 10), 1, 2); },
         {{{Call::gemm, 1}}, 2.0 * 20 * 10 * k}},
        {"view(wide.data(), m, n, 6 * n, 2) = A * B",
         [](Operands& o) { return View((view(o.wide.data(), m, n, 6 * n, 2) = o.A * o.B).ref()); },
         [](const Plain& p) { return p.A * p.B; },
         {{{Call::gemm, 1}}, 2 * mk * n}},
        {"C = A * B + A2 * B2",
         [](Operands& o) { return view_of(o.C = o.A * o.B + o.A2 * o.B2); },
         [](const Plain& p) { return p.A * p.B + p.A2 * p.B2; },
         {{{Call::gemm, 2}}, 4 * mk * n}},
        {"C = D - 2 * A * B - A2 * B2",
         [](Operands& o) { return view_of(o.C = o.D - 2 * o.A * o.B - o.A2 * o.B2); },
         [](const Plain& p) { return p.D - 2 * (p.A * p.B) - p.A2 * p.B2; },
         {{{Call::gemm_fused, 1}, {Call::gemm, 1}}, 4 * mk * n}},
        {"C += A * B - 2 * A2 * B2",
         [](Operands& o) { return view_of(o.C += o.A * o.B - 2 * o.A2 * o.B2); },
         [](const Plain& p) { return p.C + p.A * p.B - 2 * (p.A2 * p.B2); },
         {{{Call::gemm, 2}}, 4 * mk * n}},
        {"C = relu(C) - A * B",
         [](Operands& o) { return view_of(o.C = relu(o.C) - o.A * o.B); },
         [](const Plain& p) { return estimate::map(relu_of, p.C) - p.A * p.B; },
         {{{Call::gemm, 1}}, 2 * mk * n}},
    };
    for (const Form& form : forms) check(form);
}
TEST_CASE("calls: element-wise epilogues") {
    const Form forms[] = {
        {"C = relu(A * Bt.T() + b)",
         [](Operands& o) { return view_of(o.C = relu(o.A * o.Bt.T() + o.b)); },
         [](const Plain& p) { return estimate::map(relu_of, p.A * p.B + estimate::spread(p.b, m, n)); },
         {{{Call::gemm_fused, 1}}, 2 * mk * n}},
        {"C = 2 * A * B + D",
         [](Operands& o) { return view_of(o.C = 2 * o.A * o.B + o.D); },
         [](const Plain& p) { return 2 * (p.A * p.B) + p.D; },
         {{{Call::gemm_fused, 1}}, 2 * mk * n}},
        {"C = D - (2 * A) * -B",
         [](Operands& o) { return view_of(o.C = o.D - (2 * o.A) * -o.B); },
         [](const Plain& p) { return p.D + 2 * (p.A * p.B); },
         {{{Call::gemm_fused, 1}}, 2 * mk * n}},
        {"C = diag(e) * (A * B)",
         [](Operands& o) { return view_of(o.C = diag(o.e) * (o.A * o.B)); },
         [](const Plain& p) { return estimate::diag(p.e) * (p.A * p.B); },
         {{{Call::gemm_fused, 1}}, 2 * mk * n}},
        {"C = relu(A * B + C)",
         [](Operands& o) { return view_of(o.C = relu(o.A * o.B + o.C)); },
         [](const Plain& p) { return estimate::map(relu_of, p.A * p.B + p.C); },
         {{{Call::gemm, 1}}, 2 * mk * n, 1, mn}},
    };
    for (const Form& form : forms) check(form);
}
TEST_CASE("calls: matrix times vector") {
    const Form forms[] = {
        {"y = A * x",
         [](Operands& o) { return view_of(o.y = o.A * o.x); },
         [](const Plain& p) { return p.A * p.x; },
         {{{Call::gemv, 1}}, 2 * mk}},
        {"y = relu(A * x + e)",
         [](Operands& o) { return view_of(o.y = relu(o.A * o.x + o.e)); },
         [](const Plain& p) { return estimate::map(relu_of, p.A * p.x + p.e); },
         {{{Call::gemv, 1}}, 2 * mk}},
        {"y -= 2 * A * x",
         [](Operands& o) { return view_of(o.y -= 2 * o.A * o.x); },
         [](const Plain& p) { return p.y - 2 * (p.A * p.x); },
         {{{Call::gemv, 1}}, 2 * mk}},
        {"x += A.T() * y",
         [](Operands& o) { return view_of(o.x += o.A.T() * o.y); },
         [](const Plain& p) { return p.x + t(p.A) * p.y; },
         {{{Call::gemv, 1}}, 2 * mk}},
        {"out = row * B",
         [](Operands& o) { return view_of(o.out = o.row * o.B); },
         [](const Plain& p) { return t(p.x) * p.B; },
         {{{Call::gemv, 1}}, 2 * kn}},
        {"out = relu(row * Bt.T() + b)",
         [](Operands& o) { return view_of(o.out = relu(o.row * o.Bt.T() + o.b)); },
         [](const Plain& p) { return estimate::map(relu_of, t(p.x) * p.B + p.b); },
         {{{Call::gemv, 1}}, 2 * kn}},
    };
    for (const Form& form : forms) check(form);
}
TEST_CASE("calls: outer products") {
    const Form forms[] = {
        {"C += y * z.T()",
         [](Operands& o) { return view_of(o.C += o.y * o.z.T()); },
         [](const Plain& p) { return p.C + p.y * t(p.z); },
         {{{Call::ger, 1}}, 2 * mn}},
        {"C -= 2 * y * z.T()",
         [](Operands& o) { return view_of(o.C -= 2 * o.y * o.z.T()); },
         [](const Plain& p) { return p.C - 2 * (p.y * t(p.z)); },
         {{{Call::ger, 1}}, 2 * mn}},
        {"C = y * z.T()",
         [](Operands& o) { return view_of(o.C = o.y * o.z.T()); },
         [](const Plain& p) { return p.y * t(p.z); },
         {{{Call::gemm, 1}}, 2 * mn}},
    };
    for (const Form& form : forms) check(form);
}
TEST_CASE("calls: a matrix times its own transpose") {
    const Form forms[] = {
        {"H = W.T() * W",
         [](Operands& o) { return view_of(o.H = o.W.T() * o.W); },
         [](const Plain& p) { return t(p.W) * p.W; },
         {{{Call::syrk, 1}}, 1.0 * l * m * m}},
        {"H = 2 * Wt * Wt.T()",
         [](Operands& o) { return view_of(o.H = 2 * o.Wt * o.Wt.T()); },
         [](const Plain& p) { return 2 * (t(p.W) * p.W); },
         {{{Call::syrk, 1}}, 1.0 * l * m * m}},
        {"S += W.T() * W",
         [](Operands& o) { return view_of(o.S += o.W.T() * o.W); },
         [](const Plain& p) { return p.S + t(p.W) * p.W; },
         {{{Call::syrk, 1}}, 1.0 * l * m * m}},
        {"S -= 0.5 * Wt * Wt.T()",
         [](Operands& o) { return view_of(o.S -= 0.5 * o.Wt * o.Wt.T()); },
         [](const Plain& p) { return p.S - 0.5 * (t(p.W) * p.W); },
         {{{Call::syrk, 1}}, 1.0 * l * m * m}},
        {"H -= W.T() * W",
         [](Operands& o) { return view_of(o.H -= o.W.T() * o.W); },
         [](const Plain& p) { return p.H - t(p.W) * p.W; },
         {{{Call::gemm, 1}}, 2.0 * l * m * m}},
        {"H = y * y.T()",
         [](Operands& o) { return view_of(o.H = o.y * o.y.T()); },
         [](const Plain& p) { return p.y * t(p.y); },
         {{{Call::gemm, 1}}, 2.0 * m * m}},
    };
    for (const Form& form : forms) check(form);
}
TEST_CASE("calls: chains") {
    const Form forms[] = {
        {"y = A * G * x",
         [](Operands& o) { return view_of(o.y = o.A * o.G * o.x); },
         [](const Plain& p) { return p.A * (p.G * p.x); },
         {{{Call::gemv, 2}}, 2.0 * (k * k + m * k), 1, k}},
        {"C = A * G * Q * B",
         [](Operands& o) { return view_of(o.C = o.A * o.G * o.Q * o.B); },
         [](const Plain& p) { return p.A * (p.G * (p.Q * p.B)); },
         {{{Call::gemm, 3}}, 2.0 * (2 * k * kn + mk * n), 2, 2 * kn}},
        {"C = A * (G * B)",
         [](Operands& o) { return view_of(o.C = o.A * (o.G * o.B)); },
         [](const Plain& p) { return p.A * (p.G * p.B); },
         {{{Call::gemm, 2}}, 2.0 * (k * kn + mk * n), 1, kn}},
    };
    for (const Form& form : forms) check(form);
}
TEST_CASE("calls: diagonal matrices") {
    const Form forms[] = {
        {"A = A * diag(d)",
         [](Operands& o) { return view_of(o.A = o.A * diag(o.d)); },
         [](const Plain& p) { return p.A * estimate::diag(p.d); },
         {{}, 0}},
        {"A = diag(e) * A2 * diag(d)",
         [](Operands& o) { return view_of(o.A = diag(o.e) * o.A2 * diag(o.d)); },
         [](const Plain& p) { return estimate::diag(p.e) * p.A2 * estimate::diag(p.d); },
         {{}, 0}},
        {"C = 2 * diag(e) * C + D",
         [](Operands& o) { return view_of(o.C = 2 * diag(o.e) * o.C + o.D); },
         [](const Plain& p) { return 2 * (estimate::diag(p.e) * p.C) + p.D; },
         {{}, 0}},
        {"G = diag(d)",
         [](Operands& o) { return view_of(o.G = diag(o.d)); },
         [](const Plain& p) { return estimate::diag(p.d); },
         {{}, 0}},
        {"C = A * diag(d) * B",
         [](Operands& o) { return view_of(o.C = o.A * diag(o.d) * o.B); },
         [](const Plain& p) { return p.A * estimate::diag(p.d) * p.B; },
         {{{Call::gemm, 1}}, 2 * mk * n, 1, kn}},
        {"C -= A * diag(2 * d) * B",
         [](Operands& o) { return view_of(o.C -= o.A * diag(2 * o.d) * o.B); },
         [](const Plain& p) { return p.C - 2 * (p.A * estimate::diag(p.d) * p.B); },
         {{{Call::gemm, 1}}, 2 * mk * n, 1, kn}},
        {"G = A.T() * diag(e) * A",
         [](Operands& o) { return view_of(o.G = o.A.T() * diag(o.e) * o.A); },
         [](const Plain& p) { return t(p.A) * estimate::diag(p.e) * p.A; },
         {{{Call::gemm, 1}}, 2 * mk * k, 1, mk}},
        {"y = A * diag(d) * x",
         [](Operands& o) { return view_of(o.y = o.A * diag(o.d) * o.x); },
         [](const Plain& p) { return p.A * estimate::diag(p.d) * p.x; },
         {{{Call::gemv, 1}}, 2 * mk, 1, k}},
        {"y = diag(e) * A * x",
         [](Operands& o) { return view_of(o.y = diag(o.e) * o.A * o.x); },
         [](const Plain& p) { return estimate::diag(p.e) * p.A * p.x; },
         {{{Call::gemv, 1}}, 2 * mk}},
        {"y -= diag(e) * A * x",
         [](Operands& o) { return view_of(o.y -= diag(o.e) * o.A * o.x); },
         [](const Plain& p) { return p.y - estimate::diag(p.e) * p.A * p.x; },
         {{{Call::gemv, 1}}, 2 * mk, 1, m}},
        {"C = DiagonalMatrix<double>(e) * D",
         [](Operands& o) { return view_of(o.C = DiagonalMatrix<double>(o.e) * o.D); },
         [](const Plain& p) { return estimate::diag(p.e) * p.D; },
         {{}, mn, 2, m + mn}},
    };
    for (const Form& form : forms) check(form);
}
TEST_CASE("calls: triangular and symmetric views") {
    const Form forms[] = {
        {"C = lower_triangle(H) * D",
         [](Operands& o) { return view_of(o.C = lower_triangle(o.H) * o.D); },
         [](const Plain& p) { return estimate::lower(p.H) * p.D; },
         {{{Call::trmm, 1}}, m * mn, 1, mn}},
        {"C = D - lower_triangle(H) * C",
         [](Operands& o) { return view_of(o.C = o.D - lower_triangle(o.H) * o.C); },
         [](const Plain& p) { return p.D - estimate::lower(p.H) * p.C; },
         {{{Call::trmm, 1}}, m * mn, 1, mn}},
        {"A = A2 * lower_triangle(G)",
         [](Operands& o) { return view_of(o.A = o.A2 * lower_triangle(o.G)); },
         [](const Plain& p) { return p.A2 * estimate::lower(p.G); },
         {{{Call::trmm, 1}}, k * mk, 1, mk}},
        {"y = symmetric(H) * e",
         [](Operands& o) { return view_of(o.y = symmetric(o.H) * o.e); },
         [](const Plain& p) { return estimate::symmetric(p.H) * p.e; },
         {{{Call::symv, 1}}, 2.0 * m * m, 1, m}},
        {"C = symmetric(H) * D",
         [](Operands& o) { return view_of(o.C = symmetric(o.H) * o.D); },
         [](const Plain& p) { return estimate::symmetric(p.H) * p.D; },
         {{{Call::gemm, 1}}, 2 * m * mn, 2, m * m + mn}},
        {"A = A2 * symmetric(G)",
         [](Operands& o) { return view_of(o.A = o.A2 * symmetric(o.G)); },
         [](const Plain& p) { return p.A2 * estimate::symmetric(p.G); },
         {{{Call::gemm, 1}}, 2 * mk * k, 2, k * k + mk}},
    };
    for (const Form& form : forms) check(form);
}
TEST_CASE("calls: destinations that are read") {
    const Form forms[] = {
        {"H = H * H2",
         [](Operands& o) { return view_of(o.H = o.H * o.H2); },
         [](const Plain& p) { return p.H * p.H2; },
         {{{Call::gemm, 1}}, 2.0 * m * m * m, 1, m * m}},
        {"H = H * H2 + H",
         [](Operands& o) { return view_of(o.H = o.H * o.H2 + o.H); },
         [](const Plain& p) { return p.H * p.H2 + p.H; },
         {{{Call::gemm_fused, 1}}, 2.0 * m * m * m, 1, m * m}},
        {"H = H.T() * H",
         [](Operands& o) { return view_of(o.H = o.H.T() * o.H); },
         [](const Plain& p) { return t(p.H) * p.H; },
         {{{Call::syrk, 1}}, 1.0 * m * m * m, 1, m * m}},
        {"C = diag(e) * C",
         [](Operands& o) { return view_of(o.C = diag(o.e) * o.C); },
         [](const Plain& p) { return estimate::diag(p.e) * p.C; },
         {{}, 0}},
        {"A = diag(A.col(0)) * A",
         [](Operands& o) { return view_of(o.A = diag(o.A.col(0)) * o.A); },
         [](const Plain& p) { return estimate::diag(block(p.A, 0, 0, m, 1)) * p.A; },
         {{}, 0, 1, mk}},
    };
    for (const Form& form : forms) check(form);
}

TEST_CASE("calls: complex products conjugate in their kernel") {
    using M = Matrix<std::complex<double>>;
    const M A = random<M>(l, k, 1), B = random<M>(l, n, 2), R = random<M>(k, k, 3);
    const Vector<std::complex<double>> x = random<Vector<std::complex<double>>>(l, 1, 4),
                                       y = random<Vector<std::complex<double>>>(k, 1, 5);
    const auto a = estimate::grid(A), b = estimate::grid(B), r = estimate::grid(R);
    // One call of `kernel`, which takes as much memory as the assignment.
    const auto costs = [](Call kernel, auto call, auto assignment) {
        call();  // kernels keep their working memory from here on
        reset();
        call();
        const long allocations = counted::allocations;
        reset();
        assignment();
        CHECK(counted::calls[static_cast<int>(kernel)] == 1);
        CHECK(std::count(std::begin(counted::calls), std::end(counted::calls), 0L) ==
              static_cast<int>(Call::count) - 1);
        CHECK(counted::allocations == allocations);
    };
    M C(k, n), G(k, k), H = R + R.H();
    const auto h = estimate::grid(H);
    costs(
        Call::gemm, [&] { kernel::gemm_conj<>(1, A.ref().transposed(), true, B.ref(), false, 0, C.ref()); },
        [&] { C = A.H() * B; });
    CHECK(estimate::ratio(C, estimate::h(a) * b, 4 * l) < 1);
    const auto own = [&] { kernel::herk(1, A.ref().transposed(), 0, G.ref()); };
    costs(Call::herk, own, [&] { G = A.H() * A; });
    CHECK(estimate::ratio(G, estimate::h(a) * a, 4 * l) < 1);
    CHECK(G == G.H());
    costs(Call::herk, own, [&] { G = A.T() * conj(A); });
    CHECK(estimate::ratio(G, estimate::t(estimate::h(a) * a), 4 * l) < 1);
    costs(Call::herk, own, [&] { H -= 2.0 * A.H() * A; });
    CHECK(estimate::ratio(H, h - 2 * (estimate::h(a) * a), 4 * l) < 1);
    G = R;
    costs(
        Call::gemm,
        [&] {
            kernel::gemm_conj<>(1, A.ref().transposed(), true, A.ref(), false, 1, G.ref());
            G = R;
        },
        [&] { G += A.H() * A; });
    CHECK(estimate::ratio(G, r + estimate::h(a) * a, 4 * l) < 1);
    M D = A;
    costs(
        Call::ger, [] {}, [&] { D += x * y.H(); });
    CHECK(estimate::ratio(D, a + estimate::grid(x) * estimate::h(estimate::grid(y)), 4) < 1);
    Vector<std::complex<double>> z(k);
    costs(
        Call::gemv, [] {}, [&] { z = A.H() * x; });
    CHECK(estimate::ratio(z, estimate::h(a) * estimate::grid(x), 4 * l) < 1);
}
