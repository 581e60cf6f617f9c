#include "gram/io/csv.hpp"

#include <clocale>
#include <cmath>
#include <locale>

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
Matrix<T> load_text(const std::string& text, const CsvOptions& options = {}) {
    const Folder folder;
    write_bytes(folder / "a.csv", text);
    return load_csv<T>(folder / "a.csv", options);
}
template <class T>
bool same(const Matrix<T>& A, const Matrix<T>& B) {
    return A.rows() == B.rows() && A.cols() == B.cols() && std::equal(A.begin(), A.end(), B.begin());
}

}  // namespace

TEMPLATE_TEST_CASE("what is saved as csv loads with the same bits", "", float, double) {
    using T = TestType;
    using limits = std::numeric_limits<T>;
    const Folder folder;
    Matrix<T> A = support::gaussian<T>(9, 4, 1);
    A(0, 0) = -T{0};
    A(1, 1) = limits::denorm_min();
    A(2, 2) = limits::max();
    A(3, 3) = -limits::infinity();
    save_csv(folder / "a.csv", A);
    const Matrix<T> B = load_csv<T>(folder / "a.csv");
    REQUIRE(same(A, B));
    CHECK(std::memcmp(A.data(), B.data(), static_cast<std::size_t>(A.size()) * sizeof(T)) == 0);
    save_csv(folder / "a.csv", A.T(), {.separator = ';'});
    CHECK(same(load_csv<T>(folder / "a.csv", {.separator = ';'}), Matrix<T>(A.T())));
    save_csv(folder / "a.csv", A * T{2});
    CHECK(same(load_csv<T>(folder / "a.csv"), Matrix<T>(A * T{2})));
    save_csv(folder / "a.csv", Matrix<T>{{limits::quiet_NaN()}});
    CHECK(std::isnan(load_csv<T>(folder / "a.csv")(0, 0)));
    CHECK(folder.count() == 1);
}

TEST_CASE("names of columns survive, whatever they hold, also over no rows") {
    const Folder folder;
    const std::vector<std::string> names{"plain", "with, comma", "with \"quotes\"", "two\nlines", " blank ", ""};
    for (const index_t rows : {0, 2}) {
        save_csv(folder / "a.csv", Matrix<double>(rows, 6), {.names = names});
        const auto table = load_csv_table<double>(folder / "a.csv", {.header = true});
        CHECK(table.names == names);
        CHECK(table.values.rows() == rows);
        CHECK(table.values.cols() == 6);
    }
    CHECK_THROWS_AS(save_csv(folder / "b.csv", Matrix<double>(2, 3), {.names = {"a"}}), shape_error);
    CHECK_THROWS_AS(save_csv(folder / "b.csv", Matrix<double>(0, 3)), shape_error);
    CHECK_THROWS_AS(save_csv(folder / "b.csv", Matrix<double>(3, 0)), shape_error);
    CHECK(folder.count() == 1);
}

TEST_CASE("line ends, byte order mark, blanks and quotes do not change the numbers") {
    const Matrix<double> A{{1, 2.5}, {-3, 4}};
    for (const char* text : {"1,2.5\n-3,4\n", "1,2.5\n-3,4", "1,2.5\r\n-3,4\r\n",
                             "\xef\xbb\xbf"
                             "1,2.5\n-3,4\n\n\n",
                             " 1 ,\t2.5\n-3 , 4", "\"1\",\"2.5\"\n\"-3\",4", "+1,2.5e0\n-3,.4e1\n"}) {
        INFO(text);
        CHECK(same(load_text(text), A));
    }
    CHECK(same(load_text("1;2.5\n-3;4\n", {.separator = ';'}), A));
    CHECK(same(load_text("1\t2.5\n-3\t4\n", {.separator = '\t'}), A));
    CHECK(same(load_text("  1   2.5\n-3 \t 4 \n", {.separator = ' '}), A));
    CHECK(same(load_text("a,b\n1,2.5\n-3,4\n", {.header = true}), A));
    CHECK(same(load_text("x,1,2.5\n\"y, z\",-3,4\n", {.columns = {1, 2}}), A));
    CHECK(same(load_text("2.5,1\n4,-3\n", {.columns = {1, 0}}), A));
    CHECK(std::isnan(load_text("nan\n")(0, 0)));
    CHECK(std::isinf(load_text("-inf\n")(0, 0)));
    CHECK(load_text<int>("1,-2\n")(0, 1) == -2);
}

