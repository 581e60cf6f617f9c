// MatrixMarket: every format, field and symmetry; round trips; broken files.
#include "gram/io/matrix_market.hpp"

#include <complex>
#include <limits>

#include "gram/gram.hpp"
#include "support/catch.hpp"
#include "support/files.hpp"

using namespace gram;
using support::format_error_of;
using support::write_bytes;

namespace {

template <class T>
Matrix<T> parsed(const std::string& path, const std::string& text) {
    write_bytes(path, text);
    return io::load_matrix_market<T>(path);
}
const std::string banner = "%%MatrixMarket matrix ";

}  // namespace

TEST_CASE("matrix market: formats, fields and symmetries mean what NIST says") {
    const support::Folder folder;
    const std::string path = folder / "a.mtx";
    const auto A =
        parsed<double>(path, banner + "coordinate real general\n% a comment\n\n2 3 2\n1 1 1.5\r\n2 3 -2e3\n");
    CHECK((A.rows() == 2 && A.cols() == 3 && A(0, 0) == 1.5 && A(1, 2) == -2000 && A(0, 1) == 0));
    const auto B = parsed<double>(path, banner + "array real general\n2 2\n1\n2\n3\n4\n");
    CHECK((B(0, 0) == 1 && B(1, 0) == 2 && B(0, 1) == 3));  // by columns
    const auto S = parsed<double>(path, banner + "array real symmetric\n2 2\n1\n2\n3\n");
    CHECK((S(0, 1) == 2 && S(1, 0) == 2 && S(1, 1) == 3));
    const auto K = parsed<int>(path, banner + "coordinate integer skew-symmetric\n2 2 1\n2 1 7\n");
    CHECK((K(1, 0) == 7 && K(0, 1) == -7));
    using C = std::complex<double>;
    const auto H = parsed<C>(path, banner + "coordinate complex hermitian\n2 2 2\n1 1 5 0\n2 1 1 2\n");
    CHECK((H(1, 0) == C(1, 2) && H(0, 1) == C(1, -2) && H(0, 0) == C(5)));
    const auto P = parsed<float>(path, "%%MatrixMarket MATRIX Coordinate Pattern General\n1 2 1\n1 2");
    CHECK((P(0, 1) == 1 && P(0, 0) == 0));
    CHECK(parsed<double>(path, banner + "coordinate real general\n0 5 0\n").cols() == 5);
    CHECK(parsed<double>(path, banner + "array real skew-symmetric\n1 1\n")(0, 0) == 0);
    // What stands twice is added, and triplets are as stored.
    CHECK(parsed<double>(path, banner + "coordinate integer general\n1 1 2\n1 1 1\n1 1 2\n")(0, 0) == 3);
    CHECK(io::load_matrix_market_triplets<double>(path).size() == 2);
}

TEMPLATE_TEST_CASE("matrix market: what is saved comes back bit by bit", "", float, double, int, std::complex<double>) {
    using T = TestType;
    const support::Folder folder;
    const std::string path = folder / "a.mtx";
    Matrix<T> A(3, 2);
    float next = 0;
    for (T& a : A) a = static_cast<T>(next += 1.25F);
    if constexpr (!std::is_integral_v<T>) A(1, 1) = T(std::numeric_limits<real_t<T>>::denorm_min());
    io::save_matrix_market(path, A);
    CHECK(io::load_matrix_market<T>(path) == A);
    io::save_matrix_market(path, A.T());
    CHECK(io::load_matrix_market<T>(path) == Matrix<T>(A.T()));
    const io::Triplets<T> sparse{4, 5, {3, 0}, {4, 1}, {A(0, 0), A(1, 1)}};
    io::save_matrix_market(path, sparse);
    const auto back = io::load_matrix_market_triplets<T>(path);
    CHECK((back.rows == sparse.rows && back.cols == sparse.cols && back.values == sparse.values));
    CHECK((back.row_count == 4 && back.col_count == 5 && folder.count() == 1));
    const io::Triplets<T> outside{2, 2, {2}, {0}, {T(1)}};
    CHECK_THROWS_AS(io::save_matrix_market(path, outside), std::out_of_range);
    CHECK(io::load_matrix_market<T>(path).rows() == 4);  // the old file is as it was
}

