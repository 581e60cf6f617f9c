// The entry of a module with one version of Eigen in it.
#include <string>

#include "peers/eigen.hpp"

namespace peers::eigen {
namespace {

// 3.4.0 has world 3, major 4 and minor 0; with 5.0.0 the world stays and no longer counts.
std::string version() {
#if EIGEN_MAJOR_VERSION >= 5
    const int numbers[] = {EIGEN_MAJOR_VERSION, EIGEN_MINOR_VERSION, EIGEN_PATCH_VERSION};
#else
    const int numbers[] = {EIGEN_WORLD_VERSION, EIGEN_MAJOR_VERSION, EIGEN_MINOR_VERSION};
#endif
    return std::to_string(numbers[0]) + "." + std::to_string(numbers[1]) + "." + std::to_string(numbers[2]);
}

Module make() {
    static const std::string number = version(), name = "eigen" + number.substr(0, number.rfind('.')),
                             text = "Eigen " + number + ", " + Eigen::SimdInstructionSetsInUse();
    Module module{name.c_str(), text.c_str(), {}, [](int threads) { Eigen::setNbThreads(threads); }};
    add_all(module.tables);
    return module;
}

}  // namespace
}  // namespace peers::eigen

extern "C" __attribute__((visibility("default"))) const peers::Module* bench_peer_module() {
    static const peers::Module module = peers::eigen::make();
    return &module;
}
