// The loaders that need nlohmann/json, as loaders.hpp has the others.
#pragma once

#include "gram/io/safetensors.hpp"
#include "support/loaders.hpp"

namespace support {

inline void read_safetensors(const std::string& path) {
    const gram::io::SafetensorsFile file(path);
    for (const std::string& name : file.names()) (void)file.load<double>(name);
}
inline std::string safetensors_bytes(const std::string& header, const std::string& elements) {
    std::string bytes;
    for (int shift = 0; shift < 64; shift += 8) bytes += static_cast<char>(header.size() >> shift & 255);
    return bytes + header + elements;
}

inline const std::vector<Loader> tensor_loaders = {
    {"safetensors",
     [](const std::string& p) {
         gram::io::SafetensorsWriter out(p);
         out.add("x", gram::Matrix<float>(2, 3));
         out.commit();
     },
     read_safetensors},
    loader_of(
        "safetensors, several",
        safetensors_bytes(R"({"__metadata__":{"a":"\u00e9"},"b":{"dtype":"BF16","shape":[],"data_offsets":[0,2]},)"
                          R"("i":{"dtype":"I8","shape":[2,1],"data_offsets":[2,4]},)"
                          R"("z":{"dtype":"F64","shape":[0,3],"data_offsets":[4,4]}} )",
                          "abcd"),
        read_safetensors),
};

}  // namespace support
