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

// The bytes with the checksum of every PNG chunk made right: else the fuzzer sees no farther than to a wrong one.
std::string with_png_checksums(std::string bytes) {
    const auto number = [&](std::size_t at) {
        std::uint32_t n = 0;
        for (std::size_t i = at; i < at + 4; ++i) n = n << 8 | static_cast<unsigned char>(bytes[i]);
        return n;
    };
    for (std::size_t at = 8; at + 12 <= bytes.size();) {
        const std::size_t length = number(at);
        if (length > bytes.size() - at - 12) break;
        const auto crc = io::detail::crc_32(std::string_view(bytes).substr(at + 4, length + 4));
        for (std::size_t i = 0; i < 4; ++i) bytes[at + 8 + length + i] = static_cast<char>(crc >> (24 - 8 * i) & 255u);
        at += 12 + length;
    }
    return bytes;
}

const std::vector<support::Loader> repaired_loaders = {
    support::loader_of("png, checksums made right", support::palette_png, [](const std::string& p) {
        support::write_bytes(p, with_png_checksums(support::bytes_of(p)));
        (void)io::load_png<float>(p);
    })};

const support::Loader* chosen = nullptr;
int descriptor = -1;
std::string path;

}  // namespace

extern "C" int LLVMFuzzerInitialize(int*, char***) {
    const char* name = std::getenv("LOADER");
    for (const auto* table : {&support::array_loaders, &support::text_loaders, &support::archive_loaders,
                              &support::picture_loaders, &support::tensor_loaders, &repaired_loaders}) {
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
