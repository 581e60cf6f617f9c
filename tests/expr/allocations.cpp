// How often an assignment takes memory: never for same-element work and products into fresh destinations, once for a
// destination that its expression reads otherwise.
#include <atomic>
#include <cstdlib>
#include <new>
#include <utility>
#include <vector>

#include "expr/naive.hpp"
#include "gram/gram.hpp"
#include "support/catch.hpp"

namespace {

std::atomic<long> allocations{0};

void* take(std::size_t size, std::size_t alignment) {
    ++allocations;
    const std::size_t rounded = (size + alignment - 1) / alignment * alignment;
    if (void* p = std::aligned_alloc(alignment, rounded == 0 ? alignment : rounded)) return p;
    throw std::bad_alloc();
}

// Not inlined: g++ 12 would compare the call of free with the call of operator new.
[[gnu::noinline]] void give(void* p) { std::free(p); }

// Calls of operator new while f runs.
template <class F>
long count(F f) {
    const long before = allocations;
    f();
    return allocations - before;
}

}  // namespace

void* operator new(std::size_t size) { return take(size, alignof(std::max_align_t)); }
void* operator new[](std::size_t size) { return take(size, alignof(std::max_align_t)); }
void* operator new(std::size_t size, const std::nothrow_t&) noexcept {
    try {
        return take(size, alignof(std::max_align_t));
    } catch (...) {
        return nullptr;
    }
}
void* operator new(std::size_t size, std::align_val_t a) { return take(size, static_cast<std::size_t>(a)); }
void* operator new[](std::size_t size, std::align_val_t a) { return take(size, static_cast<std::size_t>(a)); }
void operator delete(void* p) noexcept { give(p); }
void operator delete[](void* p) noexcept { give(p); }
void operator delete(void* p, std::size_t) noexcept { give(p); }
void operator delete[](void* p, std::size_t) noexcept { give(p); }
void operator delete(void* p, std::align_val_t) noexcept { give(p); }
void operator delete[](void* p, std::align_val_t) noexcept { give(p); }
void operator delete(void* p, std::size_t, std::align_val_t) noexcept { give(p); }
void operator delete[](void* p, std::size_t, std::align_val_t) noexcept { give(p); }

using namespace gram;

namespace {

template <class M>
struct Operands {
    explicit Operands(index_t n)
        : A(naive::random<M>(n, n, 1)),
          B(naive::random<M>(n, n, 2)),
          C(naive::random<M>(n, n, 3)),
          D(naive::random<M>(n, n, 4)),
          x(naive::random<Vector<value_t<M>>>(n, 1, 5)),
          y(naive::random<Vector<value_t<M>>>(n, 1, 6)),
          b(naive::random<RowVector<value_t<M>>>(1, n, 7)) {}
    M A, B, C, D;
    Vector<value_t<M>> x, y;
    RowVector<value_t<M>> b;
};

using ColMatrix = Matrix<double, dynamic, dynamic, col_major>;

}  // namespace

TEST_CASE("the counter counts") {
    CHECK(count([] { CHECK(std::vector<int>(100).size() == 100); }) >= 1);
    CHECK(count([] { Matrix<double>(3, 3); }) == 1);
}

TEMPLATE_TEST_CASE("element by element nothing is allocated", "", Matrix<double>, Matrix<float>, ColMatrix) {
    using T = value_t<TestType>;
    for (const index_t n : {1, 7, 33, 100}) {
        Operands<TestType> o(n);
        auto& [A, B, C, D, x, y, b] = o;
        CHECK(count([&] { C = A + 2.0 * B - hadamard(A, B); }) == 0);
        CHECK(count([&] { C = C + exp(C) - A; }) == 0);
        CHECK(count([&] { C += A; }) == 0);
        CHECK(count([&] { C -= relu(C); }) == 0);
        CHECK(count([&] { C *= 2, C /= 2, C += 1, C -= 1; }) == 0);
        CHECK(count([&] { C = A; }) == 0);
        CHECK(count([&] { C = A.T(); }) == 0);
        CHECK(count([&] { C = A + B.T(); }) == 0);
        CHECK(count([&] { C = A + b; }) == 0);
        CHECK(count([&] { C = C - x; }) == 0);
        CHECK(count([&] { C.row(0) = 2.0 * A.row(n - 1) + b; }) == 0);
        CHECK(count([&] { C.row(0) = 2.0 * C.row(0); }) == 0);
        CHECK(count([&] { C.col(0) = A.row(0).T(); }) == 0);
        CHECK(count([&] { C = where(A < C, A, C); }) == 0);
        CHECK(count([&] { C = T{3} * -map([](T v) { return v + 1; }, C); }) == 0);
        CHECK(count([&] { swap(A, B); }) == 0);
        CHECK(count([&] { C = C; }) == 0);
    }
}

