// Broken files for the loaders that need nlohmann/json; see hostile.cpp.
#include "support/broken_files.hpp"
#include "support/tensor_loaders.hpp"

using namespace gram;

TEST_CASE("a broken file of tensors loads or is refused, and nothing else") {
    support::check_broken_files(support::tensor_loaders);
}

TEST_CASE("tensors that cannot be saved leave the old file and nothing beside it") {
    support::check_savers({{"safetensors", [](const std::string& p) {
                                io::SafetensorsWriter out(p);
                                out.add("x", Matrix<float>(2, 3));
                                out.commit();
                            }}});
}
