/// A shared library whose functions are looked up by name: what blas.cpp and lapack.cpp share.
#pragma once

#include <dlfcn.h>

#include <complex>
#include <string>
#include <type_traits>

#include "peers/table.hpp"

namespace peers {

template <class T>
struct Letter;
template <>
struct Letter<float> {
    static constexpr char value = 's';
};
template <>
struct Letter<double> {
    static constexpr char value = 'd';
};
template <>
struct Letter<std::complex<float>> {
    static constexpr char value = 'c';
};
template <>
struct Letter<std::complex<double>> {
    static constexpr char value = 'z';
};

/// The C interface for one scalar type; scalars of complex routines are passed by address.
template <class T>
struct Functions {
    static constexpr bool real = std::is_floating_point_v<T>;
    using S = std::conditional_t<real, T, const void*>;

    void (*gemm)(int, int, int, int, int, int, S, const T*, int, const T*, int, S, T*, int);
    void (*batch)(int, int, int, int, int, int, S, const T*, int, int, const T*, int, int, S, T*, int, int, int);
    T (*dot)(int, const T*, int, const T*, int);
    void (*axpy)(int, S, const T*, int, T*, int);
    T (*nrm2)(int, const T*, int);
    void (*gemv)(int, int, int, int, S, const T*, int, const T*, int, S, T*, int);
    void (*ger)(int, int, int, S, const T*, int, const T*, int, T*, int);
    void (*symv)(int, int, int, S, const T*, int, const T*, int, S, T*, int);
    void (*trsm)(int, int, int, int, int, int, int, S, const T*, int, T*, int);
    void (*trmm)(int, int, int, int, int, int, int, S, const T*, int, T*, int);
    void (*syrk)(int, int, int, int, int, S, const T*, int, S, T*, int);
    void (*syr2k)(int, int, int, int, int, S, const T*, int, const T*, int, S, T*, int);
    void (*exp)(int, const T*, T*);  // of a vector, in the names of MKL
    void (*log)(int, const T*, T*);
    void (*tanh)(int, const T*, T*);
    void (*erf)(int, const T*, T*);

    static S scalar(const T& x) {
        if constexpr (real) {
            return x;
        } else {
            return &x;
        }
    }
};

/// The functions of LAPACK as Fortran passes its arguments: by address, and after them the lengths of the texts.
template <class T>
struct Lapack {
    using Int = const int*;
    using Text = const char*;
    using Length = std::size_t;

    void (*getrf)(Int, Int, T*, Int, int*, int*);
    void (*gesv)(Int, Int, T*, Int, int*, T*, Int, int*);
    void (*potrf)(Text, Int, T*, Int, int*, Length);
    void (*geqrf)(Int, Int, T*, Int, T*, T*, Int, int*);
    void (*geqp3)(Int, Int, T*, Int, int*, T*, T*, Int, int*);
    void (*orgqr)(Int, Int, Int, T*, Int, const T*, T*, Int, int*);
    void (*syevd)(Text, Text, Int, T*, Int, T*, T*, Int, int*, Int, int*, Length, Length);
    void (*gesdd)(Text, Int, Int, T*, Int, T*, T*, Int, T*, Int, T*, Int, int*, int*, Length);
    void (*geev)(Text, Text, Int, T*, Int, T*, T*, T*, Int, T*, Int, T*, Int, int*, Length, Length);
};

struct Library {
    void* handle = nullptr;
    std::string prefix, suffix;
    Functions<float> f32;
    Functions<double> f64;
    Functions<std::complex<float>> c64;
    Functions<std::complex<double>> c128;
    Lapack<float> lapack32;
    Lapack<double> lapack64;

    /// The function of this name; a null pointer when the library has none.
    template <class F>
    F find(const std::string& name) const {
        return reinterpret_cast<F>(dlsym(handle, (prefix + name + suffix).c_str()));
    }
};

/// Looks up the functions of LAPACK, of which there may be none, and adds what can be done with them.
void add_lapack(Library& library, Tables& tables);

}  // namespace peers