TEMPLATE_TEST_CASE("a product into a destination it does not read allocates nothing for n <= 32", "", Matrix<double>,
                   Matrix<float>, ColMatrix) {
    using T = value_t<TestType>;
    for (const index_t n : {1, 2, 3, 8, 15, 16, 31, 32}) {
        CAPTURE(n);
        Operands<TestType> o(n);
        auto& [A, B, C, D, x, y, b] = o;
        CHECK(count([&] { C = A * B; }) == 0);
        CHECK(count([&] { C = A.T() * B; }) == 0);
        CHECK(count([&] { C = A * B.T(); }) == 0);
        CHECK(count([&] { C = A.T() * A; }) == 0);
        CHECK(count([&] { C += A.T() * A; }) == 0);
        CHECK(count([&] { C = T{2} * A * -B.T(); }) == 0);
        CHECK(count([&] { C += A * B; }) == 0);
        CHECK(count([&] { C -= T{3} * A * B; }) == 0);
        CHECK(count([&] { C = C + A * B; }) == 0);
        CHECK(count([&] { C = C - T{2} * A * B; }) == 0);
        CHECK(count([&] { C = T(0.5) * C + A * B; }) == 0);
        CHECK(count([&] { C = A * B - C; }) == 0);
        CHECK(count([&] { C = relu(A * B.T() + b); }) == 0);
        CHECK(count([&] { C = tanh(A * B + x); }) == 0);
        CHECK(count([&] { C = sigmoid(A * B + D); }) == 0);
        CHECK(count([&] { C.block(0, 0, n, n) = A * B; }) == 0);
        CHECK(count([&] { y = A * x; }) == 0);
        CHECK(count([&] { y += A.T() * x; }) == 0);
        CHECK(count([&] { y = relu(A * x + x); }) == 0);
        CHECK(count([&] { C.col(0) = A * B.col(n - 1); }) == 0);
    }
}

TEMPLATE_TEST_CASE("a destination that is read elsewhere costs one temporary", "", Matrix<double>, Matrix<float>,
                   ColMatrix) {
    for (const index_t n : {3, 16, 32}) {
        CAPTURE(n);
        Operands<TestType> o(n);
        auto& [A, B, C, D, x, y, b] = o;
        CHECK(count([&] { A = A * B; }) == 1);
        CHECK(count([&] { A = B * A; }) == 1);
        CHECK(count([&] { A = A * A; }) == 1);
        CHECK(count([&] { A = A.T(); }) == 1);
        CHECK(count([&] { A = A + A.T(); }) == 1);
        CHECK(count([&] { A += A.T(); }) == 1);
        CHECK(count([&] { A += B * A; }) == 1);
        CHECK(count([&] { A -= A * B; }) == 1);
        CHECK(count([&] { A = A + A.row(0); }) == 1);
        CHECK(count([&] { A -= A.col(0); }) == 1);
        CHECK(count([&] { x = A * x; }) == 1);
        CHECK(count([&] { x += A * x; }) == 1);
        CHECK(count([&] { A = relu(A * B + C); }) == 1);
        CHECK(count([&] { A = relu(B * C + A); }) == 1);
        CHECK(count([&] { A.block(0, 0, n - 1, n) = A.block(1, 0, n - 1, n); }) == 1);
        CHECK(count([&] { A.col(0) = A * A.col(0); }) == 1);
        CHECK(count([&] { A.row(0) = A.col(0).T(); }) == 1);
    }
}

