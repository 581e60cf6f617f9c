// The loaders of files, each with a small file that it loads: what the mutation test and the fuzzer start from.
#pragma once

#include <complex>
#include <functional>
#include <string>
#include <vector>

#include "gram/gram.hpp"
#include "support/files.hpp"
#include "support/matrices.hpp"

namespace support {

struct Loader {
    const char* name;
    std::function<void(const std::string&)> save, load;
};

inline const std::vector<Loader> loaders = {
    {"npy", [](const std::string& p) { gram::io::save_npy(p, gaussian<double>(4, 3, 1)); },
     [](const std::string& p) { (void)gram::io::load_npy<double>(p); }},
    {"npy, complex", [](const std::string& p) { gram::io::save_npy(p, gram::Matrix<std::complex<float>>(3, 2)); },
     [](const std::string& p) { (void)gram::io::load_npy<std::complex<float>>(p); }},
    {"mapped npy", [](const std::string& p) { gram::io::save_npy(p, gaussian<double>(4, 3, 2)); },
     [](const std::string& p) {
         const gram::io::MappedNpy<double> mapped(p);
         (void)gram::sum(mapped.view());
     }},
    {"csv",
     [](const std::string& p) {
         gram::io::save_csv(p, gaussian<double>(4, 3, 3), {.names = {"a", "b", "c"}});
     },
     [](const std::string& p) {
         (void)gram::io::load_csv_table<double>(p, {.header = true, .missing = {"", "NA"}});
     }},
    {"csv text", [](const std::string& p) { write_bytes(p, "a,\"b \"\"c\"\"\"\n1,\"2\n3\"\r\n"); },
     [](const std::string& p) { (void)gram::io::load_csv_text(p); }},
    {"MatrixMarket", [](const std::string& p) { gram::io::save_matrix_market(p, gaussian<double>(4, 3, 4)); },
     [](const std::string& p) { (void)gram::io::load_matrix_market<double>(p); }},
    {"MatrixMarket, sparse",
     [](const std::string& p) {
         write_bytes(p, "%%MatrixMarket matrix coordinate real symmetric\n% a note\n3 3 3\n1 1 2.5\n3 1 -1e3\n3 3 4\n");
     },
     [](const std::string& p) { (void)gram::io::load_matrix_market<double>(p); }},
    {"idx",
     [](const std::string& p) {
         write_bytes(p, std::string("\0\0\x0B\x02\0\0\0\x02\0\0\0\x02"
                                    "abcdefgh",
                                    20));
     },
     [](const std::string& p) { (void)gram::io::load_idx<double>(p); }},
    {"fvecs", [](const std::string& p) { gram::io::save_fvecs(p, gaussian<float>(3, 4, 5)); },
     [](const std::string& p) { (void)gram::io::load_fvecs(p); }},
    {"ratings", [](const std::string& p) { write_bytes(p, "userId,movieId,rating\n1,2,3.5\n2,1,4\n7,2,1\n"); },
     [](const std::string& p) { (void)gram::io::load_ratings(p); }},
    {"pgm", [](const std::string& p) { gram::io::save_pgm(p, gram::Matrix<double>(4, 4)); },
     [](const std::string& p) { (void)gram::io::load_picture<float>(p); }},
    {"pgm, text", [](const std::string& p) { write_bytes(p, "P2\n# note\n2 2\n9\n1 2\n3 9\n"); },
     [](const std::string& p) { (void)gram::io::load_picture<float>(p); }},
    {"word2vec",
     [](const std::string& p) {
         const float x[] = {1, 2};
         write_bytes(p, "1 2\nking " + std::string(reinterpret_cast<const char*>(x), sizeof(x)) + "\n");
     },
     [](const std::string& p) { (void)gram::embed::load_word2vec_binary<float>(p); }},
    {"glove", [](const std::string& p) { write_bytes(p, "king 1 2\nqueen 3 4.5\n"); },
     [](const std::string& p) { (void)gram::embed::load_glove<float>(p); }},
};

}  // namespace support
