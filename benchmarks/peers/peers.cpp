// Opens the peers: modules of the build, and shared libraries under the names that systems give them.
#include "peers/peers.hpp"

#include <dlfcn.h>

#include <algorithm>
#include <cstdlib>
#include <sstream>

namespace peers {
namespace {

std::vector<std::string> split(const std::string& text, char at) {
    std::vector<std::string> parts;
    std::istringstream in(text);
    for (std::string part; std::getline(in, part, at);) parts.push_back(part);
    return parts;
}

bool named(const std::string& name) {
    return std::any_of(all().begin(), all().end(), [&](const Peer& p) { return p.name == name; });
}

}  // namespace

std::deque<Peer>& all() {
    static std::deque<Peer> peers;
    return peers;
}

bool open_module(const std::string& path, int threads) {
    void* library = dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
    if (library == nullptr) return false;
    using Entry = const Module* (*)();
    const auto entry = reinterpret_cast<Entry>(dlsym(library, "bench_peer_module"));
    if (entry == nullptr) return false;
    const Module& module = *entry();
    module.set_threads(threads);
    std::string name = module.name;
    while (named(name)) name += "'";
    all().push_back({name, module.version, path, nullptr, module.tables});
    return true;
}

void open_all(const std::vector<std::string>& specs, Op needed, int threads) {
    for (const auto& path : split(BENCH_PEER_MODULES, '|')) open_module(path, threads);
    for (const auto& spec : specs) {
        if (!open_blas(spec, needed, threads))
            std::fprintf(stderr, "left out, could not be opened or has not what is compared: %s\n", spec.c_str());
    }
    // The names that Debian, other systems and the vendors' packages use; the first that opens counts.
    const char* usual[][2] = {{"openblas", "libopenblas.so.0"}, {"openblas", "libopenblas.so"},
                              {"mkl", "libmkl_rt.so.3"},        {"mkl", "libmkl_rt.so.2"},
                              {"mkl", "libmkl_rt.so"},          {"blis", "libblis.so.4"},
                              {"blis", "libblis-mt.so.4"},      {"blis", "libblis.so"}};
    for (const auto& [name, file] : usual) {
        if (!named(name)) open_blas(std::string(name) + "=" + file, needed, threads);
    }
}

}  // namespace peers
