#include "gram/io/npy.hpp"

#include <bit>
#include <cmath>
#include <complex>

#include "gram/expr/expr.hpp"
#include "support/catch.hpp"
#include "support/data.hpp"
#include "support/files.hpp"
#include "support/matrices.hpp"

using namespace gram;
using namespace gram::io;
using support::bytes_of;
using support::contains_text;
using support::Folder;
using support::format_error_of;
using support::write_bytes;

namespace {

// An npy file of the given version around a header and elements.
std::string npy(const std::string& header, const std::string& elements, int version = 1) {
    std::string bytes = std::string("\x93NUMPY", 6) + static_cast<char>(version) + '\0';
    for (int i = 0; i < (version == 1 ? 2 : 4); ++i) bytes += static_cast<char>(header.size() >> (8 * i) & 255);
    return bytes + header + elements;
}
std::string header(const std::string& descr, const std::string& order, const std::string& shape) {
    return "{'descr': '" + descr + "', 'fortran_order': " + order + ", 'shape': " + shape + ", }\n";
}
template <class S>
std::string raw(std::initializer_list<S> values, bool swap = false) {
    std::string bytes;
    for (const S value : values) {
        std::string one(reinterpret_cast<const char*>(&value), sizeof(S));
        if (swap) std::reverse(one.begin(), one.end());
        bytes += one;
    }
    return bytes;
}
template <class T>
bool same_bits(const Matrix<T>& A, const Matrix<T>& B) {
    return A.rows() == B.rows() && A.cols() == B.cols() &&
           (A.empty() || std::memcmp(A.data(), B.data(), static_cast<std::size_t>(A.size()) * sizeof(T)) == 0);
}
template <class T>
Matrix<T> load_bytes(const std::string& bytes, NpyOptions options = {}) {
    const Folder folder;
    write_bytes(folder / "a.npy", bytes);
    return load_npy<T>(folder / "a.npy", options);
}

}  // namespace

TEMPLATE_TEST_CASE("what is saved as npy loads with the same bits: NaN payloads, -0, denormals, empty", "", float,
                   double) {
    using T = TestType;
    using limits = std::numeric_limits<T>;
    const Folder folder;
    Matrix<T> A = support::gaussian<T>(5, 7, 1);
    A(0, 0) = -T{0};
    A(1, 1) = limits::denorm_min();
    A(2, 2) = -limits::infinity();
    A(3, 3) = static_cast<T>(std::nan("0x1234567890123"));
    A(4, 4) = -limits::quiet_NaN();
    for (const Matrix<T>& B : {A, Matrix<T>(0, 0), Matrix<T>(0, 3), Matrix<T>(3, 0), Matrix<T>(1, 1)}) {
        save_npy(folder / "a.npy", B);
        CHECK(same_bits(load_npy<T>(folder / "a.npy"), B));
    }
    CHECK(folder.count() == 1);
}

TEMPLATE_TEST_CASE("views, expressions and column-major matrices are saved as the matrix they show", "", float,
                   double) {
    using T = TestType;
    const Folder folder;
    const Matrix<T> A = support::gaussian<T>(6, 8, 2);
    const std::string path = folder / "a.npy";
    save_npy(path, A.T());
    CHECK(same_bits(load_npy<T>(path), Matrix<T>(A.T())));
    save_npy(path, A.block(1, 2, 3, 4));
    CHECK(same_bits(load_npy<T>(path), Matrix<T>(A.block(1, 2, 3, 4))));
    save_npy(path, view(A.data(), 3, 2, 16, 3));
    CHECK(same_bits(load_npy<T>(path), Matrix<T>(view(A.data(), 3, 2, 16, 3))));
    save_npy(path, A + A);
    CHECK(same_bits(load_npy<T>(path), Matrix<T>(A + A)));
    save_npy(path, Matrix<T, dynamic, dynamic, col_major>(A));
    CHECK(same_bits(load_npy<T>(path), A));
    save_npy(path, Matrix<T, 2, 2>{{1, 2}, {3, 4}});
    CHECK(same_bits(load_npy<T>(path), Matrix<T>{{1, 2}, {3, 4}}));
}

TEST_CASE("integers and booleans survive a round trip") {
    const Folder folder;
    const Matrix<std::int64_t> A{{1, -2}, {std::numeric_limits<std::int64_t>::max(), 0}};
    save_npy(folder / "a.npy", A);
    CHECK(same_bits(load_npy<std::int64_t>(folder / "a.npy"), A));
    const Matrix<bool> B{{true, false, true}};
    save_npy(folder / "b.npy", B);
    CHECK(same_bits(load_npy<bool>(folder / "b.npy"), B));
}

