#include "gram/io/safetensors.hpp"

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
    refused(file_of(R"({"a":{"dtype":"F99","shape":[1],"data_offsets":[0,4]}})", "abcd"), "no dtype");
    refused(file_of(R"({"a":{"dtype":"F32","shape":[-1],"data_offsets":[0,4]}})", "abcd"), "not a number");
    refused(file_of(R"({"a":{"dtype":"F32","shape":[1.5],"data_offsets":[0,4]}})", "abcd"), "not a number");
    refused(file_of(R"({"a":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}})", "abcd"), "does not have the bytes");
    refused(file_of(R"({"a":{"dtype":"F32","shape":[4294967296,4294967296],"data_offsets":[0,4]}})", "abcd"),
            "does not have the bytes");
    refused(file_of(R"({"a":{"dtype":"F32","shape":[1],"data_offsets":[4,0]}})", "abcd"), "does not have the bytes");
    refused(file_of(R"({"a":{"dtype":"F32","shape":[1],"data_offsets":[0]}})", "abcd"), "two data_offsets");
    refused(file_of("{\"a\":{" + tensor + "}", "abcdefgh"), "8 bytes of elements; the tensors take 4");
    refused(file_of("{\"a\":{" + tensor + "}", "ab"), "2 bytes of elements");
    refused(file_of("{\"a\":{" + tensor + ",\"b\":{" + tensor + "}", "abcd"), "overlap");
    refused(file_of(R"({"__metadata__":{"a":1}})", ""), "more than texts");
    const std::string golden = file_of("{\"a\":{" + tensor + "}", "abcd");
    write_bytes(path, golden);
    CHECK(io::load_safetensors<float>(path, "a").size() == 1);
    const auto load = [](const std::string& p) { (void)io::SafetensorsFile(p); };
    CHECK(support::accepted_prefixes(path, golden, load) == 0);
    (void)support::refused_flips(path, golden, golden.size() - 4, load);  // none may do worse than throw format_error
}
