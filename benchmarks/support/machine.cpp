#include "support/machine.hpp"

#include <time.h>

#include <algorithm>
#include <cstdio>
#include <fstream>

#include <gram/simd/pack.hpp>

namespace machine {
namespace {

std::string first_line(const std::string& path) {
    std::ifstream in(path);
    std::string line;
    std::getline(in, line);
    return line;
}

std::string processor() {
    std::ifstream in("/proc/cpuinfo");
    std::string name, family, model;
    for (std::string line; std::getline(in, line) && !line.empty();) {
        const auto colon = line.find(": ");
        if (colon == std::string::npos) continue;
        const std::string value = line.substr(colon + 2);
        if (line.starts_with("model name")) name = value;
        if (line.starts_with("cpu family")) family = value;
        if (line.starts_with("model\t") || line.starts_with("model ")) {
            if (!line.starts_with("model name")) model = value;
        }
    }
    return name + " (family " + family + ", model " + model + ")";
}

std::string caches() {
    std::string all;
    for (int i = 0; i < 8; ++i) {
        const std::string folder = "/sys/devices/system/cpu/cpu0/cache/index" + std::to_string(i) + "/";
        const std::string level = first_line(folder + "level"), type = first_line(folder + "type");
        if (level.empty() || type == "Instruction") continue;
        all += (all.empty() ? "L" : ", L") + level + " " + first_line(folder + "size");
    }
    return all;
}

/// Twelve chains of multiply-adds, which hide their latency and stay in the registers of every architecture.
template <class T>
double multiply_adds(long count) {
    namespace simd = gram::simd;
    constexpr int chains = 12;
    T factor{0.999F}, term{1e-3F};
    compare::keep(factor), compare::keep(term);
    const auto x = simd::broadcast<T>(factor), y = simd::broadcast<T>(term);
    simd::pack<T> sum[chains];
    for (auto& s : sum) s = simd::broadcast<T>(T{1});
    for (long i = 0; i < count; ++i) {
#pragma GCC unroll 12
        for (auto& s : sum) s = simd::fma(s, x, y);
    }
    for (auto& s : sum) compare::keep(s);
    return 2.0 * chains * static_cast<double>(simd::width<T>) * static_cast<double>(count);
}

template <class T>
double measured_peak() {
    double best = 0;
    for (int round = 0; round < 30; ++round) {
        timespec start{}, end{};
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &start);
        const double operations = multiply_adds<T>(200000);
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &end);
        const double seconds =
            static_cast<double>(end.tv_sec - start.tv_sec) + 1e-9 * static_cast<double>(end.tv_nsec - start.tv_nsec);
        best = std::max(best, operations / seconds);
    }
    return best;
}

std::string text(double x) {
    char buffer[32];
    std::snprintf(buffer, sizeof buffer, "%.1f", x);
    return buffer;
}

}  // namespace

template <class T>
double peak() {
    static const double once = measured_peak<T>();
    return once;
}
template double peak<float>();
template double peak<double>();

compare::Header header(const compare::Options& options) {
    char date[32] = {};
    const time_t seconds = time(nullptr);
    strftime(date, sizeof date, "%Y-%m-%d %H:%M UTC", gmtime(&seconds));
#if defined(__clang__)
    const std::string compiler = __VERSION__;
#else
    const std::string compiler = "g++ " __VERSION__;
#endif
    compare::Header lines;
    lines.emplace_back("machine", processor());
    lines.emplace_back("caches", caches());
    lines.emplace_back("FMA peak",
                       "f32 " + text(1e-9 * peak<float>()) + ", f64 " + text(1e-9 * peak<double>()) + " GFLOPS a core");
    lines.emplace_back("compiler", compiler);
    lines.emplace_back("flags", BENCH_FLAGS);
    lines.emplace_back("threads",
                       std::to_string(options.threads) + (options.threads == 1 ? ", CPU time" : ", wall time"));
    lines.emplace_back("date", date);
    lines.emplace_back("commit", options.commit.empty() ? "not said" : options.commit);
    return lines;
}

}  // namespace machine
