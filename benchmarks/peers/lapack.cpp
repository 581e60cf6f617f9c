// Factorizations by a LAPACK: each call copies its input, asks for the size of its workspace and takes memory for it.
#include <algorithm>
#include <cmath>
#include <limits>
#include <memory>
#include <stdexcept>
#include <string>

#include "peers/library.hpp"

namespace peers {
namespace {

template <class T>
const Lapack<T>& lapack(const void* self) {
    const auto& library = *static_cast<const Library*>(self);
    if constexpr (std::is_same_v<T, float>) return library.lapack32;
    if constexpr (std::is_same_v<T, double>) return library.lapack64;
}

template <class T>
std::unique_ptr<T[]> buffer(long count) {
    return std::make_unique_for_overwrite<T[]>(static_cast<std::size_t>(count));
}
template <class T>
std::unique_ptr<T[]> copy(const T* from, long count) {
    auto to = buffer<T>(count);
    std::copy(from, from + count, to.get());
    return to;
}

void require(int info) {
    if (info != 0) throw std::runtime_error("LAPACK failed, info = " + std::to_string(info));
}

/// Calls f(work, length, info) for the length that it wants, then with so much.
template <class T, class F>
void with_workspace(const F& f) {
    T wanted{};
    int length = -1, info = 0;
    f(&wanted, &length, &info);
    require(info);
    // A length that T cannot hold may have been rounded down.
    length = static_cast<int>(std::ceil(wanted * (1 + std::numeric_limits<T>::epsilon())));
    const auto work = buffer<T>(length);
    f(work.get(), &length, &info);
    require(info);
}

/// The diagonal of a column-major matrix of m rows.
template <class T>
void diagonal(const T* a, long m, long n, T* to) {
    for (long j = 0; j < n; ++j) to[j] = a[j * (m + 1)];
}

template <class T>
void lu(const void* self, const Call<T>& c, long reps) {
    const auto& f = lapack<T>(self);
    const int n = static_cast<int>(c.n);
    while (reps-- > 0) {
        const auto a = copy(c.a, c.n * c.n);
        const auto pivots = buffer<int>(n);
        int info = 0;
        f.getrf(&n, &n, a.get(), &n, pivots.get(), &info);
        require(info);
        diagonal(a.get(), n, n, c.c);
    }
}

template <class T>
void solve(const void* self, const Call<T>& c, long reps) {
    const auto& f = lapack<T>(self);
    const int n = static_cast<int>(c.n), one = 1;
    while (reps-- > 0) {
        const auto a = copy(c.a, c.n * c.n);
        const auto pivots = buffer<int>(n);
        std::copy(c.b, c.b + n, c.c);
        int info = 0;
        f.gesv(&n, &one, a.get(), &n, pivots.get(), c.c, &n, &info);
        require(info);
    }
}

template <class T>
void cholesky(const void* self, const Call<T>& c, long reps) {
    const auto& f = lapack<T>(self);
    const int n = static_cast<int>(c.n);
    while (reps-- > 0) {
        const auto a = copy(c.a, c.n * c.n);
        int info = 0;
        f.potrf("L", &n, a.get(), &n, &info, 1);
        require(info);
        diagonal(a.get(), n, n, c.c);
    }
}

/// R to memory of its own, then Q in the place of the reflectors.
template <class T>
void finish_qr(const Lapack<T>& f, const int& m, const int& n, T* a, const T* tau, T* to) {
    const auto R = buffer<T>(long{n} * n);
    for (long j = 0; j < n; ++j) {
        T* const column = R.get() + j * n;
        std::fill(std::copy(a + j * m, a + j * m + j + 1, column), column + n, T{});
    }
    with_workspace<T>([&](T* work, int* length, int* info) { f.orgqr(&m, &n, &n, a, &m, tau, work, length, info); });
    diagonal(R.get(), n, n, to);
}

template <class T>
void qr(const void* self, const Call<T>& c, long reps) {
    const auto& f = lapack<T>(self);
    const int m = static_cast<int>(c.m), n = static_cast<int>(c.n);
    while (reps-- > 0) {
        const auto a = copy(c.a, c.m * c.n), tau = buffer<T>(n);
        with_workspace<T>([&](T* work, int* length, int* info) {  //
            f.geqrf(&m, &n, a.get(), &m, tau.get(), work, length, info);
        });
        finish_qr(f, m, n, a.get(), tau.get(), c.c);
    }
}

template <class T>
void qr_pivoted(const void* self, const Call<T>& c, long reps) {
    const auto& f = lapack<T>(self);
    const int m = static_cast<int>(c.m), n = static_cast<int>(c.n);
    while (reps-- > 0) {
        const auto a = copy(c.a, c.m * c.n), tau = buffer<T>(n);
        const auto pivots = buffer<int>(n);
        std::fill(pivots.get(), pivots.get() + n, 0);  // any column may go anywhere
        with_workspace<T>([&](T* work, int* length, int* info) {
            f.geqp3(&m, &n, a.get(), &m, pivots.get(), tau.get(), work, length, info);
        });
        finish_qr(f, m, n, a.get(), tau.get(), c.c);
    }
}

template <class T, bool Vectors>
void eigh(const void* self, const Call<T>& c, long reps) {
    const auto& f = lapack<T>(self);
    const int n = static_cast<int>(c.n);
    while (reps-- > 0) {
        const auto a = copy(c.a, c.n * c.n);
        int integers = 0, query = -1;
        std::unique_ptr<int[]> more;
        with_workspace<T>([&](T* work, int* length, int* info) {
            int* const place = more ? more.get() : &integers;
            f.syevd(Vectors ? "V" : "N", "L", &n, a.get(), &n, c.c, work, length, place, more ? &integers : &query,
                    info, 1, 1);
            if (!more) more = buffer<int>(integers);
        });
    }
}

template <class T, bool Vectors>
void svd(const void* self, const Call<T>& c, long reps) {
    const auto& f = lapack<T>(self);
    const int m = static_cast<int>(c.m), n = static_cast<int>(c.n);
    while (reps-- > 0) {
        const auto a = copy(c.a, c.m * c.n), u = buffer<T>(Vectors ? c.m * c.n : 1),
                   vt = buffer<T>(Vectors ? c.n * c.n : 1);
        const auto integers = buffer<int>(8 * c.n);
        with_workspace<T>([&](T* work, int* length, int* info) {
            f.gesdd(Vectors ? "S" : "N", &m, &n, a.get(), &m, c.c, u.get(), &m, vt.get(), &n, work, length,
                    integers.get(), info, 1);
        });
    }
}

template <class T, bool Vectors>
void eig(const void* self, const Call<T>& c, long reps) {
    const auto& f = lapack<T>(self);
    const int n = static_cast<int>(c.n), one = 1;
    while (reps-- > 0) {
        const auto a = copy(c.a, c.n * c.n), re = buffer<T>(n), im = buffer<T>(n),
                   v = buffer<T>(Vectors ? c.n * c.n : 1);
        with_workspace<T>([&](T* work, int* length, int* info) {
            f.geev("N", Vectors ? "V" : "N", &n, a.get(), &n, re.get(), im.get(), nullptr, &one, v.get(), &n, work,
                   length, info, 1, 1);
        });
        for (int j = 0; j < n; ++j) c.c[j] = re[j] * re[j] + im[j] * im[j];
    }
}

template <class T>
void fill(const Library& library, char letter, Lapack<T>& f, Table<T>& table) {
    const auto find = [&](auto& place, const char* name) {
        place = library.template find<std::remove_reference_t<decltype(place)>>(letter + std::string(name) + "_");
        return place != nullptr;
    };
    const bool has_q = find(f.orgqr, "orgqr");
    if (find(f.getrf, "getrf")) table[Op::lu] = lu<T>;
    if (find(f.gesv, "gesv")) table[Op::solve] = solve<T>;
    if (find(f.potrf, "potrf")) table[Op::cholesky] = cholesky<T>;
    if (find(f.geqrf, "geqrf") && has_q) table[Op::qr] = qr<T>;
    if (find(f.geqp3, "geqp3") && has_q) table[Op::qr_pivoted] = qr_pivoted<T>;
    if (find(f.syevd, "syevd")) table[Op::eigh] = eigh<T, true>, table[Op::eigvalsh] = eigh<T, false>;
    if (find(f.gesdd, "gesdd")) table[Op::svd] = svd<T, true>, table[Op::singular_values] = svd<T, false>;
    if (find(f.geev, "geev")) table[Op::eig] = eig<T, true>, table[Op::eigvals] = eig<T, false>;
}

}  // namespace

void add_lapack(Library& library, Tables& tables) {
    fill(library, 's', library.lapack32, tables.f32);
    fill(library, 'd', library.lapack64, tables.f64);
}

}  // namespace peers
