#include "support/compare.hpp"

#include <time.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <regex>
#include <stdexcept>

#include "support/report.hpp"

namespace compare {
namespace {

constexpr double batch_seconds = 1e-3;  // long against the clock's resolution, short against a scheduler's slice
constexpr double case_seconds = 0.5;  // what one entrant may take in a case, if that leaves the least number of rounds
constexpr int least_rounds = 3;
constexpr timespec pause{0, 10'000'000};  // until the waiting threads of whoever was measured before have gone to sleep

double now(int threads) {
    timespec t{};
    clock_gettime(threads == 1 ? CLOCK_THREAD_CPUTIME_ID : CLOCK_MONOTONIC, &t);
    return static_cast<double>(t.tv_sec) + 1e-9 * static_cast<double>(t.tv_nsec);
}

/// One who is being measured.
struct Runner {
    const Batch* run;
    long reps = 1;
    double least = 0;

    double batch(int threads) const {
        if (threads > 1) {
            nanosleep(&pause, nullptr);
            (*run)(1);  // wakes its own
        }
        const double start = now(threads);
        (*run)(reps);
        return (now(threads) - start) / static_cast<double>(reps);
    }
    /// The length of a batch; also warms up.
    void calibrate(int threads) {
        for (least = batch(threads); least * static_cast<double>(reps) < batch_seconds / 2;) {
            reps = least > 0 ? std::min(10 * reps, std::lround(std::ceil(batch_seconds / least))) : 10 * reps;
            least = batch(threads);
        }
    }
};

/// What went wrong in a case, with its name.
Contest prepared(const Group& group, const Case& one) try {
    return one.prepare();
} catch (const std::exception& failure) {
    throw std::runtime_error(group.name + " " + one.type + " " + one.name + ": " + failure.what());
}

Result measure(const Group& group, const Case& one, const Options& options) {
    const Contest contest = prepared(group, one);
    std::vector<Runner> runners;
    for (const Entrant& entrant : contest.entrants) runners.push_back({&entrant.run});
    if (contest.yardstick) runners.push_back({&contest.yardstick});
    double longest = 0;
    for (Runner& runner : runners) {
        runner.calibrate(options.threads);
        longest = std::max(longest, runner.least * static_cast<double>(runner.reps));
    }
    const int rounds = std::clamp(static_cast<int>(case_seconds / longest), least_rounds, std::max(options.rounds, 1));
    for (int round = 0; round < rounds; ++round) {
        for (Runner& runner : runners) runner.least = std::min(runner.least, runner.batch(options.threads));
    }

    Result result{group.name, group.unit, one.type, one.name, one.work, {}, 0};
    for (std::size_t i = 0; i < contest.entrants.size(); ++i) {
        result.times.emplace_back(contest.entrants[i].who, runners[i].least);
    }
    const double rate = contest.yardstick ? contest.yardstick_work / runners.back().least : contest.yardstick_rate;
    if (rate > 0) result.share = one.work / runners.front().least / rate;
    return result;
}

[[noreturn]] void usage(int status) {
    std::puts(
        "  --filter REGEX   cases whose line \"group type name\" has this in it\n"
        "  --rounds N       at most N batches of everybody in a case (12)\n"
        "  --threads N      (1); more than one needs a build with OpenMP\n"
        "  --quick          the short table\n"
        "  --all            the long one: every layout and transposition at every size\n"
        "  --list           names the cases, measures nothing\n"
        "  --json FILE      writes the results, for compare_runs and plot\n"
        "  --blas NAME=PATH[:PREFIX[:SUFFIX]]   a BLAS to compare with; its functions are called\n"
        "                   PREFIX + cblas_dgemm (or dgetrf_) + SUFFIX; may be given again\n"
        "  --commit TEXT    what is measured, for the header");
    std::exit(status);
}

}  // namespace

double Result::time(const std::string& who) const {
    for (const auto& [entrant, seconds] : times) {
        if (entrant == who) return seconds;
    }
    return 0;
}

double Result::best_peer() const {
    double best = 0;
    for (const auto& [entrant, seconds] : times) {
        if (entrant != "gram" && (best == 0 || seconds < best)) best = seconds;
    }
    return best;
}

double Result::ratio() const {
    const double gram = time("gram");
    return gram > 0 ? best_peer() / gram : 0;
}

Options parse(int argc, char** argv) {
    Options options;
    for (int i = 1; i < argc; ++i) {
        const std::string word = argv[i];
        const auto value = [&]() -> std::string {
            if (i + 1 < argc) return argv[++i];
            std::fprintf(stderr, "%s needs a value\n", word.c_str());
            usage(2);
        };
        if (word == "--filter") {
            options.filter = value();
        } else if (word == "--rounds") {
            options.rounds = std::atoi(value().c_str());
        } else if (word == "--threads") {
            options.threads = std::max(std::atoi(value().c_str()), 1);
        } else if (word == "--quick") {
            options.quick = true;
        } else if (word == "--all") {
            options.all = true;
        } else if (word == "--list") {
            options.list = true;
        } else if (word == "--json") {
            options.json = value();
        } else if (word == "--commit") {
            options.commit = value();
        } else if (word == "--blas") {
            options.blas.push_back(value());
        } else {
            if (word != "--help") std::fprintf(stderr, "unknown: %s\n", word.c_str());
            usage(word == "--help" ? 0 : 2);
        }
    }
    return options;
}

int run(const Options& options, const Header& header, const std::vector<std::string>& columns,
        const std::vector<Group>& groups) {
    const std::regex filter(options.filter);
    if (!options.list) print_header(header);
    std::vector<Result> results;
    for (const Group& group : groups) {
        bool first = true;
        for (const Case& one : group.cases) {
            const std::string line = group.name + " " + one.type + " " + one.name;
            if ((options.quick && !one.quick) || (one.rare && !options.all)) continue;
            if (!std::regex_search(line, filter)) continue;
            if (options.list) {
                std::puts(line.c_str());
                continue;
            }
            if (std::exchange(first, false)) print_group(group, columns);
            results.push_back(measure(group, one, options));
            print_row(results.back(), columns);
        }
    }
    if (options.list) return 0;
    print_summary(results);
    if (options.json.empty() || write_json(options.json, header, results)) return 0;
    std::fprintf(stderr, "could not write %s\n", options.json.c_str());
    return 1;
}

}  // namespace compare
