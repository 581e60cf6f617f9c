// Pictures as PNG files. Link with -lpng.
#include <gram/io/png.hpp>

#include "cookbook.hpp"

namespace {

void pictures() {
    // [png]
    const Matrix<double> ramp = {{0, 85, 170, 255}};
    io::save_png("cookbook.png", ramp);
    const auto picture = io::load_png<double>("cookbook.png");
    expect(picture.planes.size() == 1 && allclose(picture.planes[0], ramp));
    // [png]
    std::remove("cookbook.png");
}

}  // namespace

int main() { pictures(); }
