// Functions of every element. What Eigen computes by calls of libm only (erf of its Core) is left out.
#include "peers/eigen.hpp"

namespace peers::eigen {
namespace {

template <class T, class F>
void each(const Call<T>& c, long reps, const F& f) {
    repeat(reps, [&] { vector(c.c, c.n).array() = f(vector(c.a, c.n).array()); });
}

template <class T>
void add(Table<T>& table) {
    table[Op::exp] = [](const void*, const Call<T>& c, long reps) {
        each(c, reps, [](const auto& x) { return x.exp(); });
    };
    table[Op::log] = [](const void*, const Call<T>& c, long reps) {
        each(c, reps, [](const auto& x) { return x.log(); });
    };
    table[Op::tanh] = [](const void*, const Call<T>& c, long reps) {
        each(c, reps, [](const auto& x) { return x.tanh(); });
    };
    table[Op::sigmoid] = [](const void*, const Call<T>& c, long reps) {
        each(c, reps, [](const auto& x) { return x.logistic(); });
    };
}

}  // namespace

void add_elementwise(Tables& tables) { add(tables.f32), add(tables.f64); }

}  // namespace peers::eigen
