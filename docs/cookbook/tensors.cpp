// Tensors by name in .safetensors files.
#include <gram/io/safetensors.hpp>

#include "cookbook.hpp"

namespace {

void tensors() {
    // [safetensors]
    const Matrix<float> W = {{1, 2}, {3, 4}};
    io::SafetensorsWriter("cookbook.safetensors").add("weight", W).add("bias", Vector<float>{5, 6}).commit();
    const io::SafetensorsFile file("cookbook.safetensors");
    expect(file.names().size() == 2 && allclose(file.load<float>("weight"), W));
    expect(io::load_safetensors<double>("cookbook.safetensors", "bias")(1, 0) == 6);
    // [safetensors]
    std::remove("cookbook.safetensors");
}

}  // namespace

int main() { tensors(); }
