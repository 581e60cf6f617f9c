// Files in and out. The pages work in the folder that they run in and remove what they write.
#include "cookbook.hpp"

namespace {

void arrays() {
    // [npy]
    const Matrix<double> A = {{1, 2}, {3, 4}};
    io::save_npy("cookbook.npy", A);  // NumPy reads it
    expect(allclose(io::load_npy<double>("cookbook.npy"), A));
    io::InputFile file("cookbook.npy");
    expect(io::read_npy_header(file).descr == "<f8");  // what it holds, without loading it
    io::save_npy("cookbook_vector.npy", Vector<double>{1, 2});
    expect(io::load_npy_vector<double>("cookbook_vector.npy").size() == 2);
    // [npy]
    std::remove("cookbook_vector.npy");
    // [mapped]
    const io::MappedNpy<double> mapped("cookbook.npy");  // read in place, page by page
    expect(sum(mapped.view()) == 10);
    // [mapped]
    std::remove("cookbook.npy");
    // [csv]
    io::save_csv("cookbook.csv", A);
    expect(allclose(io::load_csv<double>("cookbook.csv"), A));
    io::save_csv("cookbook.csv", A, {.names = {"x", "y"}});
    const auto table = io::load_csv_table<double>("cookbook.csv", {.header = true, .columns = {1}});
    expect(table.names[0] == "y" && table.values(1, 0) == 4);
    expect(io::load_csv_text("cookbook.csv", {.header = true}).rows[1][0] == "3");  // fields as they stand
    // [csv]
    std::remove("cookbook.csv");
}

void market() {
    // [matrix_market]
    const Matrix<double> A = {{0, 2}, {3, 0}};
    io::save_matrix_market("cookbook.mtx", A);
    const auto triplets = io::load_matrix_market_triplets<double>("cookbook.mtx");  // as it is stored
    expect(allclose(io::load_matrix_market<double>("cookbook.mtx"), A) && triplets.col_count == 2);
    // A few bytes can name any extents: what may become dense has a limit of 1 GiB unless told.
    expect(io::load_matrix_market<double>("cookbook.mtx", {.dense_bytes = 1000}).rows() == 2);
    // [matrix_market]
    std::remove("cookbook.mtx");
}

void vectors() {
    // [fvecs]
    const Matrix<float> X = {{1, 2, 3}, {4, 5, 6}};
    io::save_fvecs("cookbook.fvecs", X);  // a vector in each row
    expect(io::load_fvecs("cookbook.fvecs")(1, 2) == 6);
    expect(io::load_ivecs("cookbook.fvecs").cols() == 3);  // integers of as many bits; load_bvecs reads bytes
    // [fvecs]
    std::remove("cookbook.fvecs");
    io::AtomicFile file("cookbook.idx");
    file.write(std::string("\0\0\x08\x02\0\0\0\x01\0\0\0\x02\x07\x09", 14));
    file.commit();
    // [idx]
    const Matrix<float> images = io::load_idx<float>("cookbook.idx");  // MNIST: an image in each row
    expect(images.rows() == 1 && images(0, 1) == 9);
    // [idx]
    std::remove("cookbook.idx");
}

void pictures() {
    // [netpbm]
    const Matrix<double> ramp = {{0, 85, 170, 255}};
    io::save_pgm("cookbook.pgm", ramp);
    expect(allclose(io::load_pgm<double>("cookbook.pgm"), ramp));
    io::save_ppm("cookbook.ppm", io::Picture<double>{{ramp, ramp, ramp}});  // red, green, blue
    expect(io::load_ppm<float>("cookbook.ppm").planes[2](0, 1) == 85);
    expect(io::load_picture<float>("cookbook.ppm").planes.size() == 3);  // grey or colour
    // [netpbm]
    std::remove("cookbook.pgm");
    std::remove("cookbook.ppm");
}

}  // namespace

int main() {
    arrays();
    market();
    vectors();
    pictures();
}
