// Several arrays in one file, and compressed files. Link with -lz.
#include <gram/io/npz.hpp>

#include "cookbook.hpp"

namespace {

void archives() {
    // [npz]
    const Matrix<double> W = {{1, 2}, {3, 4}};
    io::NpzWriter("cookbook.npz", {.deflate = true}).add("W", W).add("b", Vector<double>{5, 6}).commit();
    const io::NpzFile file("cookbook.npz");  // numpy.load reads it, and this reads numpy.savez
    expect(file.names()[1] == "b" && allclose(file.load<double>("W"), W));
    expect(io::load_npz<double>("cookbook.npz", "b")(1, 0) == 6);
    // [npz]
    std::remove("cookbook.npz");
}

void compressed() {
    const gzFile out = gzopen("cookbook.idx.gz", "wb");
    gzwrite(out, "\0\0\x08\x02\0\0\0\x01\0\0\0\x02\x07\x09", 14);
    gzclose(out);
    // [gzip]
    const Matrix<float> images = io::load_idx_gz<float>("cookbook.idx.gz");  // as MNIST comes
    expect(images(0, 1) == 9 && io::read_gzip("cookbook.idx.gz").size() == 14);
    // [gzip]
    std::remove("cookbook.idx.gz");
}

}  // namespace

int main() {
    archives();
    compressed();
}