TEST_CASE("a chain of products allocates its intermediate results only") {
    Operands<Matrix<double>> o(24);
    auto& [A, B, C, D, x, y, b] = o;
    CHECK(count([&] { D = A * B * C; }) == 1);
    CHECK(count([&] { D = A * B * C * A; }) == 2);
    CHECK(count([&] { A = A * B * C; }) == 2);
    CHECK(count([&] { y = A * B * x; }) == 1);
    CHECK(count([&] { y = A * B * C * x; }) == 2);
    CHECK(count([&] { D = relu(A * B * C + b); }) == 1);
    CHECK(count([&] { D = A * B + B * C; }) == 0);
    CHECK(count([&] { D = A * B - B * C + A * C; }) == 0);
    CHECK(count([&] { D -= A * B - B * C; }) == 0);
    CHECK(count([&] { D = 2 * A * B + C; }) == 0);
    CHECK(count([&] { D = relu(D) - A * B; }) == 0);
    CHECK(count([&] { D = diag(x) * A * diag(y) + B; }) == 0);
    CHECK(count([&] { D = A * diag(x) * B; }) == 1);
    CHECK(count([&] { y = diag(x) * A * x; }) == 0);
}

TEST_CASE("making and copying a matrix allocates once, moving it never") {
    Operands<Matrix<double>> o(24);
    auto& [A, B, C, D, x, y, b] = o;
    CHECK(count([&] { Matrix<double> M(A); }) == 1);
    CHECK(count([&] { Matrix<double> M = A + B; }) == 1);
    CHECK(count([&] { Matrix<double> M = A * B; }) == 1);
    CHECK(count([&] { Matrix<double> M = relu(A * B.T() + b); }) == 1);
    CHECK(count([&] { auto M = eval(A + B); }) == 1);
    CHECK(count([&] { C = Matrix<double>(3, 5); }) == 1);
    CHECK(count([&] {
              Matrix<double> M = std::move(D);
              D = std::move(M);
          }) == 0);
    CHECK(count([&] { Matrix<double> M; }) == 0);
    CHECK(count([&] { C.resize(3, 5); }) == 0);
    CHECK(count([&] { C = A + B; }) == 1);  // another shape
    CHECK(count([&] { static_cast<void>((exp(A + 2.0 * B) * C).rows()); }) == 0);
    Matrix<double> temporary = A;
    CHECK(count([&] {
              auto node = std::move(temporary) + B;
              auto moved = std::move(node);
              C = moved;
          }) == 0);
}

TEST_CASE("fixed extents never allocate") {
    Matrix<double, 3, 3> A = {{1, 2, 3}, {4, 5, 6}, {7, 8, 10}}, B = A, C = A;
    Vector<double, 3> x = {1, 2, 3};
    CHECK(count([&] {
              C = A * B;
              C = A * B + C;
              C = relu(A * B + x);
              A = A * A;
              A = A.T();
              A = A + A.T();
              x = A * x;
              C = A + 2.0 * B;
          }) == 0);
}

TEST_CASE("reductions of elements allocate their result only") {
    Operands<Matrix<double>> o(40);
    auto& [A, B, C, D, x, y, b] = o;
    double s = 0;
    CHECK(count([&] { s += sum(A + B) + mean(exp(A)) + max(A - B) + min(A) + prod(A) + trace(A + B); }) == 0);
    CHECK(count([&] { s += dot(x, y) + dot(A.row(0), B.col(1)) + norm(x) + norm(A) + norm(A.col(2)); }) == 0);
    CHECK(count([&] { s += norm(x, 1) + norm(x - y, inf) + norm(x, 3); }) == 0);
    CHECK(count([&] { s += norm(A.block(1, 1, 7, 9)); }) == 1);
    CHECK(count([&] { s += norm(x - y); }) == 1);
    CHECK(count([&] { s += cosine_similarity(x, y) + cosine_similarity(A.row(0), A.row(1)); }) == 0);
    CHECK(count([&] { s += allclose(A, B) + (A == B) + all(A < B) + any(A > B); }) == 0);
    CHECK(count([&] { s += static_cast<double>(argmax(A) + argmin(A + B)); }) == 0);
    CHECK(count([&] { s += sum<0>(A)[0]; }) == 1);
    CHECK(count([&] { s += sum<1>(A + B)[0]; }) == 1);
    CHECK(count([&] { s += softmax(A)(0, 0); }) == 1);
    CHECK(s == s);
}
