// The public types whose values may pass from one part to another, or lie in a structure that does, as the part that
// includes this sees them.
#pragma once

#include <array>

#include "part.hpp"

namespace {

template <class T>
constexpr TypeLayout layout_of() {
    return {__PRETTY_FUNCTION__, sizeof(T), alignof(T)};
}
template <class... Ts>
constexpr std::array<TypeLayout, sizeof...(Ts)> layouts_of() {
    return {layout_of<Ts>()...};
}

/// Containers and views of T, of every kind of extent that the compiler may know, and the results of factorizations.
template <class T>
constexpr auto layouts_for() {
    using namespace gram;
    return layouts_of<Matrix<T>, Matrix<T, dynamic, dynamic, col_major>, Matrix<T, 1, 1>, Matrix<T, 2, 2>,
                      Matrix<T, 3, 3>, Matrix<T, 4, 4>, Matrix<T, 4, 4, col_major>, Matrix<T, 8, 8>,
                      Matrix<T, 3, dynamic>, Matrix<T, dynamic, 3>, Vector<T>, Vector<T, 2>, Vector<T, 3>, Vector<T, 4>,
                      Vector<T, 8>, Vector<T, 16>, RowVector<T>, RowVector<T, 2>, RowVector<T, 4>, RowVector<T, 16>,
                      MatrixView<T>, MatrixView<const T>, MatrixView<T, dynamic, 1>, MatrixView<T, 1, dynamic>,
                      MatrixView<T, 4, 4>, kernel::MatRef<T>, kernel::VecRef<T>, kernel::Buffer<T>, DiagonalMatrix<T>,
                      TriangularView<T>, SymmetricView<T>, BandedMatrix<T>, Lu<T>, Qr<T>, QrPivoted<T>, Cod<T>, Ldlt<T>,
                      Svd<T>, Svd<T, 3>, Eigh<T>, Eigh<T, 3>, Polar<T>, Schur<T>, Hessenberg<T>, Slogdet<T>>();
}

/// What is made of real numbers only, and what does not depend on them.
template <class T>
constexpr auto layouts_for_real() {
    using namespace gram;
    return layouts_of<Eig<T>, RunningStats<T>, EigenPair<T>, EigenIteration<T>, IterativeResult<T>, nn::Dense<T>,
                      nn::Sequential<T>, rec::Rating<T>, rec::Ratings<T>, rec::FactorModel<T>, rec::MeanBaseline<T>,
                      rec::BiasBaseline<T>, rec::ScoredItem<T>, embed::Embeddings<T>, embed::ExactIndex<T>,
                      embed::ScoredWord<T>>();
}

constexpr auto layouts_of_floats = layouts_for<float>();
constexpr auto layouts_of_doubles = layouts_for<double>();
constexpr auto layouts_of_complex = layouts_for<std::complex<double>>();
constexpr auto layouts_of_models = layouts_for_real<float>();
constexpr auto layouts_of_others =
    layouts_of<gram::Matrix<int>, gram::Matrix<bool>, gram::Vector<std::uint8_t, 5>, gram::Vector<gram::index_t>,
               gram::Rng, gram::Categorical, gram::IndexList, gram::Range, gram::Every, gram::PermutationMatrix,
               gram::PrintOptions, gram::SvdOptions, gram::QrOptions, gram::IterativeOptions, gram::Inertia,
               gram::nn::TrainOptions, gram::RandomizedSvdOptions, gram::rec::AlsOptions, gram::rec::SgdOptions>();

}  // namespace
