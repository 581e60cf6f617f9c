// A loader under libFuzzer: the one that the environment variable LOADER names. It loads what it is given or throws an
// error of gram's. With SEEDS set to a folder it first writes a file there that loads. scripts/fuzz builds and runs it.
#include <sys/mman.h>
#include <unistd.h>

#include <complex>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>

#include "gram/gram.hpp"
#include "gram/io/gzip.hpp"
#include "gram/io/npz.hpp"
#include "gram/io/png.hpp"
#include "gram/io/safetensors.hpp"
#include "support/loaders.hpp"

using namespace gram;

namespace {

const std::vector<support::Loader> with_libraries = {
    {"gzip",  // IDX of two bytes, as `gzip -n` writes it
     [](const std::string& p) {
         const std::string deflated = "\x63\x60\xe0\x60\x64\x60\x60\x60\xca\xc8\x04";
         support::write_bytes(p, std::string("\x1f\x8b\x08\0\0\0\0\0\2\xff", 10) + deflated +
                                     std::string("\0\x4a\x94\xd6\x0c\x0a\0\0\0", 9));
     },
     [](const std::string& p) { (void)io::load_idx_gz<double>(p); }},
    {"npz",
     [](const std::string& p) {
         io::NpzWriter out(p);
         out.add("x", Matrix<double>(2, 3));
         out.commit();
     },
     [](const std::string& p) {
         const io::NpzFile file(p);
         for (const std::string& name : file.names()) (void)file.load<double>(name);
     }},
    {"png", [](const std::string& p) { io::save_png(p, Matrix<double>(4, 4)); },
     [](const std::string& p) { (void)io::load_png<float>(p); }},
    {"safetensors",
     [](const std::string& p) {
         io::SafetensorsWriter out(p);
         out.add("x", Matrix<float>(2, 3));
         out.commit();
     },
     [](const std::string& p) {
         const io::SafetensorsFile file(p);
         for (const std::string& name : file.names()) (void)file.load<double>(name);
     }},
};

const support::Loader* chosen = nullptr;
int descriptor = -1;
std::string path;

}  // namespace

extern "C" int LLVMFuzzerInitialize(int*, char***) {
    const char* name = std::getenv("LOADER");
    for (const auto* table : {&support::loaders, &with_libraries}) {
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
    if (::ftruncate(descriptor, 0) != 0 || ::pwrite(descriptor, data, size, 0) != static_cast<ssize_t>(size)) {
        std::abort();
    }
    try {
        chosen->load(path);
    } catch (const gram::error&) {
    }
    return 0;
}
