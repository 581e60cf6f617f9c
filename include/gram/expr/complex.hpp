/// Complex expressions: conjugates, parts, angles, and the conjugate transpose.
#pragma once

#include "gram/expr/functions.hpp"

namespace gram::inline GRAM_ISA {

/// The conjugate; of a real number the number itself.
struct Conjugate {
    static constexpr bool has_packet = true;  // of real numbers: complex ones have none
    static constexpr bool conjugates = true;  // products hand it to their kernel
    template <class A>
    constexpr A operator()(const A& x) const {
        if constexpr (is_complex_v<A>) {
            return {x.real(), -x.imag()};
        } else {
            return x;
        }
    }
    template <class P>
    GRAM_INLINE P packet(const P& x) const {
        return x;
    }
};
/// The real part.
struct RealPart {
    static constexpr bool has_packet = false;
    template <class A>
    constexpr real_t<A> operator()(const A& x) const {
        if constexpr (is_complex_v<A>) {
            return x.real();
        } else {
            return x;
        }
    }
};
/// The imaginary part; of a real number 0.
struct ImaginaryPart {
    static constexpr bool has_packet = false;
    template <class A>
    constexpr real_t<A> operator()(const A& x) const {
        if constexpr (is_complex_v<A>) {
            return x.imag();
        } else {
            return A{};
        }
    }
};
/// The angle of a complex number in (-pi, pi].
struct Argument {
    static constexpr bool has_packet = false;
    template <class A>
    real_t<A> operator()(const A& x) const {
        if constexpr (is_complex_v<A>) {
            return std::arg(x);
        } else {
            return std::atan2(A{}, x);
        }
    }
};

/// The conjugate of every element, lazily; of a real expression the expression.
/// @snippet scalars.cpp conj
template <Container E>
auto conj(const E& e GRAM_LIFETIMEBOUND) {
    return detail::make_map(Conjugate{}, e);
}
template <detail::Passing E>
auto conj(E&& e) {
    return detail::make_map(Conjugate{}, std::forward<E>(e));
}
/// The real part of every element, lazily.
/// @snippet scalars.cpp parts
template <Container E>
auto real(const E& e GRAM_LIFETIMEBOUND) {
    return detail::make_map(RealPart{}, e);
}
template <detail::Passing E>
auto real(E&& e) {
    return detail::make_map(RealPart{}, std::forward<E>(e));
}
/// The imaginary part of every element, lazily; zeros of a real expression.
/// @snippet scalars.cpp parts
template <Container E>
auto imag(const E& e GRAM_LIFETIMEBOUND) {
    return detail::make_map(ImaginaryPart{}, e);
}
template <detail::Passing E>
auto imag(E&& e) {
    return detail::make_map(ImaginaryPart{}, std::forward<E>(e));
}
/// The angle of every element in (-pi, pi], lazily; abs has the modulus.
/// @snippet scalars.cpp parts
template <Container E>
    requires(!std::is_integral_v<value_t<E>>)
auto arg(const E& e GRAM_LIFETIMEBOUND) { return detail::make_map(Argument{}, e); }
template <detail::Passing E>
    requires(!std::is_integral_v<value_t<E>>)
auto arg(E&& e) { return detail::make_map(Argument{}, std::forward<E>(e)); }

/// re + i im, element by element; the two are of one shape and precision.
/// @snippet scalars.cpp parts
template <MatrixExpr R, MatrixExpr I>
    requires SameValueType<R, I> && std::floating_point<value_t<R>>
[[nodiscard]] auto complex(const R& re, const I& im) {
    using C = std::complex<value_t<R>>;
    if (re.rows() != im.rows() || re.cols() != im.cols()) {
        throw_shape("complex", re.rows(), re.cols(), "+ i", im.rows(), im.cols());
    }
    Matrix<C, rows_v<R>, cols_v<R>> z(re.rows(), re.cols(), uninitialized);
    const auto x = detail::reader_of(re);
    const auto y = detail::reader_of(im);
    for (index_t i = 0; i < z.rows(); ++i)
        for (index_t j = 0; j < z.cols(); ++j)
            z.ref()(i, j) = C(x.at(i, j, detail::NoProduct{}), y.at(i, j, detail::NoProduct{}));
    return z;
}

/// The conjugate transpose, A^H: of a real expression its transpose (a view of a named container), of a complex one
/// lazy. `A.H()` is the same.
/// @snippet scalars.cpp adjoint
template <MatrixExpr E>
auto adjoint(E&& e) {
    if constexpr (is_complex_v<value_t<E>>) {
        return conj(transposed(std::forward<E>(e)));
    } else {
        return transposed(std::forward<E>(e));
    }
}

}  // namespace gram::inline GRAM_ISA
