/// The peers that were found in this run.
#pragma once

#include <deque>
#include <string>
#include <vector>

#include "peers/table.hpp"

namespace peers {

struct Peer {
    std::string name;     // of its column
    std::string version;  // with the core type it chose, where it says so
    std::string path;
    const void* self = nullptr;  // the first argument of its functions
    Tables tables;
};

/// Those that `open` found, in the order of the columns.
std::deque<Peer>& all();

/// Opens a BLAS: `name=path[:prefix[:suffix]]`, where the C functions are called prefix + "cblas_dgemm" + suffix and
/// those of LAPACK prefix + "dgetrf_" + suffix. False when there is no such library, or `needed` is not in it.
bool open_blas(const std::string& spec, Op needed, int threads);

/// Opens a module built from eigen_*.cpp or eigen_linalg/.
bool open_module(const std::string& path, int threads);

/// The modules of the build, then `specs`, then what the system has under the usual names, unless `specs` named it;
/// a library without `needed` is no peer.
void open_all(const std::vector<std::string>& specs, Op needed, int threads);

}  // namespace peers