TEST_CASE("a file is what NumPy writes, byte for byte") {
    const Folder folder;
    save_npy(folder / "a.npy", Matrix<double>{{1, 2, 3}, {4, 5, 6}});
    std::string expected = "{'descr': '<f8', 'fortran_order': False, 'shape': (2, 3), }";
    expected.append(117 - expected.size(), ' ') += '\n';
    CHECK(bytes_of(folder / "a.npy") == npy(expected, raw<double>({1, 2, 3, 4, 5, 6})));
    save_npy(folder / "v.npy", Vector<float>{1, 2});
    CHECK_THAT(bytes_of(folder / "v.npy"), contains_text("{'descr': '<f4', 'fortran_order': False, 'shape': (2,), }"));
    CHECK(bytes_of(folder / "v.npy").size() == 128 + 8);
    save_npy(folder / "r.npy", RowVector<float>{1, 2});
    CHECK_THAT(bytes_of(folder / "r.npy"), contains_text("'shape': (1, 2), }"));
}

TEST_CASE("one dimension is a column, none is 1x1, and vectors load from any shape of one line") {
    const Folder folder;
    const auto load = [&](const std::string& shape) {
        write_bytes(folder / "a.npy", npy(header("<f8", "False", shape), raw<double>({1, 2, 3})));
        return load_npy<double>(folder / "a.npy");
    };
    CHECK(same_bits(load("(3,)"), Matrix<double>{{1}, {2}, {3}}));
    CHECK(load_npy_vector<double>(folder / "a.npy").size() == 3);
    CHECK(same_bits(load("(1, 3)"), Matrix<double>{{1, 2, 3}}));
    CHECK(load_npy_vector<double>(folder / "a.npy")[2] == 3);
    CHECK(load_bytes<double>(npy(header("<f8", "False", "()"), raw<double>({7})))(0, 0) == 7);
    write_bytes(folder / "a.npy", npy(header("<f8", "False", "(2, 2)"), raw<double>({1, 2, 3, 4})));
    CHECK_THROWS_WITH(load_npy_vector<double>(folder / "a.npy"), contains_text("2x2"));
    CHECK_THROWS_WITH(load_bytes<double>(npy(header("<f8", "False", "(1, 1, 1)"), raw<double>({1}))),
                      contains_text("at most 2 dimensions"));
}

TEST_CASE("both byte orders, both element orders and all versions give the same matrix") {
    const Matrix<double> A{{1, 2, 3}, {4, 5, 6}};
    const auto rows = {1.0, 2.0, 3.0, 4.0, 5.0, 6.0}, cols = {1.0, 4.0, 2.0, 5.0, 3.0, 6.0};
    for (const int version : {1, 2, 3}) {
        CHECK(same_bits(load_bytes<double>(npy(header("<f8", "False", "(2, 3)"), raw(rows), version)), A));
        CHECK(same_bits(load_bytes<double>(npy(header(">f8", "False", "(2, 3)"), raw(rows, true), version)), A));
        CHECK(same_bits(load_bytes<double>(npy(header("<f8", "True", "(2, 3)"), raw(cols), version)), A));
        CHECK(same_bits(load_bytes<double>(npy(header(">f8", "True", "(2, 3)"), raw(cols, true), version)), A));
        CHECK(same_bits(
            load_bytes<double>(npy(header(">f4", "True", "(2, 3)"), raw<float>({1, 4, 2, 5, 3, 6}, true), version)),
            A));
    }
}