TEST_CASE("what is not a table of numbers is refused with its line") {
    const auto refused_at = [](const std::string& text, const char* place, const CsvOptions& options = {}) {
        const std::string message = format_error_of([&] { load_text(text, options); });
        INFO(text.substr(0, 40) << " -> " << message);
        CHECK(message.find(std::string("a.csv:") + place + ": ") != std::string::npos);
    };
    refused_at("", "1");
    refused_at("\n\n", "1");
    refused_at("1,2\n3\n", "2");
    refused_at("1,2\n3,4,5\n", "2");
    refused_at("1,2\n3,\n", "2");
    refused_at(",1\n", "1");
    refused_at("1,2\n\n3,4\n", "2");
    refused_at("1,2\nx,4\n", "2");
    refused_at("1,2\n3,0x1p3\n", "2");
    refused_at("1,2\n3,1e400\n", "2");
    refused_at("1;2\n3;1,5\n", "2", {.separator = ';'});
    refused_at("1,2\r3,4\r", "1");
    refused_at("1,2\n3,4\rx\n", "2");
    refused_at(std::string("1,2\n3,\0\n", 8), "2");
    refused_at("1,\"2\n3,4\n", "1");
    refused_at("\"a\nb\",\"2\"x\n", "2");
    refused_at("1," + std::string(1000000, 'x') + "\n", "1");
    refused_at("a,b\n1\n", "2", {.header = true});
    CHECK_THROWS_WITH(load_text("\xff\xfe"
                                "1\0"),
                      contains_text("UTF-16"));
    CHECK_THROWS_WITH(load_text(std::string("\xfe\xff\0"
                                            "1",
                                            4)),
                      contains_text("a.csv:1: the text is UTF-16"));
    CHECK_THROWS_WITH(load_text<int>("1\n1.5\n"), contains_text("whole number"));
    refused_at("1,2\n", "1", {.columns = {2}});
    CHECK_THROWS_AS(load_text("1,2\n", {.columns = {-1}}), std::out_of_range);
    CHECK_THROWS_AS(load_text("1,2\n", {.separator = '"'}), std::invalid_argument);
}

TEST_CASE("a long number and a million columns are read") {
    CHECK(load_text("1." + std::string(1000000, '0') + "\n")(0, 0) == 1);
    std::string wide;
    for (int i = 0; i < 1000000; ++i) wide += "1,";
    CHECK(load_text(wide + "1\n").cols() == 1000001);
}

TEST_CASE("a locale with decimal commas changes neither what is read nor what is written") {
    struct Comma : std::numpunct<char> {
        [[nodiscard]] char do_decimal_point() const override { return ','; }
        [[nodiscard]] char do_thousands_sep() const override { return '.'; }
        [[nodiscard]] std::string do_grouping() const override { return "\3"; }
    };
    const Folder folder;
    const std::locale before = std::locale::global(std::locale(std::locale::classic(), new Comma));
    for (const char* name : {"de_DE.UTF-8", "de_DE.utf8", "de_DE", "fr_FR.UTF-8"}) {
        if (std::setlocale(LC_ALL, name) != nullptr) break;
    }
    save_csv(folder / "a.csv", Matrix<double>{{1234567.25, -0.5}});
    const std::string written = bytes_of(folder / "a.csv");
    const Matrix<double> read = load_csv<double>(folder / "a.csv");
    const Matrix<double> apart = load_text("1,5\n");
    const std::string refused = format_error_of([&] { load_text("1,5;2\n", {.separator = ';'}); });
    std::setlocale(LC_ALL, "C");
    std::locale::global(before);
    CHECK(written == "1234567.25,-0.5\n");
    CHECK(same(read, Matrix<double>{{1234567.25, -0.5}}));
    CHECK(same(apart, Matrix<double>{{1, 5}}));
    CHECK_THAT(refused, contains_text("expected a number, found '1,5'"));
}

TEST_CASE("text is bytes: other encodings than UTF-8 come through") {
    const Folder folder;
    write_bytes(folder / "a.csv", "1,Caf\xe9\n2,\x80\xff\n");
    const CsvText table = load_csv_text(folder / "a.csv");
    CHECK((table.rows[0][1] == "Caf\xe9" && table.rows[1][1] == "\x80\xff"));
    CHECK_THROWS_WITH(load_csv<double>(folder / "a.csv"), contains_text("'Caf\\xe9'"));
}

TEST_CASE("a prefix of a csv file is refused or is the rows so far") {
    const Folder folder;
    const std::string golden = "10.5,-2e3\n0.25,7\n";
    support::accepted_prefixes(folder / "a.csv", golden, [](const std::string& path) {
        const Matrix<double> A = load_csv<double>(path);
        CHECK((A.rows() == 1 || A.rows() == 2));
    });
    const auto load = [](const std::string& path) { load_csv<double>(path); };
    CHECK(support::refused_flips(folder / "a.csv", golden, golden.size(), load) > 30);
}

TEST_CASE("text tables keep commas, quotes and line ends within quotes") {
    const Folder folder;
    write_bytes(folder / "a.csv", "id,title\n1,\"Piano, The \"\"1993\"\"\"\n2,\"two\nlines\"\n3,bare \"word\"\n");
    const CsvText table = load_csv_text(folder / "a.csv", {.header = true});
    CHECK(table.names == std::vector<std::string>{"id", "title"});
    REQUIRE(table.rows.size() == 3);
    CHECK(table.rows[0][1] == "Piano, The \"1993\"");
    CHECK(table.rows[1][1] == "two\nlines");
    CHECK(table.rows[2][1] == "bare \"word\"");
}

TEST_CASE("real tables are read") {
    const std::string iris = support::data_file("tables/iris.csv");
    if (!iris.empty()) {
        const Matrix<double> A = load_csv<double>(iris, {.header = true});
        CHECK(A.rows() == 150);
        CHECK(A.cols() == 5);
    }
    const std::string movies = support::data_file("movielens-latest-small/movies.csv");
    if (!movies.empty()) CHECK(load_csv_text(movies, {.header = true}).rows.size() == 9742);
}
