// Functions of every element beside a loop of calls of the standard library, and softmax beside a copy.
#include <cmath>
#include <cstring>
#include <numbers>

#include <gram/expr/expr.hpp>

#include "kernels/groups.hpp"
#include "kernels/problem.hpp"

namespace bench {
namespace {

constexpr long elements = 2048;

template <class T>
struct Function {
    const char* name;
    Op op;
    Own<T> own;
    Own<T> scalar;
    double low = -3, high = 3;
};

/// The loop that is written without a library.
template <class T, class F>
void loop(Problem<T>& x, long reps, const F& f) {
    repeat(reps, [&] {
        for (long i = 0; i < elements; ++i) x.call.c[i] = f(x.call.a[i]);
    });
}

template <class T>
compare::Case make(const Function<T>& function) {
    const auto prepare = [=] {
        const auto x = std::make_shared<Problem<T>>(Size{elements / 32, 32}, Size{0, 0}, Size{elements / 32, 32});
        fill(x->a, function.low, function.high);
        x->call.n = elements;
        auto result = contest<T>(x, function.op, function.own);
        measure_by<T>(result, x, function.scalar, static_cast<double>(elements));
        return result;
    };
    return {type_name<T>, function.name, static_cast<double>(elements), prepare, true};
}

template <class T>
void add(compare::Group& group) {
    using P = Problem<T>;
    const Function<T> functions[] = {
        {"exp", Op::exp, [](P& x, long reps) { repeat(reps, [&] { x.c = gram::exp(x.a); }); },
         [](P& x, long reps) { loop(x, reps, [](T v) { return std::exp(v); }); }},
        {"log", Op::log, [](P& x, long reps) { repeat(reps, [&] { x.c = gram::log(x.a); }); },
         [](P& x, long reps) { loop(x, reps, [](T v) { return std::log(v); }); }, 0.1, 10},
        {"tanh", Op::tanh, [](P& x, long reps) { repeat(reps, [&] { x.c = gram::tanh(x.a); }); },
         [](P& x, long reps) { loop(x, reps, [](T v) { return std::tanh(v); }); }},
        {"sigmoid", Op::sigmoid, [](P& x, long reps) { repeat(reps, [&] { x.c = gram::sigmoid(x.a); }); },
         [](P& x, long reps) { loop(x, reps, [](T v) { return 1 / (1 + std::exp(-v)); }); }},
        {"erf", Op::erf, [](P& x, long reps) { repeat(reps, [&] { x.c = gram::erf(x.a); }); },
         [](P& x, long reps) { loop(x, reps, [](T v) { return std::erf(v); }); }},
        {"gelu", Op::gelu, [](P& x, long reps) { repeat(reps, [&] { x.c = gram::gelu(x.a); }); },
         [](P& x, long reps) { loop(x, reps, [](T v) { return v * std::erfc(-v / std::numbers::sqrt2_v<T>) / 2; }); }}};
    for (const auto& function : functions) group.cases.push_back(make(function));
}

template <class T>
void softmax_rows(Problem<T>& x, long reps) {
    repeat(reps, [&] { x.c = gram::softmax(x.a); });
}
template <class T>
void copy(Problem<T>& x, long reps) {
    repeat(reps, [&] { std::memcpy(x.c.data(), x.a.data(), static_cast<std::size_t>(x.a.size()) * sizeof(T)); });
}

template <class T>
compare::Case softmax_case(long rows, long cols) {
    const double work = product(rows, cols);
    const auto prepare = [=] {
        const auto x = std::make_shared<Problem<T>>(Size{rows, cols}, Size{0, 0}, Size{rows, cols});
        compare::Contest result = contest<T>(x, Op::softmax, softmax_rows<T>);
        measure_by<T>(result, x, copy<T>, work);
        return result;
    };
    return {type_name<T>, std::to_string(rows) + "x" + std::to_string(cols), work, prepare, cols == 1000};
}

}  // namespace

compare::Group elementwise(const compare::Options&) {
    compare::Group group{"elementwise", "G/s", "the loop of libm"};
    add<double>(group), add<float>(group);
    return group;
}

compare::Group softmax(const compare::Options&) {
    compare::Group group{"softmax", "G/s", "a copy"};
    for (const long cols : {10L, 64L, 1000L}) {
        group.cases.push_back(softmax_case<double>(64, cols)), group.cases.push_back(softmax_case<float>(64, cols));
    }
    return sorted(group);
}

}  // namespace bench
