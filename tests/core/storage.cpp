// When memory runs out, what was there before is still there. operator new is replaced in this program.
#include "gram/core/storage.hpp"

#include <cstdlib>
#include <new>
#include <utility>

#include "gram/gram.hpp"
#include "support/catch.hpp"

namespace {

long allowed = -1;  // allocations that still succeed; negative: all of them
long living = 0;    // blocks that are not yet freed

void* take(std::size_t size, std::size_t alignment) {
    if (allowed == 0) throw std::bad_alloc();
    if (allowed > 0) --allowed;
    const std::size_t rounded = (size + alignment - 1) / alignment * alignment;
    void* p = std::aligned_alloc(alignment, rounded == 0 ? alignment : rounded);
    if (p == nullptr) throw std::bad_alloc();
    ++living;
    return p;
}
[[gnu::noinline]] void give(void* p) {
    living -= p != nullptr;
    std::free(p);
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

// Runs f with 0, 1, 2, ... allocations allowed until it succeeds; after each failure `unchanged()` must hold and
// nothing may have leaked. Returns how often it failed.
template <class F, class G>
int fail_until_success(F f, G unchanged) {
    for (int n = 0; n < 100; ++n) {
        const long before = living;
        bool failed = false;
        allowed = n;
        try {
            f();
        } catch (const std::bad_alloc&) {
            failed = true;
        }
        allowed = -1;
        if (!failed) return n;
        CHECK(unchanged());
        CHECK(living == before);
    }
    return -1;
}

}  // namespace

TEST_CASE("an assignment that runs out of memory has changed nothing") {
    const Matrix<double> original = {{1, 2}, {3, 4}}, big = ones<double>(40, 40);
    Matrix<double> A = original;
    const auto same = [&] { return A == original; };
    const auto reset = [&] { A = original; };

    CHECK(fail_until_success([&] { A = big; }, same) == 1);
    reset();
    CHECK(fail_until_success([&] { A = big + big; }, same) == 1);
    reset();
    CHECK(fail_until_success([&] { A = A * A; }, same) == 1);
    reset();
    CHECK(fail_until_success([&] { A = A.T(); }, same) == 1);
    reset();
    CHECK(fail_until_success([&] { A += A.T(); }, same) == 1);
    reset();
    CHECK(fail_until_success([&] { A += A * A; }, same) == 1);
    reset();
    CHECK(fail_until_success([&] { A = A * A * A; }, same) == 2);
    reset();
    CHECK(fail_until_success([&] { A = hadamard(A * A, A * A); }, same) == 3);
    reset();
    CHECK(fail_until_success([&] { A.row(0) = A.col(1).T(); }, same) == 1);
    reset();
    CHECK(fail_until_success([&] { A.row(0) = A.row(0) * A; }, same) == 1);
    reset();
    CHECK(fail_until_success([&] { A.resize(30, 30); }, same) == 1);
    reset();
    CHECK(fail_until_success([&] { A = Matrix<double>(big); }, same) == 1);
}

TEST_CASE("a construction that runs out of memory leaks nothing") {
    const Matrix<double> big = ones<double>(40, 40);
    const auto nothing = [] { return true; };
    CHECK(fail_until_success([&] { Matrix<double> A(10, 10); }, nothing) == 1);
    CHECK(fail_until_success([&] { Matrix<double> A = big; }, nothing) == 1);
    CHECK(fail_until_success([&] { Matrix<double> A = big.T() + big; }, nothing) == 1);
    CHECK(fail_until_success([&] { Matrix<double> A = exp(Matrix<double>(big) + big); }, nothing) == 2);
    CHECK(fail_until_success([&] { auto s = softmax(big + 1); }, nothing) == 1);
    CHECK(fail_until_success([&] { auto s = sum<0>(big * big.T()); }, nothing) >= 2);
}

TEST_CASE("a moved-from storage is empty") {
    Storage<double, dynamic, dynamic> a(2, 3);
    CHECK((a.rows() == 2 && a.cols() == 3 && a.data() != nullptr));
    Storage<double, dynamic, dynamic> b(std::move(a));
    CHECK((a.rows() == 0 && a.cols() == 0 && a.data() == nullptr));  // NOLINT
    a = std::move(b);
    CHECK((a.rows() == 2 && b.data() == nullptr));  // NOLINT
    Storage<double, dynamic, dynamic>& same = a;
    a = std::move(same);
    CHECK((a.rows() == 2 && a.data() != nullptr));
}
