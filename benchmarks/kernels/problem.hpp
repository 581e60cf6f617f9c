/// Operands that gram and its peers share, and the contest on them.
#pragma once

#include <algorithm>
#include <cmath>
#include <limits>
#include <memory>
#include <stdexcept>
#include <string>

#include <gram/core/matrix.hpp>

#include "peers/peers.hpp"
#include "support/cases.hpp"
#include "support/machine.hpp"

namespace bench {

using gram::index_t;
using peers::Call;
using peers::Op;

/// The memory of one case.
template <class T>
struct Problem {
    Problem(Size a_size, Size b_size, Size c_size, long bias_size = 0)
        : a(a_size.rows, a_size.cols),
          b(b_size.rows, b_size.cols),
          c(c_size.rows, c_size.cols),
          start(c_size.rows, c_size.cols),
          bias(bias_size) {
        fill(a), fill(b), fill(bias), fill(start);
        call.a = a.data(), call.b = b.data(), call.bias = bias.data(), call.c = c.data();
        reset();
    }
    void reset() { std::copy(start.begin(), start.end(), c.begin()); }

    gram::Matrix<T> a, b, c, start;
    gram::RowVector<T> bias;
    Call<T> call;
};

/// gram's side, which does the work as often as it is told.
template <class T>
using Own = void (*)(Problem<T>&, long reps);

/// How far the elements of c are from `expected`, relative to the greatest of them.
template <class T>
double difference(const gram::Matrix<T>& c, const gram::Matrix<T>& expected) {
    double most = 0, scale = 0;
    for (auto x = c.begin(), y = expected.begin(); x != c.end(); ++x, ++y) {
        const double d = static_cast<double>(std::abs(*x - *y));
        if (!(d <= most)) most = d;  // NaN too
        scale = std::max(scale, static_cast<double>(std::abs(*y)));
    }
    return scale > 0 ? most / scale : most;
}

/// gram against every peer that has the operation. All of them must come to the same result first.
template <class T>
compare::Contest contest(const std::shared_ptr<Problem<T>>& x, Op op, Own<T> own) {
    compare::Contest result;
    result.entrants.push_back({"gram", [x, own](long reps) { own(*x, reps); }});
    for (const peers::Peer& peer : peers::all()) {
        const auto run = peer.tables.of<T>()[op];
        if (run == nullptr) continue;
        result.entrants.push_back({peer.name, [x, run, self = peer.self](long reps) { run(self, x->call, reps); }});
    }
    using Real = decltype(std::abs(T{}));
    // A peer may add one term after the other, and then lose as much as one rounding a term.
    const double terms = static_cast<double>(std::max(x->call.n, x->call.k));
    const double tolerance =
        std::max(sizeof(Real) == 4 ? 1e-3 : 1e-10, terms * static_cast<double>(std::numeric_limits<Real>::epsilon()));
    gram::Matrix<T> expected;
    for (const auto& entrant : result.entrants) {
        x->reset();
        entrant.run(1);
        if (entrant.who == "gram") {
            expected = x->c;
        } else if (!(difference(x->c, expected) < tolerance)) {
            throw std::runtime_error(entrant.who + " computes something else than gram");
        }
    }
    x->reset();
    return result;
}

/// Gives the contest a yardstick of gram's own.
template <class T>
void measure_by(compare::Contest& result, const std::shared_ptr<Problem<T>>& x, Own<T> own, double work) {
    result.yardstick = [x, own](long reps) { own(*x, reps); };
    result.yardstick_work = work;
}

/// The same, as a share of the peak of this machine's multiply-adds.
template <class T>
compare::Contest contest_of_flops(const std::shared_ptr<Problem<T>>& x, Op op, Own<T> own, int threads) {
    auto result = contest(x, op, own);
    result.yardstick_rate = machine::peak<decltype(std::abs(T{}))>() * threads;
    return result;
}

}  // namespace bench
