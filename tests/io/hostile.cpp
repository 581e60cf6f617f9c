// Thousands of broken files for every loader: each loads or throws an error of gram's that names file and place, and
// none takes memory that the file does not justify. Under the sanitizers this is where a read outside of the file would
// show. The loaders that need a library: hostile_archives.cpp, hostile_pictures.cpp, hostile_tensors.cpp.
#include "support/broken_files.hpp"

using namespace gram;
using support::gaussian;

TEST_CASE("the watch that the tests below keep sees memory that is taken and given back") {
    const support::PeakMemory memory;
    { const std::string large(100'000'000, 'x'); }
    const double seen = memory.growth();
    CHECK((seen == 0 || (seen > 9e7 && seen < 2e8)));  // 0 where the system or a sanitizer does not let it see
}

TEST_CASE("a broken file of numbers in binary loads or is refused, and nothing else") {
    support::check_broken_files(support::array_loaders);
}

TEST_CASE("a broken file of text loads or is refused, and nothing else") {
    support::check_broken_files(support::text_loaders);
}

TEST_CASE("a save that fails leaves the old file and nothing beside it") {
    const embed::Embeddings<float> words({"a", "b"}, Matrix<float>{{1, 2}, {3, 4}});
    const io::Triplets<double> sparse{2, 2, {1}, {0}, {1.5}};
    const Matrix<double> A = gaussian<double>(30, 4, 1);
    support::check_savers({
        {"npy", [&](const std::string& p) { io::save_npy(p, A); }},
        {"csv", [&](const std::string& p) { io::save_csv(p, A); }},
        {"MatrixMarket", [&](const std::string& p) { io::save_matrix_market(p, A); }},
        {"MatrixMarket, sparse", [&](const std::string& p) { io::save_matrix_market(p, sparse); }},
        {"fvecs", [&](const std::string& p) { io::save_fvecs(p, Matrix<float>(2, 3)); }},
        {"pgm", [&](const std::string& p) { io::save_pgm(p, A); }},
        {"ppm",
         [&](const std::string& p) {
             io::save_ppm(p, io::Picture<double>{{A, A, A}});
         }},
        {"word2vec text", [&](const std::string& p) { embed::save_word2vec_text(words, p); }},
        {"word2vec", [&](const std::string& p) { embed::save_word2vec_binary(words, p); }},
        {"glove", [&](const std::string& p) { embed::save_glove(words, p); }},
    });
}