TEMPLATE_TEST_CASE("every type of number is read in both byte orders and both element orders", "", bool, std::int8_t,
                   std::int16_t, std::int32_t, std::int64_t, std::uint8_t, std::uint16_t, std::uint32_t, std::uint64_t,
                   float, double, std::complex<float>, std::complex<double>) {
    using T = TestType;
    const std::string type = io::detail::npy_descr<T>().substr(1);
    Matrix<T> A(2, 3);
    for (index_t i = 0; i < 6; ++i) A.data()[i] = static_cast<T>(static_cast<real_t<T>>(i % 2 == 0 ? i + 120 : 1));
    if constexpr (is_complex_v<T>) A(1, 1) = T(-3, 0.5F);
    const std::string rows(reinterpret_cast<const char*>(A.data()), 6 * sizeof(T));
    const Matrix<T, dynamic, dynamic, col_major> B = A;
    const std::string cols(reinterpret_cast<const char*>(B.data()), 6 * sizeof(T));
    const auto swapped = [](std::string bytes) {
        const auto width = static_cast<std::ptrdiff_t>(sizeof(real_t<T>));
        for (auto at = bytes.begin(); at != bytes.end(); at += width) std::reverse(at, at + width);
        return bytes;
    };
    for (const int version : {1, 2, 3}) {
        const auto load = [&](const char* order, const char* fortran, const std::string& elements) {
            return load_bytes<T>(npy(header(order + type, fortran, "(2, 3)"), elements, version));
        };
        CHECK(same_bits(load("<", "False", rows), A));
        CHECK(same_bits(load(">", "False", swapped(rows)), A));
        CHECK(same_bits(load("<", "True", cols), A));
        CHECK(same_bits(load(">", "True", swapped(cols)), A));
        CHECK(same_bits(load("=", "False", rows), A));
    }
}

TEST_CASE("every half is the same number as a float and as a double") {
    std::string bytes;
    for (int i = 0; i < 65536; ++i) bytes += {static_cast<char>(i & 255), static_cast<char>(i >> 8)};
    const auto F = load_bytes<float>(npy(header("<f2", "False", "(65536,)"), bytes));
    const auto D = load_bytes<double>(npy(header("<f2", "False", "(65536,)"), bytes));
    int wrong = 0;
    for (int i = 0; i < 65536; ++i) {
        const int exponent = i >> 10 & 31, fraction = i & 1023;
        double x = exponent == 0 ? std::ldexp(fraction, -24) : std::ldexp(1024 + fraction, exponent - 25);
        if (exponent == 31) x = fraction == 0 ? HUGE_VAL : std::nan("");
        x = std::copysign(x, i < 32768 ? 1.0 : -1.0);
        const bool same = std::isnan(x) ? std::isnan(D(i, 0)) : D(i, 0) == x;
        wrong += !same || std::signbit(D(i, 0)) != std::signbit(x) ||
                 std::bit_cast<std::uint64_t>(static_cast<double>(F(i, 0))) != std::bit_cast<std::uint64_t>(D(i, 0));
    }
    CHECK(wrong == 0);
}

TEST_CASE("stored numbers become T only where none of them changes") {
    const auto load = [](const std::string& type, const std::string& bytes) {
        return load_bytes<double>(npy(header(type, "False", "(2,)"), bytes));
    };
    CHECK(same_bits(load("|i1", raw<std::int8_t>({-1, 2})), Matrix<double>{{-1}, {2}}));
    CHECK(same_bits(load("<u2", raw<std::uint16_t>({65535, 2})), Matrix<double>{{65535}, {2}}));
    CHECK(same_bits(load(">i4", raw<std::int32_t>({-7, 2}, true)), Matrix<double>{{-7}, {2}}));
    CHECK(same_bits(load("|b1", raw<char>({1, 0})), Matrix<double>{{1}, {0}}));
    CHECK(same_bits(load("<f2", raw<std::uint16_t>({0x3c01, 0x8001})), Matrix<double>{{1 + 0x1p-10}, {-0x1p-24}}));
    CHECK(std::isinf(load("<f2", raw<std::uint16_t>({0x7c00, 0}))(0, 0)));
    CHECK(std::isnan(load("<f2", raw<std::uint16_t>({0x7e00, 0}))(0, 0)));
    CHECK(same_bits(load("<i8", raw<std::int64_t>({std::int64_t{1} << 62, 2})), Matrix<double>{{0x1p62}, {2}}));
    CHECK_THROWS_WITH(load("<i8", raw<std::int64_t>({2, (std::int64_t{1} << 53) + 1})), contains_text("element 1"));
    CHECK_THROWS_AS(load("<u8", raw<std::uint64_t>({0, ~std::uint64_t{0}})), format_error);
    CHECK_THROWS_AS(load("|b1", raw<char>({1, 2})), format_error);
    CHECK_THROWS_AS(load_bytes<int>(npy(header("<f8", "False", "(1,)"), raw<double>({1}))), format_error);
    CHECK_THROWS_AS(load_bytes<std::int8_t>(npy(header("<i4", "False", "(1,)"), raw<int>({128}))), format_error);
    CHECK_THROWS_AS(load_bytes<std::uint64_t>(npy(header("<i4", "False", "(1,)"), raw<int>({-1}))), format_error);
}

