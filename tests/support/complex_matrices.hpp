// The hostile matrices of matrices.hpp as complex ones.
#pragma once

#include <complex>

#include "support/matrices.hpp"

namespace support {

// A + i B.
template <class R>
gram::Matrix<std::complex<R>> complex_of(const gram::Matrix<R>& A, const gram::Matrix<R>& B) {
    gram::Matrix<std::complex<R>> Z(A.rows(), A.cols());
    for (index_t i = 0; i < A.size(); ++i) Z.data()[i] = {A.data()[i], B.data()[i]};
    return Z;
}

template <class C>
gram::Matrix<C> complex_gaussian(index_t m, index_t n, std::uint64_t seed) {
    using R = gram::real_t<C>;
    return complex_of(gaussian<R>(m, n, seed), gaussian<R>(m, n, seed + 1000));
}

// A itself, or D1 A D2 with diagonals of unit phases: the same singular values in a matrix that is complex.
template <class S>
gram::Matrix<S> with_phases(const gram::Matrix<gram::real_t<S>>& A) {
    using R = gram::real_t<S>;
    gram::Matrix<S> Z(A.rows(), A.cols());
    for (index_t i = 0; i < A.rows(); ++i)
        for (index_t j = 0; j < A.cols(); ++j) {
            const R a = A.data()[i * A.cols() + j];
            if constexpr (gram::is_complex_v<S>) {
                Z.data()[i * A.cols() + j] = std::polar(R(1), static_cast<R>(i * i + 3 * j)) * a;
            } else {
                Z.data()[i * A.cols() + j] = a;
            }
        }
    return Z;
}

// Every class with parts of its own kind, and real and imaginary ones of some.
template <class C>
std::vector<Named<C>> hostile_complex(index_t m, index_t n) {
    using R = gram::real_t<C>;
    const auto re = hostile_matrices<R>(m, n, 1), im = hostile_matrices<R>(m, n, 2);
    std::vector<Named<C>> all;
    for (std::size_t k = 0; k < re.size(); ++k) all.push_back({re[k].name, complex_of(re[k].A, im[k].A)});
    const gram::Matrix<R> zero(m, n), normal = gaussian<R>(m, n, 3);
    all.push_back({"real", complex_of(normal, zero)});
    all.push_back({"imaginary", complex_of(zero, normal)});
    return all;
}

// A^H, by its definition.
template <class C>
gram::Matrix<C> adjoint_of(const gram::Matrix<C>& A) {
    gram::Matrix<C> B(A.cols(), A.rows());
    for (index_t i = 0; i < A.rows(); ++i)
        for (index_t j = 0; j < A.cols(); ++j) B.data()[j * A.rows() + i] = std::conj(A.data()[i * A.cols() + j]);
    return B;
}

// (A + A^H) / 2.
template <class C>
gram::Matrix<C> hermitian(const gram::Matrix<C>& A) {
    const auto B = adjoint_of(A);
    gram::Matrix<C> S(A.rows(), A.cols());
    using R = gram::real_t<C>;
    for (index_t i = 0; i < A.size(); ++i) S.data()[i] = A.data()[i] * R(0.5) + B.data()[i] * R(0.5);
    return S;
}

}  // namespace support
