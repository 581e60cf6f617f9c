// The loaders of files, each with a small file that it loads: what the tests of broken files and the fuzzer start from.
// Those that need a library stand in archive_loaders.hpp, picture_loaders.hpp and tensor_loaders.hpp.
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
    // How many proper prefixes of the file are files of their own; any number where it is text.
    int prefixes = 0;
    // Makes checksums right after a change of the bytes; none where there are none to make right.
    std::function<std::string(std::string)> repair = {};
};
inline constexpr int any_prefixes = -1;

inline std::string string_of(const char* bytes, std::size_t count) { return {bytes, count}; }
template <std::size_t N>
std::string bytes_literal(const char (&bytes)[N]) {
    return string_of(bytes, N - 1);
}
inline std::string npy_bytes(const std::string& descr, bool fortran_order, const std::string& shape,
                             const std::string& elements) {
    std::string text = "{'descr': '" + descr + "', 'fortran_order': " + (fortran_order ? "True" : "False") +
                       ", 'shape': " + shape + ", }";
    text.append(117 - text.size(), ' ') += '\n';
    std::string bytes = bytes_literal("\x93NUMPY\x01\0\x76\0");
    bytes.append(text).append(elements);
    return bytes;
}

// A loader of a file of these bytes.
template <class Load>
Loader loader_of(const char* name, const std::string& bytes, Load load, int prefixes = 0) {
    return {name, [bytes](const std::string& path) { write_bytes(path, bytes); }, load, prefixes, {}};
}

inline const gram::io::CsvOptions csv_with_header{.header = true, .missing = {"", "NA"}};
inline const gram::embed::WordVectorOptions first_words{
    .duplicates = gram::embed::DuplicateWords::keep_first, .limit = 3, .spaces_in_words = true};
inline const gram::io::MatrixMarketOptions small_dense{.dense_bytes = 1 << 24};

// Touches every element of a mapped file.
template <class T>
void read_mapped(const std::string& path) {
    const gram::io::MappedNpy<T> mapped(path);
    if (mapped.rows() > 0 && mapped.cols() > 0) (void)gram::sum(mapped.view());
}
template <class T>
void read_market(const std::string& path) {
    (void)gram::io::load_matrix_market<T>(path, small_dense);
    (void)gram::io::load_matrix_market_triplets<T>(path);
}

inline const std::vector<Loader> array_loaders = {
    {"npy", [](const std::string& p) { gram::io::save_npy(p, gaussian<double>(4, 3, 1)); },
     [](const std::string& p) { (void)gram::io::load_npy<double>(p); }},
    {"npy, complex", [](const std::string& p) { gram::io::save_npy(p, gram::Matrix<std::complex<float>>(3, 2)); },
     [](const std::string& p) { (void)gram::io::load_npy<std::complex<float>>(p); }},
    loader_of("npy, half, big-endian", npy_bytes(">f2", true, "(3, 2)", "0123456789ab"),
              [](const std::string& p) { (void)gram::io::load_npy<float>(p, {.round = true}); }),
    loader_of("npy vector, integers", npy_bytes("<i2", false, "(3,)", "012345"),
              [](const std::string& p) { (void)gram::io::load_npy_vector<std::int32_t>(p); }),
    {"mapped npy", [](const std::string& p) { gram::io::save_npy(p, gaussian<double>(4, 3, 2)); }, read_mapped<double>},
    loader_of("mapped npy, Fortran", npy_bytes("|u1", true, "(3, 2)", "abcdef"), read_mapped<unsigned char>),
    loader_of("idx",
              bytes_literal("\0\0\x0B\x02\0\0\0\x02\0\0\0\x02"
                            "abcdefgh"),
              [](const std::string& p) { (void)gram::io::load_idx<double>(p); }),
    loader_of("idx, three extents",
              bytes_literal("\0\0\x08\x03\0\0\0\x02\0\0\0\x01\0\0\0\x03"
                            "abcdef"),
              [](const std::string& p) { (void)gram::io::load_idx<unsigned char>(p); }),
    {"fvecs", [](const std::string& p) { gram::io::save_fvecs(p, gaussian<float>(3, 4, 5)); },
     [](const std::string& p) { (void)gram::io::load_fvecs(p); }, 3},
    loader_of(
        "ivecs", bytes_literal("\1\0\0\0abcd\1\0\0\0efgh"), [](const std::string& p) { (void)gram::io::load_ivecs(p); },
        2),
    loader_of(
        "bvecs", bytes_literal("\3\0\0\0abc\3\0\0\0def"), [](const std::string& p) { (void)gram::io::load_bvecs(p); },
        2),
    {"pgm", [](const std::string& p) { gram::io::save_pgm(p, gram::Matrix<double>(4, 4)); },
     [](const std::string& p) { (void)gram::io::load_pgm<float>(p); }},
    {"ppm, 16 bits",
     [](const std::string& p) {
         const gram::Matrix<double> A(2, 3);
         gram::io::save_ppm(p, gram::io::Picture<double>{{A, A, A}, 1000});
     },
     [](const std::string& p) { (void)gram::io::load_ppm<std::uint16_t>(p); }},
};