TEST_CASE("doubles become floats only when rounding is asked for, and never infinite") {
    const std::string bytes = npy(header("<f8", "False", "(2,)"), raw<double>({0.1, 2}));
    CHECK_THROWS_WITH(load_bytes<float>(bytes), contains_text("round"));
    CHECK(load_bytes<float>(bytes, {.round = true})(0, 0) == 0.1F);
    CHECK_THROWS_AS(load_bytes<float>(npy(header("<f8", "False", "(1,)"), raw<double>({1e300})), {.round = true}),
                    format_error);
    CHECK(std::isinf(
        load_bytes<float>(npy(header("<f8", "False", "(1,)"), raw<double>({HUGE_VAL})), {.round = true})(0, 0)));
}

TEST_CASE("headers in other orders, quotes and with Python 2's integers are read") {
    for (const char* text : {"{\"shape\":(2,),\"descr\":\"<f8\",\"fortran_order\":False}",
                             "{'fortran_order': False, 'descr': '<f8', 'shape': (2L,)}   \n",
                             " { 'descr' : '=f8' , 'fortran_order' : False , 'shape' : ( 2 , ) } "}) {
        INFO(text);
        CHECK(load_bytes<double>(npy(text, raw<double>({1, 2}))).rows() == 2);
    }
}

TEST_CASE("a header that is not exactly a description of numbers is refused, with the place") {
    const std::string good = header("<f8", "False", "(2,)");
    const std::string data = raw<double>({1, 2});
    for (const std::string& text : {
             std::string(),
             std::string("{"),
             std::string("{}"),
             std::string("{'descr': '<f8'}"),
             good + "x",
             good.substr(1),
             header("|O", "False", "(2,)"),
             header("<f3", "False", "(2,)"),
             header("", "False", "(2,)"),
             header("<f16", "False", "(1,)"),
             header(">c32", "False", "(1,)"),
             header("|V8", "False", "(2,)"),
             header("<\xc3\xa9", "False", "(2,)"),
             header("f8", "False", "(2,)"),
             header("<f8\\n", "False", "(2,)"),
             header("<f8", "\xc3\x9f", "(2,)"),
             good.substr(0, good.size() - 1) + "\xc2\xa0\n",
             std::string("\xef\xbb\xbf") + good,
             good.substr(0, 20) + std::string(1, '\0') + good.substr(20),
             header("<c8", "False", "(2,)"),
             header("<U4", "False", "(1,)"),
             header("|S8", "False", "(2,)"),
             header("<M8[s]", "False", "(2,)"),
             header("|f8", "False", "(2,)"),
             header("<f8", "false", "(2,)"),
             header("<f8", "0", "(2,)"),
             header("<f8", "False", "(2)"),
             header("<f8", "False", "2"),
             header("<f8", "False", "(-2,)"),
             header("<f8", "False", "(02,)"),
             header("<f8", "False", "(2.0,)"),
             header("<f8", "False", "(2,"),
             header("<f8", "False", "(9223372036854775808,)"),
             header("<f8", "False", "(4294967296, 4294967296)"),
             header("<f8", "False", "(2305843009213693952, 8)"),
             std::string("{'descr': [('a', '<f8')], 'fortran_order': False, 'shape': (2,), }"),
             std::string("{'descr': ('<f8', (2,)), 'fortran_order': False, 'shape': (1,), }"),
             std::string("{'descr': [('a', '|O')], 'fortran_order': False, 'shape': (2,), }"),
             std::string("{'descr': '<f8', 'descr': '<f8', 'fortran_order': False, 'shape': (2,), }"),
             std::string("{'descr': '<f8', 'fortran_order': False, 'shape': (2,), 'more': 1}"),
             std::string("{'descr': '<f8, 'fortran_order': False, 'shape': (2,)}"),
             "{'descr': '<f8', 'fortran_order': False, 'shape': (" + std::string(40000, '9') + ",)}",
             "{'descr': '<f8', 'fortran_order': False, 'shape': " + std::string(60000, '(') + "}",
         }) {
        INFO(text.substr(0, 80));
        CHECK_THAT(format_error_of([&] { load_bytes<double>(npy(text, data)); }), contains_text("a.npy"));
    }
    for (const int dimensions : {33, 65}) {
        std::string shape = "(";
        for (int i = 0; i < dimensions; ++i) shape += "1, ";
        CHECK_THROWS_WITH(load_bytes<double>(npy(header("<f8", "False", shape + ")"), raw<double>({1}))),
                          contains_text(dimensions == 33 ? "at most 2 dimensions" : "at most 64 dimensions"));
    }
    CHECK_THROWS_WITH(load_bytes<double>(npy(header("<f16", "False", "(1,)"), data)), contains_text("long double"));
    CHECK(load_bytes<double>(npy(header("<f8", "False", "(0,)"), "")).rows() == 0);
    CHECK(load_bytes<double>(npy(good.substr(0, good.size() - 1), data)).rows() == 2);  // no line end is needed
}

