// Broken files for the loaders that need libpng; see hostile.cpp.
#include "support/broken_files.hpp"
#include "support/picture_loaders.hpp"

using namespace gram;

TEST_CASE("a broken picture loads or is refused, and nothing else") {
    support::check_broken_files(support::picture_loaders);
}

TEST_CASE("a picture that cannot be saved leaves the old file and nothing beside it") {
    support::check_savers({{"png", [](const std::string& p) { io::save_png(p, Matrix<double>(4, 4)); }}});
}
