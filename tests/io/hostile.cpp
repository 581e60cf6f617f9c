// Thousands of broken files for every loader: each loads or throws an error of gram's, and none takes memory that the
// file does not justify. Under the sanitizers this is where a read outside of the file would show.
#include <complex>
#include <functional>
#include <string>
#include <vector>

#include "gram/gram.hpp"
#include "support/catch.hpp"
#include "support/files.hpp"
#include "support/matrices.hpp"

using namespace gram;
using support::bytes_of;
using support::write_bytes;

namespace {

struct Loader {
    const char* name;
    std::function<void(const std::string&)> save, load;
};

const std::vector<Loader> loaders = {
    {"npy", [](const std::string& p) { io::save_npy(p, support::gaussian<double>(4, 3, 1)); },
     [](const std::string& p) { (void)io::load_npy<double>(p); }},
    {"npy, complex", [](const std::string& p) { io::save_npy(p, Matrix<std::complex<float>>(3, 2)); },
     [](const std::string& p) { (void)io::load_npy<std::complex<float>>(p); }},
    {"mapped npy", [](const std::string& p) { io::save_npy(p, support::gaussian<double>(4, 3, 2)); },
     [](const std::string& p) {
         const io::MappedNpy<double> mapped(p);
         (void)sum(mapped.view());
     }},
    {"csv",
     [](const std::string& p) {
         io::save_csv(p, support::gaussian<double>(4, 3, 3), {.names = {"a", "b", "c"}});
     },
     [](const std::string& p) {
         (void)io::load_csv_table<double>(p, {.header = true, .missing = {"", "NA"}});
     }},
    {"csv text", [](const std::string& p) { write_bytes(p, "a,\"b \"\"c\"\"\"\n1,\"2\n3\"\r\n"); },
     [](const std::string& p) { (void)io::load_csv_text(p); }},
    {"MatrixMarket", [](const std::string& p) { io::save_matrix_market(p, support::gaussian<double>(4, 3, 4)); },
     [](const std::string& p) { (void)io::load_matrix_market<double>(p); }},
    {"MatrixMarket, sparse",
     [](const std::string& p) {
         write_bytes(p, "%%MatrixMarket matrix coordinate real symmetric\n% a note\n3 3 3\n1 1 2.5\n3 1 -1e3\n3 3 4\n");
     },
     [](const std::string& p) { (void)io::load_matrix_market<double>(p); }},
    {"idx",
     [](const std::string& p) {
         write_bytes(p, std::string("\0\0\x0B\x02\0\0\0\x02\0\0\0\x02"
                                    "abcdefgh",
                                    20));
     },
     [](const std::string& p) { (void)io::load_idx<double>(p); }},
    {"fvecs", [](const std::string& p) { io::save_fvecs(p, support::gaussian<float>(3, 4, 5)); },
     [](const std::string& p) { (void)io::load_fvecs(p); }},
    {"ratings", [](const std::string& p) { write_bytes(p, "userId,movieId,rating\n1,2,3.5\n2,1,4\n7,2,1\n"); },
     [](const std::string& p) { (void)io::load_ratings(p); }},
    {"pgm", [](const std::string& p) { io::save_pgm(p, Matrix<double>(4, 4)); },
     [](const std::string& p) { (void)io::load_picture<float>(p); }},
    {"pgm, text", [](const std::string& p) { write_bytes(p, "P2\n# note\n2 2\n9\n1 2\n3 9\n"); },
     [](const std::string& p) { (void)io::load_picture<float>(p); }},
    {"word2vec",
     [](const std::string& p) {
         const float x[] = {1, 2};
         write_bytes(p, "1 2\nking " + std::string(reinterpret_cast<const char*>(x), sizeof(x)) + "\n");
     },
     [](const std::string& p) { (void)embed::load_word2vec_binary<float>(p); }},
    {"glove", [](const std::string& p) { write_bytes(p, "king 1 2\nqueen 3 4.5\n"); },
     [](const std::string& p) { (void)embed::load_glove<float>(p); }},
};

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
    for (const Loader& loader : loaders) {
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
