#include "gram/io/pgm.hpp"

#include <cmath>

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

template <class T = double>
Picture<T> load_bytes(const std::string& bytes) {
    const Folder folder;
    write_bytes(folder / "p.pgm", bytes);
    return load_picture<T>(folder / "p.pgm");
}
template <class T>
bool same(const Matrix<T>& A, const Matrix<T>& B) {
    return A.rows() == B.rows() && A.cols() == B.cols() && std::equal(A.begin(), A.end(), B.begin());
}

}  // namespace

TEMPLATE_TEST_CASE("grey and colour pictures of 8 and 16 bits survive a round trip", "", float, double, std::uint16_t) {
    using T = TestType;
    const Folder folder;
    support::Random random(1);
    for (const index_t max_value : {1, 255, 256, 65535}) {
        const auto any = [&](index_t, index_t) { return static_cast<double>(random.below(max_value + 1)); };
        const Matrix<T> A = support::generate<T>(5, 7, any);
        save_pgm(folder / "a.pgm", A, max_value);
        CHECK(same(load_pgm<T>(folder / "a.pgm"), A));
        CHECK(load_picture<T>(folder / "a.pgm").max_value == max_value);
        const Picture<T> picture{{A, support::generate<T>(5, 7, any), support::generate<T>(5, 7, any)}, max_value};
        save_ppm(folder / "a.ppm", picture);
        const Picture<T> back = load_ppm<T>(folder / "a.ppm");
        for (std::size_t p = 0; p < 3; ++p) CHECK(same(back.planes[p], picture.planes[p]));
    }
    const Matrix<T> A = support::generate<T>(2, 3, [](index_t i, index_t j) { return i + j; });
    save_pgm(folder / "a.pgm", A.T());
    CHECK(same(load_pgm<T>(folder / "a.pgm"), Matrix<T>(A.T())));
    CHECK(folder.count() == 2);
}

TEST_CASE("values are rounded to the nearest sample and limited; NaN and empty pictures are refused") {
    const Folder folder;
    save_pgm(folder / "a.pgm", Matrix<double>{{-5, 0.4, 0.6, 254.5, 300}});
    CHECK(same(load_pgm<double>(folder / "a.pgm"), Matrix<double>{{0, 0, 1, 255, 255}}));
    CHECK_THROWS_AS(save_pgm(folder / "a.pgm", Matrix<double>{{std::nan("")}}), non_finite);
    CHECK_THROWS_AS(save_pgm(folder / "a.pgm", Matrix<double>(0, 3)), shape_error);
    CHECK_THROWS_AS(save_pgm(folder / "a.pgm", Matrix<double>(1, 1), 65536), std::invalid_argument);
    CHECK_THROWS_AS(save_ppm(folder / "a.ppm", Picture<double>{}), shape_error);
    CHECK_THROWS_AS(
        save_ppm(folder / "a.ppm", Picture<double>{{Matrix<double>(1, 2), Matrix<double>(1, 2), Matrix<double>(2, 1)}}),
        shape_error);
    CHECK(load_pgm<double>(folder / "a.pgm").cols() == 5);
    CHECK(folder.count() == 1);
}

TEST_CASE("the four formats are read, with comments in their headers") {
    const Matrix<double> A{{1, 2, 3}, {4, 5, 6}};
    CHECK(same(load_bytes("P2\n# made by hand\n3 2 # width, height\n9\n1 2 3\n4\t5\r\n6").planes[0], A));
    CHECK(same(load_bytes("P5 3 2 255\n\1\2\3\4\5\6").planes[0], A));
    CHECK(same(load_bytes(std::string("P5\n3 2\n300\n\0\1\0\2\0\3\0\4\0\5\0\6", 23)).planes[0], A));
    CHECK(load_bytes("P3 1 1 255 7 8 9\n").planes[2](0, 0) == 9);
    CHECK(load_bytes("P6 1 2 255\nabcdef").planes[1](1, 0) == 'e');
    CHECK(load_bytes("P5 1 1 255\n#").planes[0](0, 0) == '#');
}

TEST_CASE("what is not a picture is refused with its byte") {
    for (const char* bytes : {"",
                              "P",
                              "P1 1 1 0",
                              "P7\n",
                              "X5 1 1 255\n1",
                              "P5",
                              "P5 1",
                              "P5 1 1",
                              "P5 1 1 255",
                              "P5 0 1 255\n",
                              "P5 1 0 255\n",
                              "P5 1 1 0\n1",
                              "P5 1 1 65536\n11",
                              "P5 -1 1 255\n1",
                              "P51 1 255\n1",
                              "P5 1 1 255\n",
                              "P5 1 1 255\n12",
                              "P5 1 1 300\n1",
                              "P5 1 1 9\nA",
                              "P2 1 1 9\n10",
                              "P2 1 1 9\n",
                              "P2 2 1 9\n1",
                              "P2 1 1 9\n1 2",
                              "P2 1 1 9\nx",
                              "P2 1 1 9\n-1",
                              "P2 1 1 9 1 # end",
                              "P5 99999999999999999999 1 255\n1",
                              "P5 2147483648 2147483648 255\n1",
                              "P6 2147483648 2147483648 65535\n1",
                              "P2 2000000000 2000000000 255\n1 1 1",
                              "P5 # no end",
                              "P5 1 1 1x\n1"}) {
        const std::string message = format_error_of([&] { load_bytes(bytes); });
        INFO(bytes << " -> " << message);
        const bool comment_at_end = std::string(bytes) == "P2 1 1 9 1 # end";
        CHECK((message.find("p.pgm: byte") != std::string::npos) != comment_at_end);
    }
    const Folder folder;
    write_bytes(folder / "c", "P6 1 1 255\nabc");
    CHECK_THROWS_WITH(load_pgm<float>(folder / "c"), contains_text("colour"));
    write_bytes(folder / "g", "P5 1 1 255\na");
    CHECK_THROWS_WITH(load_ppm<float>(folder / "g"), contains_text("grey"));
}

TEST_CASE("prefixes are refused and flipped bits never more than refused") {
    const Folder folder;
    const auto load = [](const std::string& path) { load_picture<float>(path); };
    const std::string binary = "P5\n3 2\n255\nabcdef", text = "P2\n3 2\n255\n1 2 3 4 5 6";
    CHECK(support::accepted_prefixes(folder / "a", binary, load) == 0);
    CHECK(support::accepted_prefixes(folder / "a", text, load) == 0);
    CHECK(support::refused_flips(folder / "a", binary, 11, load) > 40);
    CHECK(support::refused_flips(folder / "a", text, 256, load) > 60);
}

TEST_CASE("a photograph is read: mean 87.4799") {
    const std::string path = support::data_file("photos/ascent-512x512.pgm");
    if (path.empty()) return;
    const Matrix<double> A = load_pgm<double>(path);
    CHECK(A.rows() == 512);
    double sum = 0;
    for (const double x : A) sum += x;
    CHECK(std::abs(sum / static_cast<double>(A.size()) - 87.4799) < 1e-4);
}
