/// One table of the same work done by gram and by its peers in the same run, on Google Benchmark.
///
/// Repetitions of all cases are interleaved at random and the least CPU time of this thread counts, so that a noisy
/// machine slows everybody alike. Ratio = the best peer's time / gram's: above 1, gram is faster.
#pragma once

#include <benchmark/benchmark.h>

#include <algorithm>
#include <cstdio>
#include <functional>
#include <map>
#include <string>
#include <vector>

namespace compare {

using Work = std::function<void()>;

/// The same work by whoever does it; a peer that is not installed is left empty.
struct Case {
    std::string name;
    double flops = 0;
    Work gram;
    Work eigen = {};
    Work openblas = {};
};

inline std::vector<Case>& cases() {
    static std::vector<Case> all;
    return all;
}

/// Collects the least time of each benchmark.
class Collector : public benchmark::BenchmarkReporter {
public:
    bool ReportContext(const Context&) override { return true; }
    void ReportRuns(const std::vector<Run>& runs) override {
        for (const Run& run : runs) {
            if (run.run_type != Run::RT_Iteration) continue;
            const double seconds =
                run.cpu_accumulated_time / static_cast<double>(std::max<std::int64_t>(run.iterations, 1));
            auto [place, is_new] = least_.try_emplace(run.run_name.function_name, seconds);
            if (!is_new) place->second = std::min(place->second, seconds);
        }
    }
    [[nodiscard]] double seconds(const std::string& name) const {
        const auto found = least_.find(name);
        return found == least_.end() ? 0 : found->second;
    }

private:
    std::map<std::string, double> least_;
};

inline void print_table(const Collector& times) {
    std::printf("%-28s %10s %10s %10s | %8s %8s\n", "", "gram us", "Eigen us", "OpenBLAS us", "GFLOP/s", "ratio");
    for (const Case& c : cases()) {
        const double gram = times.seconds(c.name + "/gram"), eigen = times.seconds(c.name + "/eigen"),
                     openblas = times.seconds(c.name + "/openblas");
        if (gram == 0) continue;  // filtered out
        const double peer = eigen == 0 ? openblas : (openblas == 0 ? eigen : std::min(eigen, openblas));
        std::printf("%-28s %10.2f %10.2f %10.2f | %8.2f %8.3f\n", c.name.c_str(), 1e6 * gram, 1e6 * eigen,
                    1e6 * openblas, 1e-9 * c.flops / gram, peer / gram);
    }
}

/// Runs what was added; takes Google Benchmark's options, of which --benchmark_filter chooses cases.
inline int run(int argc, char** argv) {
    std::vector<std::string> words = {argv[0], "--benchmark_enable_random_interleaving=true",
                                      "--benchmark_repetitions=7", "--benchmark_min_time=0.02"};
    words.insert(words.end(), argv + 1, argv + argc);
    std::vector<char*> arguments;
    for (auto& word : words) arguments.push_back(word.data());
    int count = static_cast<int>(arguments.size());
    benchmark::Initialize(&count, arguments.data());
    if (benchmark::ReportUnrecognizedArguments(count, arguments.data())) return 1;

    for (const Case& c : cases()) {
        const auto add = [&](const char* who, const Work& work) {
            if (!work) return;
            benchmark::RegisterBenchmark((c.name + "/" + who).c_str(), [&work](benchmark::State& state) {
                for (auto _ : state) work();
            });
        };
        add("gram", c.gram);
        add("eigen", c.eigen);
        add("openblas", c.openblas);
    }
    Collector times;
    benchmark::RunSpecifiedBenchmarks(&times);
    print_table(times);
    return 0;
}

}  // namespace compare
