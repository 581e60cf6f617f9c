/// One table of the same work done by gram and by its peers in the same run.
///
/// Short batches of all who take part in a case follow each other, round by round, and the least time of each counts,
/// so that a noisy machine slows everybody alike. With one thread that is the CPU time of the thread, else the time on
/// the clock. Ratio = the best peer's time / gram's: above 1, gram is faster.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace compare {

/// Does its work as many times as it is told.
using Batch = std::function<void(long)>;

/// The compiler must take `x`, and all memory, for read and changed here.
template <class T>
void keep(T&& x) {
    asm volatile("" : : "r"(std::addressof(x)) : "memory");
}

/// A batch of calls of f, whose result is kept.
template <class F>
Batch repeated(F f) {
    return [f = std::move(f)](long reps) {
        while (reps-- > 0) {
            if constexpr (std::is_void_v<std::invoke_result_t<const F&>>) {
                f();
                asm volatile("" : : : "memory");
            } else {
                keep(f());
            }
        }
    };
}

struct Entrant {
    std::string who;  // the column; "gram" is first
    Batch run;
};

/// What is made for a case when its turn comes, and freed after it.
struct Contest {
    std::vector<Entrant> entrants;
    /// The share column is gram's rate / the yardstick's: either a batch, of `yardstick_work`, or a rate per second.
    Batch yardstick = {};
    double yardstick_work = 0;
    double yardstick_rate = 0;
};

struct Case {
    std::string type;  // f32, f64, ...
    std::string name;
    double work;  // in the unit of the group, for one repetition
    std::function<Contest()> prepare;
    bool quick = false;  // belongs to the short table
    bool rare = false;   // only with --all
};

/// Cases under one heading, with one unit.
struct Group {
    std::string name;
    std::string unit;   // of a billion: "GFLOPS"
    std::string share;  // what the share column is a share of; empty: nothing
    std::vector<Case> cases = {};
};

/// What a run measured. Times are seconds for one repetition; 0 is not measured.
struct Result {
    std::string group, unit, type, name;
    double work = 0;
    std::vector<std::pair<std::string, double>> times;
    double share = 0;

    [[nodiscard]] double time(const std::string& who) const;
    /// The least time of a peer, and 0 without peers.
    [[nodiscard]] double best_peer() const;
    [[nodiscard]] double ratio() const;
};

struct Options {
    std::string filter;  // a regular expression, found in "group type name"
    int rounds = 12;
    int threads = 1;
    bool quick = false, all = false, list = false;
    std::string json;    // a file to write
    std::string commit;  // what is measured, for the header
    std::vector<std::string> blas;
};

/// Prints what it understands and ends the program when asked to, or on a word it does not know.
Options parse(int argc, char** argv);

/// Lines of the header: what, and its value.
using Header = std::vector<std::pair<std::string, std::string>>;

/// Measures the chosen cases of the groups, and prints the table while it grows; `columns` are the names of the peers.
/// Writes the JSON file too. Returns main's exit status.
int run(const Options& options, const Header& header, const std::vector<std::string>& columns,
        const std::vector<Group>& groups);

}  // namespace compare
