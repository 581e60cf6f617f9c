#include "gram/embed/embeddings.hpp"

#include <cmath>

#include "gram/expr/expr.hpp"
#include "gram/io/npy.hpp"
#include "support/catch.hpp"
#include "support/data.hpp"
#include "support/files.hpp"
#include "support/matrices.hpp"

using namespace gram;
using namespace gram::embed;
using support::contains_text;

namespace {

template <class T>
Embeddings<T> five_words() {
    return {{"king", "queen", "man", "woman", "apple"},
            {{1, 1, 1, 0}, {1, -1, 1, 0}, {0, 1, 1, 0}, {0, -1, 1, 0}, {0, 0, 0, 1}}};
}
template <class T>
std::vector<std::string> names(const std::vector<ScoredWord<T>>& scored) {
    std::vector<std::string> out;
    for (const auto& s : scored) out.push_back(s.word);
    return out;
}
using Words = std::vector<std::string>;

}  // namespace

TEMPLATE_TEST_CASE("words are found by name and their vectors by word", "", float, double) {
    using T = TestType;
    const auto words = five_words<T>();
    CHECK(words.size() == 5);
    CHECK(words.dimension() == 4);
    CHECK(words.contains("queen"));
    CHECK_FALSE(words.contains("prince"));
    CHECK(words["queen"][1] == -1);
    CHECK(words.row_of("apple") == 4);
    CHECK_THROWS_AS(words["prince"], std::out_of_range);
    CHECK_THROWS_WITH(words.similarity("king", "prince"), contains_text("'prince'"));
    CHECK_THROWS_AS(words.most_similar("prince"), std::out_of_range);
}

TEMPLATE_TEST_CASE("similarity is the cosine", "", float, double) {
    using T = TestType;
    const auto words = five_words<T>();
    const T eps = std::numeric_limits<T>::epsilon();
    CHECK(std::abs(words.similarity("king", "queen") - T(1) / 3) <= 4 * eps);
    CHECK(std::abs(words.similarity("king", "man") - 2 / std::sqrt(T(6))) <= 4 * eps);
    CHECK(words.similarity("king", "apple") == 0);
    CHECK(std::abs(words.similarity("king", "king") - 1) <= 4 * eps);
}

TEMPLATE_TEST_CASE("king - man + woman is queen, and the words asked about are left out", "", float, double) {
    using T = TestType;
    const auto words = five_words<T>();
    const auto answer = words.most_similar({"king", "woman"}, {"man"}, 2);
    CHECK(names(answer) == Words{"queen", "apple"});
    for (const AnalogyMethod method : {AnalogyMethod::cos_add, AnalogyMethod::cos_mul}) {
        CHECK(words.analogy("man", "king", "woman", 1, {.method = method})[0].word == "queen");
        CHECK(words.analogy("woman", "queen", "man", 1, {.method = method})[0].word == "king");
        CHECK(words.analogy("man", "king", "woman", 10, {.method = method}).size() == 2);
        CHECK_THROWS_AS(words.analogy("man", "king", "prince", 1, {.method = method}), std::out_of_range);
        CHECK_THROWS_AS(words.analogy("man", "king", "woman", -1, {.method = method}), std::invalid_argument);
    }
    CHECK(words.analogy("man", "king", "woman")[0].score == answer[0].score);
    CHECK(names(words.most_similar("king", 1)) == Words{"man"});
    CHECK(names(words.most_similar(Vector<T>{0, 0, 0, 2}, 1)) == Words{"apple"});
    CHECK(words.most_similar({}, {"king"}, 1)[0].word == "woman");
    CHECK(words.most_similar({"king"}, {}, 0).empty());
    CHECK_THROWS_AS(words.most_similar({}, {}, 1), std::invalid_argument);
    CHECK_THROWS_AS(words.most_similar({"king"}, {}, -1), std::invalid_argument);
    CHECK_THROWS_AS(words.most_similar(Vector<T>{1, 2}, 1), shape_error);
}

