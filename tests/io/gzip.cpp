#include "gram/io/gzip.hpp"

#include "gram/gram.hpp"
#include "support/catch.hpp"
#include "support/files.hpp"

using namespace gram;
using support::bytes_of;
using support::contains_text;
using support::format_error_of;
using support::write_bytes;

namespace {

void write_gzip(const std::string& path, const std::string& bytes, const char* mode = "wb") {
    const gzFile out = ::gzopen(path.c_str(), mode);
    REQUIRE(::gzwrite(out, bytes.data(), static_cast<unsigned>(bytes.size())) == static_cast<int>(bytes.size()));
    ::gzclose(out);
}
std::string idx(index_t rows, index_t cols, char value) {
    std::string bytes("\0\0\x08\x02", 4);
    for (const index_t n : {rows, cols})
        for (int i = 3; i >= 0; --i) bytes += static_cast<char>(n >> (8 * i) & 255);
    return bytes + std::string(static_cast<std::size_t>(rows * cols), value);
}

}  // namespace

TEST_CASE("compressed idx files load like plain ones; several members are one file") {
    const support::Folder folder;
    const std::string path = folder / "a.gz";
    const std::string plain = idx(1000, 784, 7);
    write_gzip(path, plain);
    CHECK(bytes_of(path).size() < 2000);
    const Matrix<float> A = io::load_idx_gz<float>(path);
    CHECK((A.rows() == 1000 && A.cols() == 784 && sum(A) == 7 * 784000));
    write_bytes(path, plain);
    CHECK(io::load_idx_gz<float>(path) == A);
    write_gzip(path, plain.substr(0, 500));
    write_gzip(path, plain.substr(500), "ab");
    CHECK(io::load_idx_gz<float>(path) == A);
    CHECK(io::read_gzip(path) == plain);
    write_gzip(path, idx(0, 3, 0));
    CHECK(io::load_idx_gz<float>(path).cols() == 3);
}

TEST_CASE("broken, cut off and hostile gzip files are refused") {
    const support::Folder folder;
    const std::string path = folder / "a.gz";
    const auto refused = [&](const std::string& message) {
        CHECK_THAT(format_error_of([&] { (void)io::load_idx_gz<double>(path); }), contains_text(message));
    };
    write_gzip(path, idx(4, 4, 1));
    const std::string golden = bytes_of(path);
    const auto load = [](const std::string& p) { (void)io::load_idx_gz<double>(p); };
    CHECK(support::accepted_prefixes(path, golden, load) == 0);
    write_bytes(path, golden + "garbage");
    refused("header");
    // A bomb: the header promises little and much follows, or it promises more than can be there.
    write_gzip(path, idx(4, 4, 1) + std::string(10'000'000, '\0'));
    refused("more than 36 bytes");
    std::string large = idx(1, 1, 1);
    large.replace(4, 8, std::string("\x00\xff\xff\xff\x00\xff\xff\xff", 8));
    write_gzip(path, large);
    refused("cannot hold them");
    write_gzip(path, std::string(100'000, 'x'));
    CHECK_THAT(format_error_of([&] { (void)io::read_gzip(path, 1000); }), contains_text("more than 1000 bytes"));
    write_bytes(path, "plain");
    CHECK_THAT(format_error_of([&] { (void)io::read_gzip(path); }), contains_text("1f 8b"));
    CHECK_THROWS_AS(io::load_idx_gz<double>(folder / "none"), io_error);
}
