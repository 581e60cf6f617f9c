// A BLAS (and LAPACK) opened at run time: its C functions, by name, behind the table of a peer.
#include <dlfcn.h>

#include <algorithm>
#include <memory>

#include "peers/library.hpp"
#include "peers/peers.hpp"

namespace peers {
namespace {

// The numbers of cblas.h, which every implementation shares.
enum {
    row_major_order = 101,
    col_major_order = 102,
    no_trans = 111,
    trans = 112,
    lower = 122,
    non_unit = 131,
    left = 141
};

template <class T>
const Functions<T>& functions(const void* self) {
    const auto& library = *static_cast<const Library*>(self);
    if constexpr (std::is_same_v<T, float>) return library.f32;
    if constexpr (std::is_same_v<T, double>) return library.f64;
    if constexpr (std::is_same_v<T, std::complex<float>>) return library.c64;
    if constexpr (std::is_same_v<T, std::complex<double>>) return library.c128;
}

int narrow(long n) { return static_cast<int>(n); }

/// The arguments that every level 3 call takes, worked out before the loop.
template <class T>
struct Arguments {
    explicit Arguments(const Call<T>& c)
        : order(c.row_major ? row_major_order : col_major_order),
          ta(c.trans_a ? trans : no_trans),
          tb(c.trans_b ? trans : no_trans),
          m(narrow(c.m)),
          n(narrow(c.n)),
          k(narrow(c.k)),
          lda(narrow(c.lda())),
          ldb(narrow(c.ldb())),
          ldc(narrow(c.ldc())),
          alpha(Functions<T>::scalar(c.alpha)),
          beta(Functions<T>::scalar(c.beta)) {}
    int order, ta, tb, m, n, k, lda, ldb, ldc;
    typename Functions<T>::S alpha, beta;
};

template <class T>
void gemm(const void* self, const Call<T>& c, long reps) {
    const auto f = functions<T>(self).gemm;
    const Arguments<T> x(c);
    while (reps-- > 0) f(x.order, x.ta, x.tb, x.m, x.n, x.k, x.alpha, c.a, x.lda, c.b, x.ldb, x.beta, c.c, x.ldc);
}

template <class T>
void batch_loop(const void* self, const Call<T>& c, long reps) {
    const auto f = functions<T>(self).gemm;
    const Arguments<T> x(c);
    while (reps-- > 0) {
        for (long i = 0; i < c.count; ++i) {
            f(x.order, x.ta, x.tb, x.m, x.n, x.k, x.alpha, c.a + i * c.a_step, x.lda, c.b + i * c.b_step, x.ldb, x.beta,
              c.c + i * c.c_step, x.ldc);
        }
    }
}

template <class T>
void batch(const void* self, const Call<T>& c, long reps) {
    const auto f = functions<T>(self).batch;
    const Arguments<T> x(c);
    while (reps-- > 0) {
        f(x.order, x.ta, x.tb, x.m, x.n, x.k, x.alpha, c.a, x.lda, narrow(c.a_step), c.b, x.ldb, narrow(c.b_step),
          x.beta, c.c, x.ldc, narrow(c.c_step), narrow(c.count));
    }
}

template <class T>
void fused(const void* self, const Call<T>& c, long reps) {
    while (reps-- > 0) {
        gemm<T>(self, c, 1);
        for (long i = 0; i < c.m; ++i) {
            T* row = c.c + i * c.n;
            for (long j = 0; j < c.n; ++j) row[j] = std::max(row[j] + c.bias[j], T{});
        }
    }
}

template <class T>
void dot(const void* self, const Call<T>& c, long reps) {
    const auto f = functions<T>(self).dot;
    while (reps-- > 0) c.c[0] = f(narrow(c.n), c.a, 1, c.b, 1);
}
template <class T>
void axpy(const void* self, const Call<T>& c, long reps) {
    const auto f = functions<T>(self).axpy;
    while (reps-- > 0) f(narrow(c.n), c.alpha, c.a, 1, c.c, 1);
}
template <class T>
void nrm2(const void* self, const Call<T>& c, long reps) {
    const auto f = functions<T>(self).nrm2;
    while (reps-- > 0) c.c[0] = f(narrow(c.n), c.a, 1);
}
template <class T>
void gemv(const void* self, const Call<T>& c, long reps) {
    const auto f = functions<T>(self).gemv;
    const Arguments<T> x(c);
    while (reps-- > 0) f(x.order, x.ta, x.m, x.n, x.alpha, c.a, x.n, c.b, 1, x.beta, c.c, 1);
}
template <class T>
void ger(const void* self, const Call<T>& c, long reps) {
    const auto f = functions<T>(self).ger;
    const Arguments<T> x(c);
    while (reps-- > 0) f(x.order, x.m, x.n, x.alpha, c.a, 1, c.b, 1, c.c, x.ldc);
}
template <class T>
void symv(const void* self, const Call<T>& c, long reps) {
    const auto f = functions<T>(self).symv;
    const Arguments<T> x(c);
    while (reps-- > 0) f(x.order, lower, x.n, x.alpha, c.a, x.n, c.b, 1, x.beta, c.c, 1);
}
template <class T>
void trsm(const void* self, const Call<T>& c, long reps) {
    const auto f = functions<T>(self).trsm;
    const Arguments<T> x(c);
    while (reps-- > 0) f(x.order, left, lower, no_trans, non_unit, x.n, x.n, x.alpha, c.a, x.n, c.c, x.n);
}
template <class T>
void trmm(const void* self, const Call<T>& c, long reps) {
    const auto f = functions<T>(self).trmm;
    const Arguments<T> x(c);
    while (reps-- > 0) f(x.order, left, lower, no_trans, non_unit, x.n, x.n, x.alpha, c.a, x.n, c.c, x.n);
}
template <class T>
void syrk(const void* self, const Call<T>& c, long reps) {
    const auto f = functions<T>(self).syrk;
    const Arguments<T> x(c);
    while (reps-- > 0) f(x.order, lower, no_trans, x.n, x.n, x.alpha, c.a, x.n, x.beta, c.c, x.n);
}
template <class T>
void syr2k(const void* self, const Call<T>& c, long reps) {
    const auto f = functions<T>(self).syr2k;
    const Arguments<T> x(c);
    while (reps-- > 0) f(x.order, lower, no_trans, x.n, x.n, x.alpha, c.a, x.n, c.b, x.n, x.beta, c.c, x.n);
}

template <class T, void (*Functions<T>::*F)(int, const T*, T*)>
void each(const void* self, const Call<T>& c, long reps) {
    const auto f = functions<T>(self).*F;
    while (reps-- > 0) f(narrow(c.n), c.a, c.c);
}

/// Looks the functions of one scalar type up and fills the table with what was found.
template <class T>
void fill(const Library& library, Functions<T>& f, Table<T>& table) {
    const auto find = [&](auto& place, const std::string& name, Op op, Run<T> run) {
        place = library.template find<std::remove_reference_t<decltype(place)>>(name);
        if (place != nullptr) table[op] = run;
    };
    const std::string x = std::string("cblas_") + Letter<T>::value;
    find(f.gemm, x + "gemm", Op::gemm, gemm<T>);
    if (f.gemm != nullptr) table[Op::batch] = batch_loop<T>;
    find(f.batch, x + "gemm_batch_strided", Op::batch, batch<T>);
    if constexpr (Functions<T>::real) {
        if (f.gemm != nullptr) table[Op::fused] = fused<T>;
        find(f.dot, x + "dot", Op::dot, dot<T>);
        find(f.axpy, x + "axpy", Op::axpy, axpy<T>);
        find(f.nrm2, x + "nrm2", Op::nrm2, nrm2<T>);
        find(f.gemv, x + "gemv", Op::gemv, gemv<T>);
        find(f.ger, x + "ger", Op::ger, ger<T>);
        find(f.symv, x + "symv", Op::symv, symv<T>);
        find(f.trsm, x + "trsm", Op::trsm, trsm<T>);
        find(f.trmm, x + "trmm", Op::trmm, trmm<T>);
        find(f.syrk, x + "syrk", Op::syrk, syrk<T>);
        find(f.syr2k, x + "syr2k", Op::syr2k, syr2k<T>);
        const std::string v = std::string("v") + Letter<T>::value;
        find(f.exp, v + "Exp", Op::exp, each<T, &Functions<T>::exp>);
        find(f.log, v + "Ln", Op::log, each<T, &Functions<T>::log>);
        find(f.tanh, v + "Tanh", Op::tanh, each<T, &Functions<T>::tanh>);
        find(f.erf, v + "Erf", Op::erf, each<T, &Functions<T>::erf>);
    }
}

/// As in MKL's header.
struct MklVersion {
    int major, minor, update;
    const char *status, *build, *processor, *platform;
};

/// What the library says of itself: the version, and the core type it chose.
std::string version_of(const Library& library) {
    if (const auto config = library.find<const char* (*)()>("openblas_get_config")) {
        const auto core = library.find<const char* (*)()>("openblas_get_corename");
        std::string text = config();
        text = text.substr(0, text.find(' ', text.find(' ') + 1));  // "OpenBLAS 0.3.21"
        return text + (core != nullptr ? std::string(", core ") + core() : "");
    }
    if (const auto mkl = library.find<void (*)(MklVersion*)>("mkl_get_version")) {
        MklVersion v{};
        mkl(&v);
        return "MKL " + std::to_string(v.major) + "." + std::to_string(v.update);
    }
    if (const auto blis = library.find<const char* (*)()>("bli_info_get_version_str")) {
        const auto id = library.find<int (*)()>("bli_arch_query_id");
        const auto name = library.find<const char* (*)(int)>("bli_arch_string");
        return std::string("BLIS ") + blis() + (id && name ? std::string(", core ") + name(id()) : "");
    }
    return "of unknown version";
}

void set_threads(const Library& library, int threads) {
    for (const char* name : {"openblas_set_num_threads", "MKL_Set_Num_Threads"}) {
        if (const auto set = library.find<void (*)(int)>(name)) set(threads);
    }
    // BLIS counts in its own integers, which are as wide as a pointer.
    if (const auto set = library.find<void (*)(long)>("bli_thread_set_num_threads")) set(threads);
}

}  // namespace

bool open_blas(const std::string& spec, Op needed, int threads) {
    const auto equals = spec.find('=');
    if (equals == std::string::npos) return false;
    std::string path = spec.substr(equals + 1), prefix, suffix;
    if (const auto colon = path.find(':'); colon != std::string::npos) {
        prefix = path.substr(colon + 1), path = path.substr(0, colon);
        if (const auto next = prefix.find(':'); next != std::string::npos) {
            suffix = prefix.substr(next + 1), prefix = prefix.substr(0, next);
        }
    }
    auto library = std::make_unique<Library>();
    int flags = RTLD_NOW | RTLD_LOCAL;
#ifdef RTLD_DEEPBIND
    flags |= RTLD_DEEPBIND;  // what the library calls is its own, whoever else has the name
#endif
    library->handle = dlopen(path.c_str(), flags);
    library->prefix = prefix, library->suffix = suffix;
    if (library->handle == nullptr) return false;
    Peer peer{spec.substr(0, equals), "", path, library.get(), {}};
    fill(*library, library->f32, peer.tables.f32);
    fill(*library, library->f64, peer.tables.f64);
    fill(*library, library->c64, peer.tables.c64);
    fill(*library, library->c128, peer.tables.c128);
    add_lapack(*library, peer.tables);
    if (peer.tables.f64[needed] == nullptr) return false;
    set_threads(*library, threads);
    peer.version = version_of(*library);
    library.release();  // for the rest of the program
    all().push_back(std::move(peer));
    return true;
}

}  // namespace peers