TEST_CASE("sizes that the file does not hold are refused before memory is taken") {
    // 65536 x 65536 doubles would be 32 GiB, a header of 2^32 - 1 bytes 4 GiB.
    CHECK_THROWS_AS(load_bytes<double>(npy(header("<f8", "False", "(65536, 65536)"), raw<double>({1}))), format_error);
    CHECK_THROWS_WITH(load_bytes<double>(std::string("\x93NUMPY\x02\0\xff\xff\xff\xff", 12)),
                      contains_text("at most 65536"));
    CHECK_THROWS_AS(load_bytes<double>(std::string("\x93NUMPY\x01\0\xff\xff", 10)), format_error);
    CHECK_THROWS_WITH(load_bytes<double>(npy(header("<f8", "False", "(1,)"), raw<double>({1}), 9)),
                      contains_text("version"));
    CHECK_THROWS_AS(load_bytes<double>("not npy at all"), format_error);
    CHECK(load_bytes<double>(npy(header("<f8", "False", "(0, 1099511627776)"), "")).rows() == 0);
    CHECK_THROWS_AS(load_bytes<double>(npy(header("<f8", "False", "(0, 4611686018427387904)"), "")), format_error);
    CHECK(load_bytes<double>(npy(header("<f8", "True", "(3, 0)"), "")).rows() == 3);
}

TEST_CASE("a header of 100 MB is refused before it is read") {
    const Folder folder;
    const std::string path = folder / "a.npy";
    write_bytes(path, std::string("\x93NUMPY\x02\0\x00\xe1\xf5\x05", 12) + "{'descr': '<f8', ");
    std::filesystem::resize_file(path, 100'000'012);  // no block of it is written
    CHECK_THROWS_WITH(load_npy<double>(path), contains_text("byte 8: a header of 100000000 bytes"));
}

TEST_CASE("every prefix of an npy file and every byte too many is refused") {
    const Folder folder;
    save_npy(folder / "a.npy", Matrix<double>{{1, 2}, {3, 4}});
    const std::string golden = bytes_of(folder / "a.npy");
    const auto load = [](const std::string& path) { load_npy<double>(path); };
    CHECK(support::accepted_prefixes(folder / "b.npy", golden, load) == 0);
    write_bytes(folder / "b.npy", golden + "x");
    CHECK_THROWS_AS(load(folder / "b.npy"), format_error);
    CHECK(folder.count() == 2);
}

TEST_CASE("no flipped bit in the header does more than change or refuse the file") {
    const Folder folder;
    for (const char* const shape : {"(2, 2)", "(4,)"}) {
        const std::string golden = npy(header("<f4", "False", shape), raw<float>({1, 2, 3, 4}));
        const auto load = [](const std::string& path) { load_npy<double>(path, {.round = true}); };
        CHECK(support::refused_flips(folder / "a.npy", golden, 256, load) > 400);
    }
}

TEST_CASE("a failed load leaves its target alone and a failed save leaves the file alone") {
    const Folder folder;
    Matrix<double> A{{1, 2}};
    CHECK_THROWS_AS(A = load_npy<double>(folder / "missing.npy"), io_error);
    CHECK(same_bits(A, Matrix<double>{{1, 2}}));
    CHECK_THROWS_AS(save_npy(folder / "missing/a.npy", A), io_error);
}

TEST_CASE("NumPy's and SciPy's own files are read, and pickled objects refused") {
    for (const char* name : {"numpy/py2-objarr.npy", "numpy/py3-objarr.npy"}) {
        const std::string path = support::data_file("npy-fixtures/" + std::string(name));
        if (!path.empty()) CHECK_THROWS_WITH(load_npy<double>(path), contains_text("pickled"));
    }
    for (const char* name : {"numpy/python3.npy", "numpy/win64python2.npy"}) {
        const std::string path = support::data_file("npy-fixtures/" + std::string(name));
        if (!path.empty()) CHECK(load_npy<double>(path).size() > 0);
    }
    const std::string large = support::data_file("npy-fixtures/scipy/estimate_gradients_hang.npy");
    if (!large.empty()) CHECK(load_npy<double>(large).size() * 8 <= 35680);
}
