// A loader under libFuzzer: the one that the environment variable LOADER names. It loads what it is given or throws an
// error of gram's. With SEEDS set to a folder it first writes a file there that loads. scripts/fuzz builds and runs it.
#include <sys/mman.h>
#include <unistd.h>

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>

#include "support/archive_loaders.hpp"
#include "support/picture_loaders.hpp"
#include "support/tensor_loaders.hpp"

using namespace gram;

namespace {

const support::Loader* chosen = nullptr;
int descriptor = -1;
std::string path;

}  // namespace

extern "C" int LLVMFuzzerInitialize(int*, char***) {
    const char* name = std::getenv("LOADER");
    for (const auto* table : {&support::array_loaders, &support::text_loaders, &support::archive_loaders,
                              &support::picture_loaders, &support::tensor_loaders}) {
        for (const support::Loader& loader : *table) {
            if (name == nullptr) {
                std::puts(loader.name);
            } else if (loader.name == std::string(name)) {
                chosen = &loader;
            }
        }
    }
    if (chosen == nullptr) std::exit(name == nullptr ? 0 : 2);
    if (const char* seeds = std::getenv("SEEDS")) chosen->save(std::string(seeds) + "/seed");
    descriptor = ::memfd_create("fuzz", 0);
    path = "/proc/self/fd/" + std::to_string(descriptor);
    return 0;
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    std::string bytes(reinterpret_cast<const char*>(data), size);
    if (chosen->repair) bytes = chosen->repair(bytes);
    if (::ftruncate(descriptor, 0) != 0 || ::pwrite(descriptor, bytes.data(), size, 0) != static_cast<ssize_t>(size)) {
        std::abort();
    }
    try {
        chosen->load(path);
    } catch (const gram::error&) {
    }
    return 0;
}
