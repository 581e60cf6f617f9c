// Broken files for the loaders that need zlib; see hostile.cpp.
#include "support/archive_loaders.hpp"
#include "support/broken_files.hpp"

using namespace gram;

TEST_CASE("a broken archive loads or is refused, and nothing else") {
    support::check_broken_files(support::archive_loaders);
}

TEST_CASE("an archive that cannot be saved leaves the old file and nothing beside it") {
    support::check_savers({{"npz", [](const std::string& p) { support::write_npz(p, false); }},
                           {"npz, deflated", [](const std::string& p) { support::write_npz(p, true); }}});
}
