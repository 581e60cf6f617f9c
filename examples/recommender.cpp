// A table of ratings with gaps: R ~ mu + U V^T on the known entries alone, and what that predicts for the gaps.
#include <gram/gram.hpp>

#include <chrono>
#include <cstdio>
#include <iostream>
#include <map>

#include "support/example.hpp"

using namespace gram;

namespace {

constexpr const char* usage = R"(usage: recommender [--titles MOVIES.csv] [--user ID] [RATINGS]

Factors a 5x4 table that can be checked by hand. RATINGS (user, item, value and anything else in a line, separated by
commas, tabs or "::"; else $GRAM_DATA/movielens-latest-small/ratings.csv) is then split, every 10th rating held out,
fitted by ALS and SGD, and used to recommend: by title with MOVIES.csv (an item and its title in a line).
)";

void textbook() {
    const Matrix<double> R = {{5, 4, 1, 0}, {4, 5, 2, 1}, {3, 3, 3, 3}, {1, 0, 5, 4}, {1, 2, 4, 5}};
    const Matrix<double> mask = rec::observed(R);
    Rng rng(0);
    const auto model =
        rec::matrix_factorize(R, mask, {.rank = 2, .learning_rate = 0.01, .regularization = 0.1, .steps = 6000}, rng);
    const Matrix<double> P = model.predict();
    std::cout << "R (5x4, 0 is unknown) =\n"
              << R << "\nmu = " << model.mean << ", U: 5x2, V: 4x2, mu + U V^T =\n"
              << P << '\n';
    std::printf("RMSE on the known: %.4f; predicted for the gaps: %.3f (user 1, item 4), %.3f (user 4, item 2)\n",
                rec::rmse_on_known(R, mask, P), P(0, 3), P(3, 1));
    const auto cosine = [&](index_t i, index_t j) { return cosine_similarity(model.items.row(i), model.items.row(j)); };
    std::printf("cosines of items: (1, 2) %.3f, (1, 4) %.3f, (3, 4) %.3f\n", cosine(0, 1), cosine(0, 3), cosine(2, 3));
    const auto filled = rec::svd_route(R, mask, 2);
    std::printf("by the SVD of the table filled with column means: %.3f and %.3f, RMSE %.4f\n", filled.predict(0, 3),
                filled.predict(3, 1), rec::rmse_on_known(R, mask, filled.predict()));
}

/// Titles by the names that the ratings use.
std::map<std::string, std::string> load_titles(const std::string& path) {
    std::map<std::string, std::string> titles;
    if (path.empty()) return titles;
    for (const auto& row : io::load_csv_text(path, {.header = true}).rows) titles[row.at(0)] = row.at(1);
    return titles;
}

/// Fits, and says how long it took and how far the predictions are from what was held out.
template <class Fit>
auto timed(const char* name, const rec::Split<double>& split, Fit fit) {
    const auto start = std::chrono::steady_clock::now();
    auto model = fit();
    const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - start;
    std::printf("%-34s %8.4f %8.4f %8.4f %9.3f s\n", name, rec::rmse(model, split.train), rec::rmse(model, split.test),
                rec::mae(model, split.test), seconds.count());
    return model;
}

void real_data(const std::string& path, const example::Arguments& arguments) {
    const io::RatingsFile file = io::load_ratings(path);
    const auto ratings = rec::ratings_from<double>(file);
    const auto split = rec::split_every(ratings, 10);
    std::printf("\n%s: %td ratings of %td items by %td users, %td held out\n\n%-34s %8s %8s %8s %11s\n", path.c_str(),
                ratings.size(), ratings.items(), ratings.users(), split.test.size(), "", "train", "test", "MAE",
                "time");

    timed("mean", split, [&] { return rec::fit_mean(split.train); });
    timed("mean + user + item", split, [&] { return rec::fit_bias(split.train); });
    Rng rng(1);
    const rec::AlsOptions als_options{
        .rank = 10, .regularization = 0.1, .iterations = 15, .weighted = true, .biases = true};
    const auto als =
        timed("ALS, rank 10, weighted, biases", split, [&] { return rec::fit_als(split.train, als_options, rng); });
    timed("SGD, rank 10, biases", split, [&] {
        return rec::fit_sgd(split.train, {.rank = 10, .learning_rate = 0.01, .regularization = 0.08, .epochs = 40},
                            rng);
    });

    const auto titles = load_titles(arguments.value("titles"));
    const auto title = [&](index_t item) {
        const auto& id = file.item_ids[std::size_t(item)];
        return titles.contains(id) ? titles.at(id) : "item " + id;
    };
    const std::string wanted = arguments.value("user").empty() ? file.user_ids[0] : arguments.value("user");
    const auto found = std::find(file.user_ids.begin(), file.user_ids.end(), wanted);
    if (found == file.user_ids.end()) throw std::out_of_range("no user '" + wanted + "' in " + path);
    std::printf("\nfor user %s, by ALS, without what was rated:\n", wanted.c_str());
    for (const auto& [item, score] : als.recommend(found - file.user_ids.begin(), 5, ratings)) {
        std::printf("  %.2f  %s\n", score, title(item).c_str());
    }
    std::printf("most like %s:\n", title(0).c_str());
    for (const auto& [item, cosine] : als.similar_items(0, 5)) std::printf("  %.3f  %s\n", cosine, title(item).c_str());
}

int run(const example::Arguments& arguments) {
    textbook();
    const std::string path = example::data_path(arguments, "movielens-latest-small/ratings.csv");
    if (!path.empty()) real_data(path, arguments);
    return 0;
}

}  // namespace

int main(int argc, char** argv) { return example::program(argc, argv, usage, {"titles", "user"}, run); }
