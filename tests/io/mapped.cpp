#include "gram/io/mapped.hpp"

#include "gram/gram.hpp"
#include "support/catch.hpp"
#include "support/files.hpp"
#include "support/matrices.hpp"

using namespace gram;
using support::contains_text;

TEMPLATE_TEST_CASE("a mapped array is the array", "", float, double, int, std::uint8_t) {
    using T = TestType;
    const support::Folder folder;
    const std::string path = folder / "a.npy";
    Matrix<T> A(37, 21);
    for (index_t i = 0; i < A.size(); ++i) A.data()[i] = static_cast<T>(i % 100);
    io::save_npy(path, A);
    io::MappedNpy<T> mapped(path);
    CHECK((mapped.rows() == 37 && mapped.cols() == 21));
    CHECK(Matrix<T>(mapped.view()) == A);
    // Replacing the file leaves the mapping as it was; moving it leaves one owner.
    io::save_npy(path, Vector<T>{1, 2, 3});
    const io::MappedNpy<T> moved = std::move(mapped);
    CHECK(Matrix<T>(moved.view()) == A);
    const io::MappedNpy<T> column(path);
    CHECK((column.rows() == 3 && column.cols() == 1 && column.view()(2, 0) == 3));
    io::save_npy(path, Matrix<T>(0, 5));
    CHECK(io::MappedNpy<T>(path).cols() == 5);
}

TEST_CASE("Fortran order is a view with other strides; other types and orders are refused") {
    const support::Folder folder;
    const std::string path = folder / "a.npy";
    std::string header = "{'descr': '<f8', 'fortran_order': True, 'shape': (2, 2), }";
    header.append(117 - header.size(), ' ') += '\n';
    const double values[] = {1, 2, 3, 4};
    const auto write = [&](const std::string& text) {
        support::write_bytes(path, std::string("\x93NUMPY\x01\0\x76\0", 10) + text +
                                       std::string(reinterpret_cast<const char*>(values), sizeof(values)));
    };
    write(header);
    const io::MappedNpy<double> mapped(path);
    CHECK((mapped.view()(0, 1) == 3 && mapped.view()(1, 0) == 2));
    CHECK_THROWS_WITH(io::MappedNpy<float>(path), contains_text("load_npy converts"));
    CHECK_THROWS_AS(io::MappedNpy<std::int64_t>(path), format_error);
    std::string swapped = header;
    swapped.replace(swapped.find('<'), 1, ">");
    write(swapped);
    CHECK_THROWS_WITH(io::MappedNpy<double>(path), contains_text("'>f8'"));
    std::string deep = header;
    deep.replace(deep.find("(2, 2), }"), 9, "(2,1,2),}");
    write(deep);
    CHECK_THROWS_WITH(io::MappedNpy<double>(path), contains_text("at most 2 dimensions"));
    CHECK_THROWS_AS(io::MappedNpy<double>(folder / "none"), io_error);
}