inline const std::vector<Loader> text_loaders = {
    {"csv",
     [](const std::string& p) {
         gram::io::save_csv(p, gaussian<double>(4, 3, 3), {.names = {"a", "b", "c"}});
     },
     [](const std::string& p) { (void)gram::io::load_csv_table<double>(p, csv_with_header); }, any_prefixes},
    loader_of(
        "csv, blanks, integers", "1 -2\t3\r\n\"4\" 5   6\n",
        [](const std::string& p) {
            (void)gram::io::load_csv<int>(p, {.separator = ' ', .columns = {2, 0}});
        },
        any_prefixes),
    loader_of(
        "csv text", "a,\"b \"\"c\"\"\"\n1,\"2\n3\"\r\n", [](const std::string& p) { (void)gram::io::load_csv_text(p); },
        any_prefixes),
    {"MatrixMarket", [](const std::string& p) { gram::io::save_matrix_market(p, gaussian<double>(4, 3, 4)); },
     read_market<double>, any_prefixes},
    loader_of("MatrixMarket, sparse",
              "%%MatrixMarket matrix coordinate real symmetric\n% a note\n3 3 3\n1 1 2.5\n3 1 -1e3\n3 3 4\n",
              read_market<double>, any_prefixes),
    loader_of("MatrixMarket, complex", "%%MatrixMarket matrix array complex hermitian\n2 2\n1 0\n2 -3\n4 0\n",
              read_market<std::complex<double>>, any_prefixes),
    loader_of("MatrixMarket, pattern", "%%MatrixMarket matrix coordinate pattern general\n3 2 2\n1 1\n3 2\n",
              read_market<float>, any_prefixes),
    loader_of("MatrixMarket, integer", "%%MatrixMarket matrix array integer skew-symmetric\n3 3\n1\n-2\n3\n",
              read_market<int>, any_prefixes),
    loader_of(
        "ratings", "userId,movieId,rating\n1,2,3.5\n2,1,4\n7,2,1\n",
        [](const std::string& p) { (void)gram::io::load_ratings(p, {.lowest = 0.5, .highest = 5}); }, any_prefixes),
    loader_of(
        "ratings, colons", "1::2::3.5::978300760\n2::1::4::978300761\n",
        [](const std::string& p) { (void)gram::io::load_ratings(p); }, any_prefixes),
    loader_of(
        "pgm, text", "P2\n# note\n2 2\n9\n1 2\n3 9\n",
        [](const std::string& p) { (void)gram::io::load_picture<float>(p); }, any_prefixes),
    loader_of(
        "ppm, text", "P3 1 2 300\n0 100 200\n300 1 2\n",
        [](const std::string& p) { (void)gram::io::load_picture<double>(p); }, any_prefixes),
    loader_of(
        "word2vec", "2 2\nking " + bytes_literal("\0\0\x80\x3f\0\0\0\x40") + "\nqueen abcdefgh\n",
        [](const std::string& p) { (void)gram::embed::load_word2vec_binary<float>(p); }, 1),
    loader_of(
        "word2vec, any count", "9 2\nking " + bytes_literal("\0\0\x80\x3f\0\0\0\x40") + "\nqueen abcdefgh\n",
        [](const std::string& p) { (void)gram::embed::load_word2vec_binary<double>(p, {.count_is_hint = true}); }, 3),
    loader_of(
        "word2vec text, any count", "9 2\nking 1 2\nqueen 3 4.5\n",
        [](const std::string& p) { (void)gram::embed::load_word2vec_text<float>(p, {.count_is_hint = true}); },
        any_prefixes),
    loader_of(
        "word2vec text", "2 2\nking 1 2\nqueen 3 4.5\n",
        [](const std::string& p) { (void)gram::embed::load_word2vec_text<double>(p); }, any_prefixes),
    loader_of(
        "glove", "king 1 2\nqueen 3 4.5\n", [](const std::string& p) { (void)gram::embed::load_glove<float>(p); },
        any_prefixes),
    loader_of(
        "glove, spaces", "king 1 2\n. . 3 4.5\nking 5 6\n",
        [](const std::string& p) { (void)gram::embed::load_glove<float>(p, first_words); }, any_prefixes),
};

}  // namespace support
