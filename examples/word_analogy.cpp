// Words as vectors: king - man + woman is nearest to queen.
//
//   cos(a, b) = a . b / (|a| |b|),   a : b = c : ?   is answered by   argmax over d of cos(d, b - a + c)
//
// (Mikolov, Yih & Zweig 2013; unit vectors, the words asked about left out: "3CosAdd").
#include <gram/gram.hpp>

#include <cstdio>
#include <fstream>

#include "data/glove_words.hpp"
#include "support/example.hpp"

using namespace gram;
using Words = embed::Embeddings<float>;

namespace {

constexpr const char* usage =
    R"(usage: word_analogy [--vectors FILE [--vocabulary FILE]] [--out DIR] [WORD [+|- WORD]...]

Answers sums and differences of words, such as: word_analogy paris - france + italy
Without --vectors it takes about 3000 words of GloVe that are compiled in. FILE is GloVe text, or a matrix in .npy
with a word a line in the vocabulary. The picture of the words is written to DIR ("pictures" by default).
)";

Words embedded_words() {
    const std::string alphabet = glove::alphabet;
    std::vector<std::string> words;
    Matrix<float> vectors(index_t(std::size(glove::entries)), glove::dimension);
    for (index_t i = 0; const auto& [word, vector] : glove::entries) {
        words.emplace_back(word);
        for (index_t j = 0; j < vectors.cols(); ++j) {
            vectors(i, j) = float(glove::step * (double(alphabet.find(vector[j])) - 32));
        }
        ++i;
    }
    return Words(std::move(words), std::move(vectors));
}

Words load(const std::string& vectors, const std::string& vocabulary) {
    if (vectors.empty()) return embedded_words();
    if (vocabulary.empty()) return embed::load_glove<float>(vectors);
    std::vector<std::string> words;
    std::ifstream file(vocabulary);
    for (std::string word; std::getline(file, word);) words.push_back(word);
    return Words(std::move(words), io::load_npy<float>(vectors));
}

/// Answers `a - b + c ...` given as words and signs.
void answer(const Words& words, const std::vector<std::string>& sum) {
    std::vector<std::string> positive, negative;
    std::string text;
    for (bool minus = false; const std::string& term : sum) {
        text += term + " ";
        if (term == "+" || term == "-") {
            minus = term == "-";
        } else {
            (minus ? negative : positive).push_back(term);
        }
    }
    const auto found = words.most_similar(positive, negative, 5);
    std::printf("%s=", text.c_str());
    for (const auto& [word, score] : found) {
        std::printf("  %s %.4f", word.c_str(), double(score));
    }
    std::printf("\n");
}

/// The words in the plane of their two largest principal components.
void draw(const Words& words, const std::vector<std::string>& chosen, const example::Arguments& arguments) {
    Matrix<float> X(index_t(chosen.size()), words.dimension());
    for (index_t i = 0; i < X.rows(); ++i) X.row(i) = words[chosen[std::size_t(i)]];
    X = X - mean<0>(X);
    const auto [U, s, Vt] = svd(X);
    const Matrix<float> plane = X * Vt.block(0, 0, 2, X.cols()).T();
    std::printf("\nPCA: X %td x %td, plane %td x 2 holds %.1f%% of the variance\n", X.rows(), X.cols(), plane.rows(),
                double(100 * (s[0] * s[0] + s[1] * s[1]) / (norm(s) * norm(s))));
    std::string points;
    for (index_t i = 0; i < X.rows(); ++i) {
        points += std::to_string(plane(i, 0)) + " " + std::to_string(plane(i, 1)) + " " + chosen[std::size_t(i)] + "\n";
    }
    example::plot(arguments, "words.svg", points,
                  "set offsets graph 0.1, graph 0.1, graph 0.1, graph 0.1\n"
                  "set title 'words in the plane of their first two principal components'\n"
                  "plot $data with points pt 7 ps 0.4 notitle, $data using 1:2:3 with labels offset 0,0.7 notitle");
}

int run(const example::Arguments& arguments) {
    const Words textbook({"king", "queen", "man", "woman", "apple"},
                         {{1, 1, 1, 0}, {1, -1, 1, 0}, {0, 1, 1, 0}, {0, -1, 1, 0}, {0, 0, 0, 1}});
    std::printf("five words in %td dimensions: cos(king, queen) = %.4f\n", textbook.dimension(),
                double(textbook.similarity("king", "queen")));
    answer(textbook, {"king", "-", "man", "+", "woman"});

    const Words words = load(arguments.value("vectors"), arguments.value("vocabulary"));
    std::printf("\n%td words in %td dimensions\n", words.size(), words.dimension());
    if (!arguments.words.empty()) {
        answer(words, arguments.words);
        return 0;
    }
    answer(words, {"king", "-", "man", "+", "woman"});
    answer(words, {"paris", "-", "france", "+", "italy"});
    answer(words, {"better", "-", "good", "+", "bad"});
    draw(words,
         {"king", "queen", "man", "woman", "prince", "princess", "france", "paris", "italy", "rome", "germany",
          "berlin", "cat", "dog", "apple", "orange"},
         arguments);
    return 0;
}

}  // namespace

int main(int argc, char** argv) { return example::program(argc, argv, usage, {"vectors", "vocabulary"}, run); }
