#include "gram/io/safetensors.hpp"

#include <cmath>
#include <cstring>
#include <filesystem>
#include <limits>

#include "gram/gram.hpp"
#include "support/catch.hpp"
#include "support/files.hpp"
#include "support/matrices.hpp"

using namespace gram;
using support::contains_text;
using support::format_error_of;
using support::write_bytes;

namespace {

std::string file_of(const std::string& header, const std::string& elements) {
    std::string bytes;
    for (int i = 0; i < 8; ++i) bytes += static_cast<char>(header.size() >> (8 * i) & 255u);
    return bytes + header + elements;
}

}  // namespace

TEST_CASE("tensors of every type come back, with metadata") {
    const support::Folder folder;
    const std::string path = folder / "a.safetensors";
    const Matrix<float> W = support::gaussian<float>(7, 9, 1);
    io::SafetensorsWriter(path, {{"format", "gram"}})
        .add("w", W)
        .add("wt", W.T())
        .add("d", Matrix<double>{{1, 2}})
        .add("i", Vector<std::int64_t>{-1, 5})
        .add("b", Matrix<bool>{{true, false}})
        .add("u", Vector<std::uint8_t>{200})
        .add("none", Matrix<float>(0, 4))
        .commit();
    const io::SafetensorsFile file(path);
    CHECK(file.names() == std::vector<std::string>{"b", "d", "i", "none", "u", "w", "wt"});
    CHECK(file.metadata().at("format") == "gram");
    CHECK(file.load<float>("w") == W);
    CHECK(file.load<double>("wt") == Matrix<double>(cast<double>(W.T())));
    CHECK(file.load<int>("i")(0, 0) == -1);
    CHECK(file.load<int>("u")(0, 0) == 200);
    CHECK(file.load<bool>("b")(0, 0));
    CHECK(file.load<float>("none").cols() == 4);
    CHECK(file.info("w").shape == std::vector<index_t>{7, 9});
    CHECK_THROWS_AS(file.load<float>("d"), format_error);  // the rules of load_npy
    CHECK(file.load<float>("d", {.round = true})(0, 1) == 2);
    CHECK_THROWS_AS(file.info("missing"), std::out_of_range);
    CHECK(folder.count() == 1);
    io::SafetensorsWriter taken(folder / "b");
    taken.add("x", W);
    CHECK_THROWS_AS(taken.add("x", W), std::invalid_argument);
    CHECK_THROWS_AS(taken.add("__metadata__", W), std::invalid_argument);
}

TEST_CASE("an open file is the file that was opened, and one that is cut off says so") {
    const support::Folder folder;
    const std::string path = folder / "a";
    io::SafetensorsWriter(path).add("x", Vector<float>{1, 2}).commit();
    io::SafetensorsFile file(path);
    io::SafetensorsWriter(path).add("x", Vector<float>{3, 4, 5}).commit();
    CHECK(file.load<float>("x") == Matrix<float>{{1}, {2}});
    file = io::SafetensorsFile(path);
    CHECK(file.load<float>("x").rows() == 3);
    std::filesystem::resize_file(path, 70);
    CHECK_THROWS_WITH(file.load<float>("x"), contains_text("shorter"));
}

TEST_CASE("NaN payloads, -0 and denormals come back bit by bit") {
    const support::Folder folder;
    const std::string path = folder / "a";
    const Matrix<double> A = {{std::nan("0x123456789"), -0.0}, {std::numeric_limits<double>::denorm_min(), -HUGE_VAL}};
    io::SafetensorsWriter(path).add("a", A).add("t", A.T()).commit();
    const io::SafetensorsFile file(path);
    const Matrix<double> T(A.T());
    CHECK(std::memcmp(file.load<double>("a").data(), A.data(), 32) == 0);
    CHECK(std::memcmp(file.load<double>("t").data(), T.data(), 32) == 0);
}

TEST_CASE("half and bfloat16 become float exactly") {
    const support::Folder folder;
    const std::string path = folder / "a";
    write_bytes(path, file_of(R"({"h":{"dtype":"F16","shape":[2],"data_offsets":[0,4]},
                                  "b":{"dtype":"BF16","shape":[2],"data_offsets":[4,8]}})",
                              std::string("\x00\x3c\x00\xc0\x80\x3f\x49\x40", 8)));
    const io::SafetensorsFile file(path);
    CHECK((file.load<float>("h")(0, 0) == 1 && file.load<float>("h")(1, 0) == -2));
    CHECK((file.load<float>("b")(0, 0) == 1 && file.load<double>("b")(1, 0) == 3.140625));
    CHECK_THROWS_AS(file.load<int>("b"), format_error);
}

