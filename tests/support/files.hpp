// Files that tests make: a folder that vanishes, bytes in and out, and what loaders may and may not throw.
#pragma once

#include <sys/stat.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

#include "gram/core/error.hpp"

namespace support {

// A new empty folder, removed with everything in it at the end.
class Folder {
public:
    Folder() {
        std::string name = (std::filesystem::temp_directory_path() / "gram-test-XXXXXX").string();
        if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("no temporary folder: " + name);
        path_ = name;
    }
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;
    ~Folder() {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }

    [[nodiscard]] std::string operator/(const std::string& name) const { return (path_ / name).string(); }
    [[nodiscard]] std::size_t count() const {
        return static_cast<std::size_t>(
            std::distance(std::filesystem::directory_iterator(path_), std::filesystem::directory_iterator()));
    }

private:
    std::filesystem::path path_;
};

inline void write_bytes(const std::string& path, std::string_view bytes) {
    std::ofstream out(path, std::ios::binary | std::ios::trunc);
    out.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    if (!out.flush()) throw std::runtime_error("cannot write " + path);
}

inline std::string bytes_of(const std::string& path) {
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

// The message of the format_error that `load` throws; "" when it succeeds. Anything else is not caught: a loader that
// throws std::bad_alloc or std::out_of_range on a broken file fails the test.
template <class Load>
std::string format_error_of(Load&& load) {
    try {
        load();
    } catch (const gram::format_error& e) {
        return e.what();
    }
    return {};
}

// Calls load(path) for every proper prefix of `bytes`, the empty one first; returns how many were accepted.
template <class Load>
int accepted_prefixes(const std::string& path, const std::string& bytes, Load&& load) {
    int accepted = 0;
    for (std::size_t n = 0; n < bytes.size(); ++n) {
        write_bytes(path, bytes.substr(0, n));
        accepted += format_error_of([&] { load(path); }).empty();
    }
    return accepted;
}

// Calls load(path) with each of the first `count` bytes changed in each bit; returns how many were refused.
template <class Load>
int refused_flips(const std::string& path, const std::string& bytes, std::size_t count, Load&& load) {
    int refused = 0;
    for (std::size_t i = 0; i < std::min(count, bytes.size()); ++i) {
        for (int bit = 0; bit < 8; ++bit) {
            std::string changed = bytes;
            changed[i] = static_cast<char>(changed[i] ^ (1 << bit));
            write_bytes(path, changed);
            refused += !format_error_of([&] { load(path); }).empty();
        }
    }
    return refused;
}

}  // namespace support
