#include "gram/embed/word2vec.hpp"

#include <cmath>

#include "gram/expr/expr.hpp"
#include "support/catch.hpp"
#include "support/files.hpp"
#include "support/matrices.hpp"

using namespace gram;
using namespace gram::embed;
using support::bytes_of;
using support::contains_text;
using support::Folder;
using support::format_error_of;
using support::write_bytes;

namespace {

template <class T>
T first_number(const Embeddings<T>& words) {
    return words.vectors()(0, 0);
}
std::string floats(std::initializer_list<float> values) {
    return {reinterpret_cast<const char*>(values.begin()), values.size() * sizeof(float)};
}
template <class T>
bool same(const Embeddings<T>& a, const Embeddings<T>& b) {
    const auto bytes = static_cast<std::size_t>(a.vectors().size()) * sizeof(T);
    return a.words() == b.words() && a.dimension() == b.dimension() &&
           (bytes == 0 || std::memcmp(a.vectors().data(), b.vectors().data(), bytes) == 0);
}
template <class T>
Embeddings<T> some_words() {
    using limits = std::numeric_limits<T>;
    Matrix<T> vectors = support::gaussian<T>(4, 5, 1);
    vectors(0, 0) = -T{0};
    vectors(1, 1) = limits::denorm_min();
    vectors(2, 2) = limits::infinity();
    return {{"the", "na\xc3\xafve", "\xff\xfe bad utf-8" + std::string(1, '!'), "."}, std::move(vectors)};
}
Embeddings<float> text(const std::string& bytes, const WordVectorOptions& options = {}) {
    const Folder folder;
    write_bytes(folder / "w.txt", bytes);
    return load_word2vec_text<float>(folder / "w.txt", options);
}
Embeddings<float> glove(const std::string& bytes, const WordVectorOptions& options = {}) {
    const Folder folder;
    write_bytes(folder / "w.txt", bytes);
    return load_glove<float>(folder / "w.txt", options);
}
Embeddings<double> binary(const std::string& bytes, const WordVectorOptions& options = {}) {
    const Folder folder;
    write_bytes(folder / "w.bin", bytes);
    return load_word2vec_binary<double>(folder / "w.bin", options);
}

}  // namespace

TEMPLATE_TEST_CASE("every format gives back the same words and bits", "", float, double) {
    using T = TestType;
    const Folder folder;
    auto sample = some_words<T>();
    std::vector<std::string> list = sample.words();
    list[2] = "\xff\xfe-bad-utf-8";
    const Embeddings<T> words(list, sample.vectors());
    save_word2vec_text(words, folder / "a");
    CHECK(same(load_word2vec_text<T>(folder / "a"), words));
    save_glove(words, folder / "a");
    CHECK(same(load_glove<T>(folder / "a"), words));
    if constexpr (std::is_same_v<T, float>) {
        save_word2vec_binary(words, folder / "a");
        CHECK(same(load_word2vec_binary<T>(folder / "a"), words));
    }
    const Embeddings<T> none({}, Matrix<T>(0, 3));
    save_word2vec_text(none, folder / "a");
    CHECK(same(load_word2vec_text<T>(folder / "a"), none));
    save_word2vec_binary(none, folder / "a");
    CHECK(load_word2vec_binary<T>(folder / "a").dimension() == 3);
    CHECK_THROWS_AS(save_glove(none, folder / "a"), shape_error);
    CHECK(folder.count() == 1);
}

TEST_CASE("binary vectors are read as they are, NaN payloads too, with and without line feeds") {
    const std::string plain = "2 2\na " + floats({1, 2}) + "b " + floats({3, 4});
    const std::string lines = "2 2\na " + floats({1, 2}) + "\nb " + floats({3, 4}) + "\n";
    for (const auto& bytes : {plain, lines}) {
        const auto words = binary(bytes);
        CHECK(words.words() == std::vector<std::string>{"a", "b"});
        CHECK(words["b"][1] == 4);
    }
    const Folder folder;
    const Embeddings<float> odd({"x"}, Matrix<float>{{std::nanf("0x1234"), -0.0F}});
    save_word2vec_binary(odd, folder / "a");
    CHECK(same(load_word2vec_binary<float>(folder / "a"), odd));
}

TEST_CASE("GloVe has no header, and spaces, tabs and CR LF may separate") {
    const auto words = glove("the 0.1 0.2\nof\t0.3  -0.4 \r\n\n");
    CHECK(words.size() == 2);
    CHECK(words.dimension() == 2);
    CHECK(words["of"][1] == -0.4F);
    const auto spaced = glove("the 1 2\n. . . 3 4\n", {.spaces_in_words = true});
    CHECK(spaced[". . ."][0] == 3);
    CHECK_THROWS_WITH(glove("the 1 2\n. . . 3 4\n"), contains_text("w.txt:2: 5 fields"));
}

