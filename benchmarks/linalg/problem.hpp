/// Matrices that gram and its peers factor, and the contest on them.
#pragma once

#include <algorithm>
#include <cmath>
#include <limits>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include <gram/core/matrix.hpp>

#include "peers/peers.hpp"
#include "support/cases.hpp"
#include "support/machine.hpp"

namespace bench {

using peers::Call;
using peers::Op;

enum class Input { general, symmetric, definite };

inline constexpr long unlimited = 1L << 30;

/// One routine: what it is called, who has it, and what it counts.
struct Routine {
    const char* name;
    Op op;
    Input input;
    double (*flops)(double m, double n);
    bool tall = false;             // also for matrices of many more rows than columns
    long eigen_limit = unlimited;  // Eigen is left out above this n, where one call takes many seconds
};

/// What everybody's call needs: the Call is the peers', the numbers are what they agree about.
template <class T>
struct Work {
    explicit Work(long count) : numbers(static_cast<std::size_t>(count)) { call.c = numbers.data(); }

    std::vector<T> numbers;
    Call<T> call;
};

/// One matrix, by rows for gram and by columns for the others, as their users have it.
template <class T>
struct Problem : Work<T> {
    Problem(Size size, Input input)
        : Work<T>(size.cols), A(size.rows, size.cols), columns(size.cols, size.rows), b(size.rows) {
        fill(A), fill(b);
        const long m = size.rows, n = size.cols;
        for (long i = 0; i < m; ++i) {
            for (long j = 0; j < i && input != Input::general; ++j) A(i, j) = A(j, i);
            if (input == Input::definite) A(i, i) += static_cast<T>(n);
        }
        for (long i = 0; i < m; ++i) {
            for (long j = 0; j < n; ++j) columns(j, i) = A(i, j);
        }
        this->call.m = m, this->call.n = n, this->call.row_major = false;
        this->call.a = columns.data(), this->call.b = b.data();
    }

    gram::Matrix<T> A, columns;
    gram::Vector<T> b;
};

/// What must be the same for everybody: the numbers in ascending order. Of a diagonal it is the geometric mean, which
/// no choice of pivots changes.
template <class T>
std::vector<double> invariant(const std::vector<T>& numbers, Op op) {
    std::vector<double> x(numbers.begin(), numbers.end());
    if (op == Op::lu || op == Op::cholesky || op == Op::qr || op == Op::qr_pivoted) {
        double sum = 0;
        for (const double element : x) sum += std::log(std::abs(element));
        return {std::exp(sum / static_cast<double>(x.size()))};
    }
    std::replace_if(
        x.begin(), x.end(), [](double element) { return std::isnan(element); }, INFINITY);
    std::sort(x.begin(), x.end());
    return x;
}

/// True when the two differ by less than what is lost to a bad condition.
template <class T>
bool agree(const std::vector<double>& x, const std::vector<double>& y) {
    double most = 0, scale = 0;
    for (std::size_t i = 0; i < x.size(); ++i) {
        const double d = std::abs(x[i] - y[i]);
        if (!(d <= most)) most = d;  // NaN too
        scale = std::max(scale, std::abs(y[i]));
    }
    return most <= (sizeof(T) == 4 ? 1e-2 : 1e-9) * scale;
}

/// gram against every peer that has the operation. Where it takes no time, all must come to the same result first.
template <class T>
compare::Contest contest(const std::shared_ptr<Work<T>>& x, Op op, compare::Batch own, long eigen_limit = unlimited) {
    compare::Contest result;
    result.entrants.push_back({"gram", std::move(own)});
    for (const peers::Peer& peer : peers::all()) {
        const auto run = peer.tables.of<T>()[op];
        if (run == nullptr || (x->call.n > eigen_limit && peer.name.starts_with("eigen"))) continue;
        result.entrants.push_back({peer.name, [x, run, self = peer.self](long reps) { run(self, x->call, reps); }});
    }
    if (product(x->call.m, x->call.n) > 5e5) return result;
    std::vector<double> expected;
    for (const auto& entrant : result.entrants) {
        std::fill(x->numbers.begin(), x->numbers.end(), std::numeric_limits<T>::quiet_NaN());
        entrant.run(1);
        const auto found = invariant(x->numbers, op);
        if (entrant.who == "gram") {
            expected = found;
        } else if (!agree<T>(found, expected)) {
            throw std::runtime_error(entrant.who + " computes something else than gram");
        }
    }
    return result;
}

template <class T, class Own>
compare::Case make(const Routine& routine, Size size, const Own& own, int threads) {
    const auto prepare = [=] {
        const auto x = std::make_shared<Problem<T>>(size, routine.input);
        auto result = contest<T>(
            x, routine.op, [x, own](long reps) { repeat(reps, [&] { own(*x); }); }, routine.eigen_limit);
        result.yardstick_rate = machine::peak<T>() * threads;
        return result;
    };
    const auto [m, n] = size;
    const std::string name = m == n ? std::to_string(n) : std::to_string(m) + "×" + std::to_string(n);
    return {type_name<T>, name, routine.flops(static_cast<double>(m), static_cast<double>(n)), prepare};
}

template <class T, class Own>
void add(compare::Group& group, const Routine& routine, const Own& own, int threads) {
    const long quick[] = {32, 128, 500}, usual[] = {8, 32, 64, 128, 256, 500, 512, 1000, 1024};
    for (const long n : {4, 8, 16, 32, 48, 64, 96, 128, 160, 256, 320, 500, 512, 640, 1000, 1024, 2048}) {
        auto one = make<T>(routine, {n, n}, own, threads);
        one.quick = contains(quick, n), one.rare = !contains(usual, n);
        group.cases.push_back(std::move(one));
    }
    if (!routine.tall) return;
    for (const auto& [m, n] : {Size{500, 50}, {2000, 200}, {5000, 500}, {1000, 10}, {10000, 100}, {20000, 200}}) {
        auto one = make<T>(routine, {m, n}, own, threads);
        one.quick = n == 50, one.rare = m == 5000 || m == 20000;
        group.cases.push_back(std::move(one));
    }
}

/// The group of a routine; own(x) is gram's side, for a Problem of either type, and leaves the numbers.
template <class Own>
compare::Group group_of(const Routine& routine, const compare::Options& options, const Own& own) {
    compare::Group group{routine.name, "GFLOPS", "FMA peak"};
    add<double>(group, routine, own, options.threads);
    add<float>(group, routine, own, options.threads);
    return group;
}

}  // namespace bench