TEST_CASE("matrix market: broken files are refused with the line and what was expected") {
    const support::Folder folder;
    const std::string path = folder / "a.mtx";
    const auto refused = [&](const std::string& text, const std::string& message) {
        CAPTURE(text);
        write_bytes(path, text);
        CHECK_THAT(format_error_of([&] { (void)io::load_matrix_market_triplets<double>(path); }),
                   support::contains_text(message));
    };
    refused("", "empty file");
    refused("1 2 3\n", ":1: expected '%%MatrixMarket");
    refused(banner + "coordinate real\n", ":1:");
    refused(banner + "sparse real general\n", "format 'sparse'");
    refused(banner + "array pattern general\n", "field 'pattern'");
    refused(banner + "array quaternion general\n", "field 'quaternion'");
    refused(banner + "array real odd\n", "symmetry 'odd'");
    refused(banner + "array complex general\n1 1\n1 2\n", "complex elements");
    refused(banner + "coordinate real general\n2 2\n", "expected 3 numbers, found 2");
    refused(banner + "coordinate real general\n2 -2 1\n", "negative");
    refused(banner + "coordinate real general\n2 2 1\n3 1 1\n", ":3: element (3, 1) of a 2x2");
    refused(banner + "coordinate real general\n2 2 1\n0 1 1\n", "element (0, 1)");
    refused(banner + "coordinate real general\n2 2 1\n1 1\n", "expected 3 numbers, found 2");
    refused(banner + "coordinate real general\n2 2 1\n1 1 x\n", "expected a number, found 'x'");
    refused(banner + "coordinate real general\n2 2 1\n1 1 1\n2 2 2\n", "expected the end");
    refused(banner + "coordinate real general\n2 2 2\n1 1 1\n", "the file ends");
    refused(banner + "coordinate real symmetric\n2 2 1\n1 2 1\n", "above the diagonal");
    refused(banner + "coordinate real skew-symmetric\n2 2 1\n1 1 1\n", "on the diagonal");
    refused(banner + "coordinate real symmetric\n2 3 0\n", "symmetric matrix of 2x3");
    refused(banner + "array real general\n3000000000 3000000000\n1\n", "too short");
    refused(banner + "array real general\n4294967296 4294967296\n1\n", "2^63");
    refused(banner + "coordinate real general\n9223372036854775807 1 9223372036854775807\n", "too short");
    refused(banner + "coordinate real general\n99999999999999999999 1 1\n", "out of the range");
    refused(banner + std::string("array real general\n1 1\n1\0\n", 25), "zero byte");
    write_bytes(path, banner + "coordinate real general\n1 1 1\n1 1 0.5\n");
    CHECK_THROWS_AS(io::load_matrix_market<int>(path), format_error);
    CHECK_THROWS_AS(io::load_matrix_market<double>(folder / "none.mtx"), io_error);
    CHECK_THROWS_AS(io::load_matrix_market<double>(folder / ""), io_error);
}

TEST_CASE("matrix market: a sparse file of two lines is not made a dense matrix that fills the machine") {
    const support::Folder folder;
    const std::string path = folder / "a.mtx";
    write_bytes(path, banner + "coordinate real general\n100000 100000 1\n100000 1 2.5\n");
    CHECK_THAT(format_error_of([&] { (void)io::load_matrix_market<double>(path); }),
               support::contains_text(":2: a dense matrix of 100000x100000"));
    CHECK(io::load_matrix_market_triplets<double>(path).rows[0] == 99999);
    write_bytes(path, banner + "coordinate real general\n2000 3 0\n");
    CHECK_THROWS_AS(io::load_matrix_market<double>(path, {.dense_bytes = 47999}), format_error);
    CHECK(io::load_matrix_market<double>(path, {.dense_bytes = 48000}).rows() == 2000);
    // Without rows there is nothing to count the columns for.
    for (const char* sizes : {"0 4611686018427387904", "4611686018427387904 0"}) {
        write_bytes(path, banner + "array real general\n" + sizes + "\n");
        CHECK(io::load_matrix_market<double>(path).size() == 0);
    }
}

TEST_CASE("matrix market: integers that their type cannot hold are refused, not wrapped") {
    const support::Folder folder;
    const std::string path = folder / "a.mtx", head = banner + "coordinate integer ";
    const auto refused = [&](const std::string& text, const std::string& message) {
        write_bytes(path, text);
        CHECK_THAT(format_error_of([&] { (void)io::load_matrix_market<int>(path); }), support::contains_text(message));
    };
    refused(head + "skew-symmetric\n2 2 1\n2 1 -2147483648\n", ":3: the type asked for does not hold the negative");
    refused(head + "general\n1 1 1\n1 1 2147483648\n", "out of the range");
    refused(head + "general\n2 2 2\n2 1 2147483647\n2 1 1\n", "(1, 0) add up beyond");
    refused(head + "general\n2 2 2\n2 1 -2147483648\n2 1 -1\n", "(1, 0) add up beyond");
    write_bytes(path, head + "skew-symmetric\n2 2 1\n2 1 1\n");
    CHECK_THROWS_AS(io::load_matrix_market<unsigned>(path), format_error);
    const io::Triplets<int> twice{1, 1, {0, 0}, {0, 0}, {2147483647, 1}};
    CHECK_THROWS_AS(twice.dense(), std::overflow_error);
}

TEST_CASE("matrix market: truncations and flipped bits load or are refused, nothing else") {
    const support::Folder folder;
    const std::string path = folder / "a.mtx", golden = banner + "coordinate real symmetric\n3 3 2\n2 1 1.5\n3 3 -2\n";
    const auto load = [](const std::string& p) { (void)io::load_matrix_market_triplets<double>(p); };
    CHECK(support::accepted_prefixes(path, golden, load) <= 3);  // the last number shortened, or its line's end missing
    CHECK(support::refused_flips(path, golden, 256, load) > 100);
}