TEST_CASE("text that is not words and numbers is refused with its line") {
    const auto refused_at = [](const std::string& bytes, const char* line, bool header) {
        const std::string message = format_error_of([&] { header ? (void)text(bytes) : (void)glove(bytes); });
        INFO(bytes.substr(0, 60) << " -> " << message);
        CHECK(message.find("w.txt:" + std::string(line)) != std::string::npos);
    };
    for (const char* header : {"", "x", "2", "2 x", "-1 2", "2 0", "2 -1", "1.5 2", "2 2 2", "99999999999999999999 2",
                               "2 99999999999999999999", "9999999999 300", "2 2147483647", "4611686018427387904 4",
                               "2 9223372036854775807", "2147483648 1", "king 1 2"}) {
        refused_at(std::string(header) + "\na 1 2\nb 3 4\n", "1", true);
    }
    refused_at("", "1", true);
    refused_at("2 2\na 1.25 2.25\n", "2", true);
    refused_at("2 2\na 1 2\nb 3 4\nc 5 6\n", "4", true);
    refused_at("2 2\na 1.25 2\nb 3\n", "3", true);
    refused_at("2 2\na 1 2\nb 3 4 5\n", "3", true);
    refused_at("2 2\na 1 2\n 3 4\n", "3", true);
    refused_at("2 2\na 1 x\nb 3 4\n", "2", true);
    refused_at("2 2\na 1 1e999\nb 3 4\n", "2", true);
    refused_at("2 2\na 1 2\n\nb 3 4\n", "3", true);
    refused_at("2 2\n" + std::string(70000, 'w') + " 1 2\nb 3 4\n", "2", true);
    refused_at("", "1", false);
    refused_at("word\n", "1", false);
    refused_at("of 0.3 1\nthe 0.3\n", "2", false);
    refused_at("of 0.3\nthe 0.3 1\n", "2", false);
    refused_at("400000 300\nthe" + std::string(5, ' ') + "1 2 3\n", "2", false);
    refused_at(std::string("a 1\nb\0 2\n", 9), "2", false);
    // A million short lines after a line of a million numbers must not take memory for all.
    std::string wide = "w";
    for (int i = 0; i < 100000; ++i) wide += " 1";
    refused_at(wide + "\n" + std::string(100000, 'x') + std::string(100000, '\n') + "y", "2", false);
    CHECK_THROWS_WITH(text("the 0.1 0.2\n"), contains_text("load_glove"));
}

TEST_CASE("a wrong count is refused, or all words are read where it is but a hint") {
    const WordVectorOptions hint{.count_is_hint = true};
    const std::string lines = "a 1 2\nb 3 4\nc 5 6\n";
    const std::string bytes = "a " + floats({1, 2}) + "\nb " + floats({3, 4}) + "c " + floats({5, 6}) + "\n";
    for (const char* count : {"0", "1", "3", "4", "1000000", "9223372036854775807"}) {
        CAPTURE(count);
        const std::string head = std::string(count) + " 2\n";
        CHECK(text(head + lines, hint).words() == std::vector<std::string>{"a", "b", "c"});
        const auto words = binary(head + bytes, hint);
        CHECK((words.size() == 3 && words["c"][1] == 6));
        CHECK(text("0 2\n", hint).size() + binary("0 2\n", hint).size() == 0);
        if (count != std::string("3")) {
            CHECK_THROWS_AS(text(head + lines), format_error);
            CHECK_THROWS_AS(binary(head + bytes), format_error);
        }
        CHECK_THROWS_WITH(text(head + lines + "d 7\n", hint), contains_text("w.txt:5"));
        CHECK_THROWS_WITH(binary(head + bytes + "d 1234567", hint), contains_text("w.bin: byte"));
        CHECK_THROWS_AS(text(std::string(count) + " 9223372036854775807\n" + lines, hint), format_error);
        CHECK_THROWS_AS(binary(std::string(count) + " 9223372036854775807\n" + bytes, hint), format_error);
        if (count != std::string("0")) {
            CHECK_THROWS_AS(text(std::string(count) + " 1\n", hint), format_error);  // no word at all
            CHECK_THROWS_AS(binary(head, hint), format_error);
        }
    }
}

TEST_CASE("without words no memory is taken for their dimension") {
    for (const char* header : {"0 300\n", "0 4611686018427387904\n", "0 9223372036854775807\n"}) {
        CHECK(binary(header).size() == 0);
        CHECK(text(header).size() == 0);
    }
    CHECK(binary("0 4611686018427387904\n").dimension() == index_t{1} << 62);
}

