// IDX and fvecs: types, byte order, extents, broken files.
#include "gram/io/idx.hpp"

#include <limits>

#include "gram/gram.hpp"
#include "support/catch.hpp"
#include "support/files.hpp"

using namespace gram;
using support::format_error_of;
using support::write_bytes;

namespace {

std::string big(std::uint32_t x) {
    return {static_cast<char>(x >> 24), static_cast<char>(x >> 16), static_cast<char>(x >> 8), static_cast<char>(x)};
}
std::string little(std::uint32_t x) {
    const std::string b = big(x);
    return {b.rbegin(), b.rend()};
}
std::string header(char type, std::initializer_list<std::uint32_t> extents) {
    std::string text = {'\0', '\0', type, static_cast<char>(extents.size())};
    for (const auto e : extents) text += big(e);
    return text;
}

}  // namespace

TEST_CASE("idx: every element type, most significant byte first") {
    const support::Folder folder;
    const std::string path = folder / "a";
    const auto load = [&](const std::string& bytes) {
        write_bytes(path, bytes);
        return io::load_idx<double>(path);
    };
    CHECK(load(header(0x08, {1}) + "\xFF")(0, 0) == 255);
    CHECK(load(header(0x09, {1}) + "\xFF")(0, 0) == -1);
    CHECK(load(header(0x0B, {1}) + std::string("\xFF\x00", 2))(0, 0) == -256);
    CHECK(load(header(0x0C, {1}) + big(0xFFFFFFFE))(0, 0) == -2);
    CHECK(load(header(0x0D, {1}) + big(0x3FC00000))(0, 0) == 1.5);
    CHECK(load(header(0x0E, {1}) + big(0x3FF80000) + big(0))(0, 0) == 1.5);
    const auto images = load(header(0x08, {2, 1, 3}) + "\x01\x02\x03\x04\x05\x06");
    CHECK((images.rows() == 2 && images.cols() == 3 && images(1, 0) == 4));
    CHECK(load(header(0x08, {0, 28, 28})).rows() == 0);
    CHECK(load(header(0x08, {5, 0})).cols() == 0);
    write_bytes(path, header(0x08, {1}) + "\xFF");
    CHECK(io::load_idx<unsigned char>(path)(0, 0) == 255);
    CHECK_THROWS_AS(io::load_idx<signed char>(path), format_error);
    write_bytes(path, header(0x0E, {1}) + big(0) + big(0));
    CHECK_THROWS_AS(io::load_idx<float>(path), format_error);
    write_bytes(path, header(0x0D, {1}) + big(0));
    CHECK_THROWS_AS(io::load_idx<int>(path), format_error);
}

TEST_CASE("idx: broken files are refused before memory is taken") {
    const support::Folder folder;
    const std::string path = folder / "a";
    const auto refused = [&](const std::string& bytes, const std::string& message) {
        write_bytes(path, bytes);
        CHECK_THAT(format_error_of([&] { (void)io::load_idx<double>(path); }), support::contains_text(message));
    };
    refused("", "four bytes");
    refused("\x01\x02\x08\x01", "two zero bytes");
    refused(header(0x07, {1}) + "x", "element type 7");
    refused(header(0x08, {}) + "x", "0 dimensions");
    refused(std::string("\0\0\x08\x09", 4), "9 dimensions");
    refused(std::string("\0\0\x08\x02\0\0\0\x01", 8), "list of extents");
    refused(header(0x08, {2}) + "x", "1 bytes of elements; the extents promise 2");
    refused(header(0x08, {1}) + "xy", "2 bytes of elements");
    refused(header(0x0E, {0xFFFFFFFF, 0xFFFFFFFF, 0xFFFFFFFF}), "2^63");
    refused(header(0x08, {0xFFFFFFFF}) + "x", "promise 4294967295");
    const std::string golden = header(0x0B, {2, 2}) + "abcdefgh";
    const auto load = [](const std::string& p) { (void)io::load_idx<double>(p); };
    CHECK(support::accepted_prefixes(path, golden, load) == 0);
    CHECK(support::refused_flips(path, golden, 12, load) >= 90);
    CHECK_THROWS_AS(io::load_idx<double>(folder / "none"), io_error);
}

TEST_CASE("fvecs: round trip, the other element types, broken files") {
    const support::Folder folder;
    const std::string path = folder / "a.fvecs";
    const Matrix<float> X = {{1, -0.0F, 3}, {4, std::numeric_limits<float>::infinity(), 6}};
    io::save_fvecs(path, X);
    CHECK(io::load_fvecs(path) == X);
    CHECK(support::bytes_of(path).size() == 32);
    io::save_fvecs(path, Matrix<float>(0, 3));
    CHECK(io::load_fvecs(path).rows() == 0);
    CHECK_THROWS_AS(io::save_fvecs(path, Matrix<float>(3, 0)), shape_error);
    write_bytes(path, little(2) + little(7) + little(0xFFFFFFFF));
    CHECK((io::load_ivecs(path)(0, 0) == 7 && io::load_ivecs(path)(0, 1) == -1));
    write_bytes(path, little(2) + "ab" + little(2) + "cd");
    CHECK(io::load_bvecs(path)(1, 1) == 'd');
    const auto refused = [&](const std::string& bytes) {
        write_bytes(path, bytes);
        return !format_error_of([&] { (void)io::load_fvecs(path); }).empty();
    };
    CHECK(refused("abc"));
    CHECK(refused(little(0)));
    CHECK(refused(little(0xFFFFFFFF)));
    CHECK(refused(little(0x7FFFFFFF) + "abcd"));
    CHECK(refused(little(1) + "abcd" + little(2) + "abcd"));
    const std::string golden = little(2) + "abcdefgh";
    CHECK(support::accepted_prefixes(path, golden, [](const std::string& p) { (void)io::load_fvecs(p); }) ==
          1);  // empty
}