TEMPLATE_TEST_CASE("the score of 3CosMul is the product of its definition", "", float, double) {
    using T = TestType;
    const auto words = five_words<T>();
    const auto s = [&](const char* a, const char* b) { return (1 + static_cast<double>(words.similarity(a, b))) / 2; };
    const double expected = s("queen", "king") * s("queen", "woman") / (s("queen", "man") + 0.001);
    const auto best = words.analogy("man", "king", "woman", 1, {.method = AnalogyMethod::cos_mul});
    CHECK(std::abs(static_cast<double>(best[0].score) - expected) < 1e-5);
}

TEMPLATE_TEST_CASE("zero vectors are similar to nothing, not even themselves; NaN is never near", "", float, double) {
    using T = TestType;
    const T nan = std::numeric_limits<T>::quiet_NaN();
    const Embeddings<T> words({"zero", "a", "b", "nan", "none"}, {{0, 0}, {1, 0}, {1, 1}, {1, nan}, {0, 0}});
    CHECK(words.similarity("zero", "a") == 0);
    CHECK(words.similarity("zero", "zero") == 0);
    CHECK(words.similarity("zero", "none") == 0);
    CHECK(std::isnan(words.similarity("nan", "a")));
    CHECK(names(words.most_similar("a", 10)) == Words{"b", "zero", "none"});
    CHECK(names(words.most_similar("zero", 10)) == Words{"a", "b", "none"});
    CHECK(words.most_similar("nan", 10).empty());
    for (const auto& scored : words.analogy("a", "b", "zero", 10, {.method = AnalogyMethod::cos_mul})) {
        CHECK(scored.score == scored.score);
        CHECK(scored.word != "nan");
    }
}

TEST_CASE("a word that stands twice is refused with both rows, and a count that does not fit with both numbers") {
    CHECK_THROWS_WITH((Embeddings<float>({"a", "b", "a"}, Matrix<float>(3, 2))),
                      contains_text("'a' stands in rows 0 and 2"));
    CHECK_THROWS_AS((Embeddings<float>({"a", "a"}, Matrix<float>(2, 2))), std::invalid_argument);
    CHECK_THROWS_WITH((Embeddings<float>({"a", "b"}, Matrix<float>(3, 2))), contains_text("2 words for a 3x2"));
}

TEST_CASE("embeddings are values: copies and moved-to objects answer alike, and empty ones answer nothing") {
    auto words = five_words<float>();
    const auto copy = words;
    const auto moved = std::move(words);
    CHECK(copy.most_similar("king", 1)[0].word == "man");
    CHECK(moved.most_similar("king", 1)[0].word == "man");
    const Embeddings<float> none;
    CHECK(none.size() == 0);
    CHECK_FALSE(none.contains(""));
    CHECK(Embeddings<float>({}, Matrix<float>(0, 3)).most_similar(Vector<float>(3), 5).empty());
    CHECK(Embeddings<float>({"a"}, Matrix<float>(1, 0)).similarity("a", "a") == 0);
}

TEST_CASE("on GloVe, king - man + woman is queen, monarch, throne, daughter, princess") {
    const std::string vocabulary = support::data_file("glove/vocab-20k.txt");
    const std::string vectors = support::data_file("glove/vectors-20k.f32.npy");
    if (vocabulary.empty() || vectors.empty()) return;
    std::vector<std::string> list;
    std::ifstream in(vocabulary);
    for (std::string word; std::getline(in, word);) list.push_back(word);
    const Embeddings<float> words(std::move(list), io::load_npy<float>(vectors));
    const auto best = words.most_similar({"king", "woman"}, {"man"}, 5);
    CHECK(names(best) == Words{"queen", "monarch", "throne", "daughter", "princess"});
    CHECK(std::abs(best[0].score - 0.7699F) < 5e-5F);
    CHECK(words.analogy("man", "king", "woman", 1, {.method = AnalogyMethod::cos_mul})[0].word == "queen");
}
