// What is saved comes back with the same bits in every format: NaN payloads where a format has them, -0, denormals, no
// elements, and views that step over elements.
#include <cmath>
#include <complex>
#include <cstring>
#include <functional>

#include "gram/gram.hpp"
#include "support/catch.hpp"
#include "support/files.hpp"
#include "support/matrices.hpp"

using namespace gram;
using support::Folder;

namespace {

template <class T>
bool same_bits(const Matrix<T>& A, const Matrix<T>& B) {
    return A.rows() == B.rows() && A.cols() == B.cols() &&
           (A.size() == 0 || std::memcmp(A.data(), B.data(), static_cast<std::size_t>(A.size()) * sizeof(T)) == 0);
}
// Where a format writes digits, a NaN comes back as a NaN.
template <class T>
Matrix<T> with_one_nan(Matrix<T> A) {
    for (T& x : A) x = std::isnan(x) ? std::numeric_limits<T>::quiet_NaN() : x;
    return A;
}
template <class T>
Matrix<T> special_values(bool signalling) {
    using limits = std::numeric_limits<T>;
    Matrix<T> A = support::gaussian<T>(8, 6, 3);
    A(0, 0) = -T{0};
    A(0, 1) = limits::denorm_min();
    A(0, 2) = -limits::denorm_min();
    A(1, 0) = limits::infinity();
    A(1, 1) = -limits::infinity();
    A(1, 2) = limits::max();
    A(1, 3) = limits::min();
    A(2, 0) = static_cast<T>(std::nan("0x1357"));
    A(2, 1) = -static_cast<T>(std::nan("0x2468"));
    if (signalling) A(2, 2) = limits::signaling_NaN();
    A(3, 3) = std::nextafter(T{1}, T{2});
    A(7, 5) = T(0.1);
    return A;
}
// Every shape of A that a saver may be given: `check(view, what it shows)`.
template <class T, class Check>
void with_views(const Matrix<T>& A, Check check) {
    const Matrix<T, dynamic, dynamic, col_major> by_columns = A;
    check(A, A);
    check(by_columns, A);
    check(A.T(), Matrix<T>(A.T()));
    check(A.block(1, 1, 5, 3), Matrix<T>(A.block(1, 1, 5, 3)));
    check(by_columns.block(0, 2, 4, 4), Matrix<T>(by_columns.block(0, 2, 4, 4)));
    const auto strided = view(A.data(), 4, 3, 12, 2);
    check(strided, Matrix<T>(strided));
    check(view(A.data(), 1, 1, 1, 1), Matrix<T>(view(A.data(), 1, 1, 1, 1)));
}

}  // namespace

TEMPLATE_TEST_CASE("npy, read and mapped: every bit, from every view", "", float, double) {
    using T = TestType;
    const Folder folder;
    const std::string path = folder / "a.npy";
    const auto check = [&](const auto& e, const Matrix<T>& expected) {
        io::save_npy(path, e);
        CHECK(same_bits(io::load_npy<T>(path), expected));
        const io::MappedNpy<T> mapped(path);
        CHECK(same_bits(Matrix<T>(mapped.view()), expected));
    };
    with_views(special_values<T>(false), check);
    // No arithmetic touches what is stored, so not even a signalling NaN becomes a quiet one.
    const Matrix<T> A = special_values<T>(true);
    io::save_npy(path, A);
    CHECK(same_bits(io::load_npy<T>(path), A));
    for (const auto& empty : {Matrix<T>(0, 0), Matrix<T>(0, 3), Matrix<T>(3, 0)}) check(empty, empty);
    const Matrix<std::complex<T>> Z = {{{A(2, 0), -T{0}}, {T{1}, A(1, 1)}}};
    io::save_npy(path, Z);
    CHECK(same_bits(io::load_npy<std::complex<T>>(path), Z));
}

TEST_CASE("fvecs: every bit, from every view") {
    const Folder folder;
    with_views(special_values<float>(false), [&](const auto& e, const Matrix<float>& expected) {
        io::save_fvecs(folder / "a", e);
        CHECK(same_bits(io::load_fvecs(folder / "a"), expected));
    });
}

TEMPLATE_TEST_CASE("csv and MatrixMarket: every bit but those of a NaN, from every view", "", float, double) {
    using T = TestType;
    const Folder folder;
    with_views(special_values<T>(false), [&](const auto& e, const Matrix<T>& shown) {
        const Matrix<T> expected = with_one_nan(shown);
        io::save_csv(folder / "a", e);
        CHECK(same_bits(with_one_nan(io::load_csv<T>(folder / "a")), expected));
        io::save_matrix_market(folder / "a", e);
        CHECK(same_bits(with_one_nan(io::load_matrix_market<T>(folder / "a")), expected));
    });
    for (const auto& empty : {Matrix<T>(0, 0), Matrix<T>(0, 3), Matrix<T>(3, 0)}) {
        io::save_matrix_market(folder / "a", empty);
        CHECK(same_bits(io::load_matrix_market<T>(folder / "a"), empty));
    }
}

TEST_CASE("text has the shortest digits that are the number") {
    const Folder folder;
    const Matrix<double> A = {{0.1, 1e23, 5e-324, -0.0}, {1.0 / 3, 123456789, 1e300, 2.5}};
    const std::string expected = "0.1,1e+23,5e-324,-0\n0.3333333333333333,123456789,1e+300,2.5\n";
    io::save_csv(folder / "a", A);
    CHECK(support::bytes_of(folder / "a") == expected);
    io::save_csv(folder / "a", Matrix<float>{{0.1F, 16777216.0F, 1e-45F}});
    CHECK(support::bytes_of(folder / "a") == "0.1,16777216,1e-45\n");
    io::save_matrix_market(folder / "a", Matrix<double>{{0.1}});
    CHECK(support::bytes_of(folder / "a") == "%%MatrixMarket matrix array real general\n1 1\n0.1\n");
}