TEST_CASE("binary files that break their promise are refused with the byte") {
    const std::string a = "a " + floats({1, 2}), b = "b " + floats({3, 4});
    for (const std::string& bytes :
         {std::string(), std::string("2 2"), std::string("2 2\n"), "2 2\n" + a, "2 2\n" + a + b + "x",
          "2 2\n" + a + b + "\n\n", "1 2\n" + a + b, "9999999999 300\n" + a + b, "2 9223372036854775807\n" + a + b,
          "x 2\n" + a + b, "2 2\n" + a + " " + floats({3, 4}) + "12345", "2 2\na\n " + floats({1, 2}) + b,
          "1 1\n" + std::string(3000000, 'w') + " 1234", std::string(100, ' ') + "2 2\n" + a + b}) {
        const std::string message = format_error_of([&] { binary(bytes); });
        INFO(bytes.substr(0, 30) << " -> " << message);
        CHECK(message.find("w.bin:") != std::string::npos);
    }
}

TEST_CASE("a word that stands twice is refused with both places, or the first is kept") {
    const WordVectorOptions keep{.duplicates = DuplicateWords::keep_first};
    const std::string lines = "a 1 2\nb 3 4\na 5 6\n";
    CHECK_THROWS_WITH(glove(lines), contains_text("'a' stands twice, at line 1 and line 3"));
    CHECK_THROWS_WITH(text("3 2\n" + lines), contains_text("line 2 and line 4"));
    CHECK(first_number(glove(lines, keep)) == 1);
    CHECK(glove(lines, keep).size() == 2);
    CHECK(text("3 2\n" + lines, keep).vectors().rows() == 2);
    const std::string bytes = "2 1\na " + floats({1}) + "a " + floats({2});
    CHECK_THROWS_WITH(binary(bytes), contains_text("byte 4 and byte 10"));
    CHECK(first_number(binary(bytes, keep)) == 1);
}

TEST_CASE("a limit reads the first words only") {
    CHECK(glove("a 1\nb 2\nbroken\n", {.limit = 2}).words() == std::vector<std::string>{"a", "b"});
    CHECK(text("3 1\na 1\nb 2\nbroken\n", {.limit = 2}).size() == 2);
    CHECK(binary("2 1\na " + floats({1}) + "b " + floats({2}), {.limit = 1}).size() == 1);
    CHECK(glove("a 1\n", {.limit = 0}).size() == 0);
    CHECK(glove("a 1\n", {.limit = 5}).size() == 1);
}

TEST_CASE("words that no loader could read back are not written, and the old file stays") {
    const Folder folder;
    write_bytes(folder / "a", "old");
    for (const char* word : {"", "two words", "tab\t", "line\n", "cr\r"}) {
        const Embeddings<float> words({word}, Matrix<float>(1, 1));
        CHECK_THROWS_AS(save_word2vec_text(words, folder / "a"), std::invalid_argument);
        CHECK_THROWS_AS(save_word2vec_binary(words, folder / "a"), std::invalid_argument);
        CHECK_THROWS_AS(save_glove(words, folder / "a"), std::invalid_argument);
    }
    CHECK(bytes_of(folder / "a") == "old");
    CHECK(folder.count() == 1);
}

TEST_CASE("prefixes of word vectors are refused or complete, flipped bits read or refused") {
    const Folder folder;
    const Embeddings<float> words({"the", "of", "and"}, support::gaussian<float>(3, 4, 2));
    const auto load_binary = [](const std::string& path) { load_word2vec_binary<float>(path); };
    const auto load_text = [](const std::string& path) { load_word2vec_text<float>(path); };
    const auto load_lines = [](const std::string& path) { load_glove<float>(path); };
    save_word2vec_binary(words, folder / "a");
    const std::string binary_bytes = bytes_of(folder / "a");
    CHECK(support::accepted_prefixes(folder / "b", binary_bytes, load_binary) == 1);  // only the last line feed may go
    CHECK(support::refused_flips(folder / "b", binary_bytes, 256, load_binary) > 20);
    save_word2vec_text(words, folder / "a");
    const std::string text_bytes = bytes_of(folder / "a");
    CHECK(support::accepted_prefixes(folder / "b", text_bytes, load_text) < 20);  // the last number may lose digits
    CHECK(support::refused_flips(folder / "b", text_bytes, 256, load_text) > 400);
    save_glove(words, folder / "a");
    const std::string lines = bytes_of(folder / "a");
    CHECK(support::accepted_prefixes(folder / "b", lines, load_lines) < static_cast<int>(lines.size()));
    CHECK(support::refused_flips(folder / "b", lines, 256, load_lines) > 400);
}
