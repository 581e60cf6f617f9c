// Thousands of broken files for every loader: each loads or throws an error of gram's, and none takes memory that the
// file does not justify. Under the sanitizers this is where a read outside of the file would show.
#include <string>

#include "gram/gram.hpp"
#include "support/catch.hpp"
#include "support/files.hpp"
#include "support/loaders.hpp"

using namespace gram;
using support::bytes_of;
using support::write_bytes;

namespace {

// A byte changed, taken away, doubled, or a run of them: what editors, disks and attackers do.
std::string mutated(std::string bytes, Rng& rng) {
    const index_t changes = 1 + rng.integer(4);
    for (index_t c = 0; c < changes && !bytes.empty(); ++c) {
        const auto at = static_cast<std::size_t>(rng.integer(static_cast<index_t>(bytes.size())));
        const auto count = static_cast<std::size_t>(1 + rng.integer(8));
        switch (rng.integer(6)) {
            case 0:
                bytes[at] = static_cast<char>(rng.integer(256));
                break;
            case 1:
                bytes[at] = static_cast<char>(bytes[at] ^ (1 << rng.integer(8)));
                break;
            case 2:
                bytes.erase(at, count);
                break;
            case 3:
                bytes.insert(at, bytes.substr(at, count));
                break;
            case 4:
                bytes.replace(at, std::min(count, bytes.size() - at), count, rng.integer(2) == 0 ? '\xff' : '9');
                break;
            default:
                bytes.resize(at);
        }
    }
    return bytes;
}

}  // namespace

TEST_CASE("a broken file loads or is refused, and nothing else") {
    const support::Folder folder;
    const std::string path = folder / "file";
    Rng rng(20);
    for (const support::Loader& loader : support::loaders) {
        CAPTURE(loader.name);
        loader.save(path);
        loader.load(path);
        const std::string golden = bytes_of(path);
        int refused = 0;
        for (int k = 0; k < 1500; ++k) {
            write_bytes(path, mutated(golden, rng));
            try {
                loader.load(path);
            } catch (const gram::error&) {
                ++refused;
            } catch (const std::exception& e) {
                FAIL("a broken file is reported as " << e.what());
            }
        }
        CHECK(refused > 200);
    }
}
