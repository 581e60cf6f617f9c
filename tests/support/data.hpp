// Real data for tests: from the folder that GRAM_DATA names, else from shared/data beside the source tree.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <string>

#include "support/catch.hpp"

namespace support {

// The path of a data file; "" with a visible warning when it is not there: the test then has nothing to check.
inline std::string data_file(const std::string& name) {
    namespace fs = std::filesystem;
    const char* named = std::getenv("GRAM_DATA");
    const fs::path beside = fs::path(__FILE__).parent_path() / ".." / ".." / ".." / "shared" / "data";
    for (const fs::path& folder : {fs::path(named == nullptr ? "" : named), beside}) {
        std::error_code ignored;
        if (!folder.empty() && fs::exists(folder / name, ignored)) return (folder / name).string();
    }
    WARN("skipped: no " + name + " in $GRAM_DATA or ../shared/data");
    SUCCEED("skipped");
    return {};
}

}  // namespace support
