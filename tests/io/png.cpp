#include "gram/io/png.hpp"

#include <limits>

#include "gram/gram.hpp"
#include "support/catch.hpp"
#include "support/files.hpp"
#include "support/picture_loaders.hpp"

using namespace gram;
using support::contains_text;
using support::format_error_of;

namespace {

io::Picture<double> picture_of(index_t planes, index_t height, index_t width, index_t most) {
    Rng rng(static_cast<std::uint64_t>(planes * 100 + most));
    io::Picture<double> picture;
    picture.max_value = most;
    for (index_t p = 0; p < planes; ++p) {
        Matrix<double> plane(height, width);
        for (double& x : plane) x = static_cast<double>(rng.integer(most + 1));
        picture.planes.push_back(plane);
    }
    return picture;
}

}  // namespace

TEST_CASE("pictures of one to four planes and 8 or 16 bits come back as they were") {
    const support::Folder folder;
    const std::string path = folder / "a.png";
    for (index_t planes = 1; planes <= 4; ++planes)
        for (const index_t most : {255, 65535})
            for (const auto& [height, width] : {std::pair<index_t, index_t>{1, 1}, {7, 5}, {64, 33}}) {
                CAPTURE(planes, most, height, width);
                const auto picture = picture_of(planes, height, width, most);
                io::save_png(path, picture);
                const auto back = io::load_png<double>(path);
                REQUIRE((static_cast<index_t>(back.planes.size()) == planes && back.max_value == most));
                for (std::size_t p = 0; p < back.planes.size(); ++p) CHECK(back.planes[p] == picture.planes[p]);
            }
    io::save_png(path, Matrix<float>{{-5, 0.5F, 300}});
    const auto limited = io::load_png<int>(path).planes[0];
    CHECK((limited(0, 0) == 0 && limited(0, 1) == 1 && limited(0, 2) == 255));
    CHECK(folder.count() == 1);
}

TEST_CASE("palettes, few bits and interlacing are spread out") {
    // Written by hand with zlib's stored blocks would say no more: libpng writes them here.
    const support::Folder folder;
    const std::string path = folder / "a.png";
    std::FILE* const out = std::fopen(path.c_str(), "wb");
    png_structp png = png_create_write_struct(PNG_LIBPNG_VER_STRING, nullptr, nullptr, nullptr);
    png_infop info = png_create_info_struct(png);
    png_init_io(png, out);
    png_set_IHDR(png, info, 4, 2, 2, PNG_COLOR_TYPE_PALETTE, PNG_INTERLACE_ADAM7, PNG_COMPRESSION_TYPE_DEFAULT,
                 PNG_FILTER_TYPE_DEFAULT);
    png_color palette[] = {{1, 2, 3}, {10, 20, 30}, {100, 110, 120}, {255, 0, 7}};
    png_set_PLTE(png, info, palette, 4);
    png_write_info(png, info);
    unsigned char first[] = {0b00011011}, second[] = {0b11100100};
    png_bytep rows[] = {first, second};
    png_write_image(png, rows);
    png_write_end(png, info);
    png_destroy_write_struct(&png, &info);
    std::fclose(out);
    const auto picture = io::load_png<int>(path);
    REQUIRE((picture.planes.size() == 3 && picture.height() == 2 && picture.width() == 4));
    CHECK((picture.planes[0](0, 1) == 10 && picture.planes[1](0, 2) == 110 && picture.planes[2](1, 0) == 7));
}

TEST_CASE("a palette with opacity is four planes") {
    const support::Folder folder;
    support::write_bytes(folder / "a.png", support::palette_png);
    const auto picture = io::load_png<int>(folder / "a.png");
    REQUIRE((picture.planes.size() == 4 && picture.height() == 3 && picture.width() == 5));
    for (index_t i = 0; i < 3; ++i)
        for (index_t j = 0; j < 5; ++j) {
            const auto index = static_cast<int>((i + j) % 4);
            for (int c = 0; c < 3; ++c) CHECK(picture.planes[static_cast<std::size_t>(c)](i, j) == 3 * index + c);
            CHECK(picture.planes[3](i, j) == (index == 0 ? 128 : 255));
        }
}

TEST_CASE("broken pictures are refused, and bad matrices are not written") {
    const support::Folder folder;
    const std::string path = folder / "a.png";
    io::save_png(path, Matrix<double>(8, 8));
    const std::string golden = support::bytes_of(path);
    const auto load = [](const std::string& p) { (void)io::load_png<double>(p); };
    CHECK(support::accepted_prefixes(path, golden, load) == 0);
    CHECK(support::refused_flips(path, golden, golden.size(), load) > static_cast<int>(golden.size()) * 7);
    support::write_bytes(path, "GIF89a, not a PNG");
    CHECK_THAT(format_error_of([&] { load(path); }), contains_text("Not a PNG"));
    // A header of 2^30 x 2^30 pixels in 100 bytes.
    std::string large = golden;
    large.replace(16, 8, std::string("\x40\0\0\0\x40\0\0\0", 8));
    support::write_bytes(path, large);
    CHECK_THAT(format_error_of([&] { load(path); }), contains_text("CRC"));
    support::write_bytes(path, support::with_png_checksums(large));
    CHECK_THAT(format_error_of([&] { load(path); }), contains_text("too small for its pixels"));
    // Transparency is not dropped because its checksum is wrong, and nothing may follow the end.
    std::string colours = support::palette_png;
    colours[colours.find("tRNS") + 5] ^= 1;
    support::write_bytes(path, colours);
    CHECK_FALSE(format_error_of([&] { load(path); }).empty());
    support::write_bytes(path, golden + "x");
    CHECK_THAT(format_error_of([&] { load(path); }), contains_text("expected the end of the file"));
    support::write_bytes(path, large);
    const double none = std::numeric_limits<double>::quiet_NaN();
    CHECK_THROWS_AS(io::save_png(path, Matrix<double>{{none}}), non_finite);
    CHECK_THROWS_AS(io::save_png(path, Matrix<double>(0, 3)), shape_error);
    CHECK_THROWS_AS(io::save_png(path, Matrix<double>(1, 1), 100), std::invalid_argument);
    io::Picture<double> odd;
    odd.planes = {Matrix<double>(2, 2), Matrix<double>(2, 3)};
    CHECK_THROWS_WITH(io::save_png(path, odd), contains_text("2x3"));
    odd.planes.clear();
    CHECK_THROWS_AS(io::save_png(path, odd), shape_error);
    CHECK(support::bytes_of(path) == large);
    CHECK_THROWS_AS(io::load_png<double>(folder / "none"), io_error);
}
