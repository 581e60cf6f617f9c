#include "gram/io/text.hpp"

#include <bit>
#include <cmath>
#include <limits>
#include <locale>

#include "support/catch.hpp"
#include "support/matrices.hpp"

using namespace gram::io;
using support::contains_text;

namespace {

template <class T>
bool reads(std::string_view text, T expected) {
    T value{};
    return parse_number(text, value) == NumberStatus::ok && value == expected &&
           std::signbit(static_cast<double>(value)) == std::signbit(static_cast<double>(expected));
}
template <class T>
NumberStatus status_of(std::string_view text) {
    T value = T{42};
    const NumberStatus status = parse_number(text, value);
    if (status != NumberStatus::ok && value != T{42}) throw std::logic_error("a failed parse changed its target");
    return status;
}
struct CommaPoint : std::numpunct<char> {
    [[nodiscard]] char do_decimal_point() const override { return ','; }
    [[nodiscard]] char do_thousands_sep() const override { return '.'; }
    [[nodiscard]] std::string do_grouping() const override { return "\3"; }
};
template <class T>
bool round_trips(T value) {
    std::string text;
    append_number(text, value);
    T back{};
    if (parse_number(std::string_view(text), back) != NumberStatus::ok) return false;
    return std::memcmp(&value, &back, sizeof(T)) == 0;
}

}  // namespace

TEMPLATE_TEST_CASE("decimal numbers are read whole or not at all", "", float, double) {
    using T = TestType;
    CHECK(reads<T>("1", 1));
    CHECK(reads<T>("+1.5", T(1.5)));
    CHECK(reads<T>("-0", -T{0}));
    CHECK(reads<T>(".5", T(0.5)));
    CHECK(reads<T>("5.", 5));
    CHECK(reads<T>("1e3", 1000));
    CHECK(reads<T>("inf", std::numeric_limits<T>::infinity()));
    CHECK(reads<T>("-Infinity", -std::numeric_limits<T>::infinity()));
    T nan{};
    CHECK(parse_number("nan", nan) == NumberStatus::ok);
    CHECK(std::isnan(nan));
    for (const char* text :
         {"", " ", ".", "-", "+", "+-1", "++1", "1e", "1e+", "0x1p3", "1,5", "1 ", " 1", "1.2.3", "abc", "1f"}) {
        INFO(text);
        CHECK(status_of<T>(text) == NumberStatus::malformed);
    }
}

TEMPLATE_TEST_CASE("too large a number is out of range, too small a one is a zero of its sign", "", float, double) {
    using T = TestType;
    for (const char* text : {"1e400", "-1e400", "1e99999999999999999999", "1000e397", "0.001e500"}) {
        INFO(text);
        CHECK(status_of<T>(text) == NumberStatus::out_of_range);
    }
    CHECK(status_of<T>(std::string(500, '9')) == NumberStatus::out_of_range);
    for (const char* text : {"1e-400", "1e-99999999999999999999", "1000e-500", "0.0001e-396"}) {
        INFO(text);
        CHECK(reads<T>(text, T{0}));
        CHECK(reads<T>("-" + std::string(text), -T{0}));
    }
    CHECK(reads<T>("0." + std::string(600, '0') + "1", T{0}));
    CHECK(reads<T>("0e999999999999", T{0}));
}

TEST_CASE("whole numbers are read without rounding or wrapping") {
    CHECK(reads<std::int64_t>("-9223372036854775808", std::numeric_limits<std::int64_t>::min()));
    CHECK(status_of<std::int64_t>("9223372036854775808") == NumberStatus::out_of_range);
    CHECK(status_of<std::uint8_t>("256") == NumberStatus::out_of_range);
    CHECK(status_of<std::uint8_t>("-1") == NumberStatus::malformed);
    CHECK(status_of<int>("1.0") == NumberStatus::malformed);
}

TEMPLATE_TEST_CASE("every finite number reads back from its text with the same bits", "", float, double) {
    using T = TestType;
    using Bits = std::conditional_t<sizeof(T) == 4, std::uint32_t, std::uint64_t>;
    using limits = std::numeric_limits<T>;
    for (const T x : {T{0}, -T{0}, limits::max(), limits::lowest(), limits::min(), limits::denorm_min(), T(0.1),
                      limits::infinity()}) {
        CHECK(round_trips(x));
        CHECK(round_trips(-x));
    }
    support::Random random(1);
    int failures = 0;
    for (int i = 0; i < 20000; ++i) {
        const T x = std::bit_cast<T>(static_cast<Bits>(random.bits()));
        if (!std::isnan(x)) failures += !round_trips(x);
    }
    CHECK(failures == 0);
}

TEST_CASE("the shortest digits are written") {
    std::string text;
    append_number(text, 0.1F);
    text += ' ';
    append_number(text, 0.1);
    text += ' ';
    append_number(text, 1e300);
    text += ' ';
    append_number(text, true);
    CHECK(text == "0.1 0.1 1e+300 1");
}

TEST_CASE("the locale changes nothing") {
    const std::locale before = std::locale::global(std::locale(std::locale::classic(), new CommaPoint));
    for (const char* name : {"de_DE.UTF-8", "de_DE", "fr_FR.UTF-8"}) {
        if (std::setlocale(LC_ALL, name) != nullptr) break;
    }
    std::string text;
    append_number(text, 1234567.25);
    const bool reads_point = reads("3.14", 3.14), reads_comma = status_of<double>("3,14") == NumberStatus::ok;
    std::setlocale(LC_ALL, "C");
    std::locale::global(before);
    CHECK(text == "1234567.25");
    CHECK(reads_point);
    CHECK_FALSE(reads_comma);
}

TEST_CASE("lines end with LF or CR LF, and the last may lack its end") {
    Lines lines("a\r\n\nlast");
    std::string_view line;
    CHECK((lines.next(line) && line == "a" && lines.number() == 1));
    CHECK((lines.next(line) && line.empty() && lines.number() == 2));
    CHECK((lines.next(line) && line == "last" && lines.number() == 3));
    CHECK_FALSE(lines.next(line));
}

TEST_CASE("a byte order mark is dropped; UTF-16 and zero bytes are refused") {
    CHECK(plain_text("\xef\xbb\xbfx", "f") == "x");
    CHECK_THROWS_WITH(plain_text("\xff\xfex", "f"), contains_text("UTF-16"));
    CHECK_THROWS_WITH(plain_text(std::string_view("a\nb\0", 4), "f"), contains_text("f:2"));
}

TEST_CASE("messages quote what they found, cut and printable") {
    CHECK(in_quotes("a\nb") == "'a\\x0ab'");
    CHECK(in_quotes("na\xc3\xafve") == "'na\xc3\xafve'");
    CHECK(in_quotes("\xc3") == "'\\xc3'");
    CHECK(in_quotes("\xff\xe4x") == "'\\xff\\xe4x'");
    CHECK(in_quotes(std::string(1000, 'x')).size() < 60);
    CHECK_THROWS_WITH(number_at<double>("x1", "data.csv", 7, "field 3"),
                      contains_text("data.csv:7: field 3: expected a number, found 'x1'"));
}