TEST_CASE("broken and hostile headers are refused before memory is taken") {
    const support::Folder folder;
    const std::string path = folder / "a";
    const auto refused = [&](const std::string& bytes, const std::string& message) {
        write_bytes(path, bytes);
        CHECK_THAT(format_error_of([&] { (void)io::SafetensorsFile(path); }), contains_text(message));
    };
    const std::string tensor = R"("dtype":"F32","shape":[1],"data_offsets":[0,4]})";
    refused("short", "eight bytes");
    refused(std::string("\xff\xff\xff\xff\xff\xff\xff\xff", 8) + "{}", "a header of 18446744073709551615 bytes");
    refused(file_of("{", ""), "not a JSON object");
    refused(file_of("[1]", ""), "not a JSON object");
    refused(file_of(std::string(50000, '['), ""), "not a JSON object");
    refused(file_of(R"({"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"a":{)" + tensor + "}", "abcd"), "twice");
    refused(file_of(R"({"a":3})", ""), "not an object");
    refused(file_of(R"({"a":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}})", "abcd"), "does not have the bytes");
    refused(file_of(R"({"a":{"dtype":"F32","shape":[4294967296,4294967296],"data_offsets":[0,4]}})", "abcd"),
            "does not have the bytes");
    refused(file_of(R"({"a":{"dtype":"F32","shape":[1],"data_offsets":[4,0]}})", "abcd"), "does not have the bytes");
    refused(file_of(R"({"a":{"dtype":"F32","shape":[1],"data_offsets":[0]}})", "abcd"), "two data_offsets");
    refused(file_of("{\"a\":{" + tensor + "}", "abcdefgh"), "8 bytes of elements; the tensors take 4");
    refused(file_of("{\"a\":{" + tensor + "}", "ab"), "2 bytes of elements");
    refused(file_of("{\"a\":{" + tensor + ",\"b\":{" + tensor + "}", "abcd"), "overlap");
    refused(file_of(R"({"__metadata__":{"a":1}})", ""), "more than texts");
    refused(file_of(R"({"__metadata__":[]})", ""), "not an object");
    refused(file_of(R"({"__metadata__":{"a":"b","a":"b"}})", ""), "'a' stands twice");
    refused(file_of(R"({"__metadata__":{},"__metadata__":{}})", ""), "stands twice");
    refused(file_of("{\"a\":{" + tensor + ",\"a\":{" + tensor + "}", "abcd"), "'a' stands twice");
    refused(file_of("{\"a\":{" + tensor + ",\"\\u0061\":{" + tensor + "}", "abcd"), "'a' stands twice");
    refused(file_of(R"({"a":{"dtype":"F32","dtype":"F32","shape":[1],"data_offsets":[0,4]}})", "abcd"), "stands twice");
    refused(file_of(R"({"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4],"more":1}})", "abcd"), "unknown key");
    refused(file_of(R"({"a":{"dtype":"F4","shape":[1],"data_offsets":[0,4]}})", "abcd"), "the dtype 'F4'");
    refused(file_of(R"({"a":{"dtype":"F32","shape":[-1],"data_offsets":[0,4]}})", "abcd"), "a negative number");
    refused(file_of(R"({"a":{"dtype":"F32","shape":[1.0],"data_offsets":[0,4]}})", "abcd"), "not whole");
    refused(file_of(R"({"a":{"dtype":"F32","shape":[1],"data_offsets":[0,9223372036854775808]}})", "abcd"), "2^63");
    refused(file_of(R"({"a":{"dtype":"F32","shape":[1],"data_offsets":[0,1e400]}})", "abcd"), "JSON");
    refused(file_of(R"({"a":{"dtype":"F32","shape":[[1]],"data_offsets":[0,4]}})", "abcd"), "a list does not belong");
    refused(file_of(R"({"a":{"dtype":"F32","shape":1,"data_offsets":[0,4]}})", "abcd"), "a number does not belong");
    refused(file_of(R"({"a":{"dtype":["F32"],"shape":[1],"data_offsets":[0,4]}})", "abcd"), "a list does not belong");
    refused(file_of(R"({"a":{"dtype":"F32","shape":null,"data_offsets":[0,4]}})", "abcd"), "null does not belong");
    refused(file_of(R"({"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}})", "abcdefgh"), "leave a gap");
    refused(file_of(R"({"a":{"dtype":"F32","shape":[0,4611686018427387904],"data_offsets":[0,0]}})", ""), "the bytes");
    refused(file_of(" {}", ""), "begins with '{'");
    refused(file_of("[]", ""), "begins with '{'");
    refused(file_of("{} x", ""), "JSON");
    refused(file_of("{\"\xff\":{" + tensor + "}", "abcd"), "JSON");
    refused(file_of("{\"a\":" + std::string(100'000, '['), ""), "'a' is not an object");
    refused(file_of("{\"a\":" + std::string(100'000, '{'), ""), "JSON");
    refused(file_of("{\"" + std::string(100'000, 'n') + "\":{" + tensor + "}", "abcd"), "above 64 KiB");
    std::string dimensions = "1";
    for (int i = 0; i < 64; ++i) dimensions += ",1";
    refused(file_of(R"({"a":{"dtype":"U8","shape":[)" + dimensions + R"(],"data_offsets":[0,1]}})", "a"), "64 numbers");
    std::string many = "{\"__metadata__\":{\"x\":\"\"";
    for (int i = 0; i < 300'000; ++i) many += ",\"" + std::to_string(i) + "\":\"\"";
    refused(file_of(many + "}}", ""), "more than 262144");
    write_bytes(path, std::string("\x01\xe1\xf5\x05\0\0\0\0{", 9));
    std::filesystem::resize_file(path, 200'000'000);  // no block of it is written
    CHECK_THROWS_WITH(io::SafetensorsFile(path), contains_text("a header of 100000001 bytes"));
    // Empty tensors may stand at one place, spaces behind the object, and texts hold any character.
    write_bytes(path, file_of(R"({"b":{"dtype":"F32","shape":[0],"data_offsets":[0,0]},)"
                              R"("\u00e9":{"shape":[3,0],"data_offsets":[0,0],"dtype":"I8"}}       )",
                              ""));
    CHECK(io::SafetensorsFile(path).names() == std::vector<std::string>{"b", "\xc3\xa9"});
    const std::string golden = file_of("{\"a\":{" + tensor + "}", "abcd");
    write_bytes(path, golden);
    CHECK(io::load_safetensors<float>(path, "a").size() == 1);
    const auto load = [](const std::string& p) { (void)io::SafetensorsFile(p); };
    CHECK(support::accepted_prefixes(path, golden, load) == 0);
    (void)support::refused_flips(path, golden, golden.size() - 4, load);  // none may do worse than throw format_error
}
