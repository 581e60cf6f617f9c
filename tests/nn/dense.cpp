#include "gram/nn/dense.hpp"

#include <cmath>

#include "nn/layers.hpp"
#include "support/bounds.hpp"
#include "support/catch.hpp"
#include "support/counted_heap.hpp"

using namespace gram;
using support::all_activations;
using support::random_layer;

namespace {

// |computed - (W x + b)| over (inputs + 8) eps (|W| |x| + |b|), the largest over a batch: plain loops in double.
template <class T>
double affine_ratio(const nn::Dense<T>& layer, const Matrix<T>& X, const Matrix<T>& Z) {
    support::Worst worst;
    for (index_t s = 0; s < X.rows(); ++s) {
        for (index_t o = 0; o < layer.outputs(); ++o) {
            double sum = static_cast<double>(layer.bias()[o]), size = std::abs(sum);
            for (index_t p = 0; p < layer.inputs(); ++p) {
                const double term = static_cast<double>(layer.weight()(o, p)) * static_cast<double>(X(s, p));
                sum += term, size += std::abs(term);
            }
            worst(support::ratio_of<T>(std::abs(static_cast<double>(Z(s, o)) - sum), layer.inputs() + 8, size));
        }
    }
    return worst.value;
}

// relu that keeps a record of when it was called, and of what the output held when it was called first.
template <class T>
struct Record {
    const Matrix<T>* output = nullptr;
    T untouched{};
    index_t applied = 0, written_before = -1;

    void note(index_t elements) {
        if (written_before < 0) {
            written_before = 0;
            for (const T& y : *output) written_before += y != untouched;
        }
        applied += elements;
    }
};
template <class T>
struct Witness {
    static constexpr bool has_packet = true;
    Record<T>* record;

    T operator()(const T& x) const {
        record->note(1);
        return Relu{}(x);
    }
    template <class P>
    P packet(const P& x) const {
        record->note(static_cast<index_t>(sizeof(P) / sizeof(T)));
        return Relu{}.packet(x);
    }
};

}  // namespace

TEMPLATE_TEST_CASE("a batch is W x + b of every row, by plain loops", "", float, double) {
    using T = TestType;
    for (const index_t m : {0, 1, 2, 9, 33}) {
        for (const index_t in : {1, 3, 17, 300}) {
            for (const index_t out : {1, 5, 48}) {
                const auto layer = random_layer<T>(in, out, nn::identity);
                const auto X = support::gaussian<T>(m, in, 7);
                const Matrix<T> Z = layer(X);
                REQUIRE((Z.rows() == m && Z.cols() == out));
                CHECK(affine_ratio(layer, X, Z) < 1);
            }
        }
    }
}

TEMPLATE_TEST_CASE("a layer is its activation of its preactivation, for samples and for batches", "", float, double) {
    using T = TestType;
    const auto X = support::gaussian<T>(6, 10, 3);
    for (const auto a : all_activations) {
        INFO(nn::name(a));
        const auto layer = random_layer<T>(10, 19, a);
        const Matrix<T> Y = layer(X), Z = layer.preactivation(X);
        CHECK(allclose(Y, nn::apply(a, Z), 0, 30 * support::eps_of<T>));
        for (index_t s = 0; s < X.rows(); ++s) {
            const Vector<T> x = X.row(s).T(), y = layer(x);
            CHECK(allclose(y, Y.row(s).T(), 0, 300 * support::eps_of<T>));
            CHECK(allclose(layer.preactivation(x), Z.row(s).T(), 0, 300 * support::eps_of<T>));
        }
    }
}

TEMPLATE_TEST_CASE("a batch may be a view, a transpose, column-major or an expression", "", float, double) {
    using T = TestType;
    const auto layer = random_layer<T>(5, 4, nn::tanh);
    const auto big = support::gaussian<T>(8, 11, 3);
    const Matrix<T> X = big.block(1, 2, 6, 5), expected = layer(X);
    const double tolerance = 100 * support::eps_of<T>;
    const Matrix<T> flipped = X.T();
    const Matrix<T, dynamic, dynamic, col_major> by_columns = X;
    const Matrix<T, 6, 5> fixed = X;
    CHECK(allclose(layer(big.block(1, 2, 6, 5)), expected, 0, tolerance));
    CHECK(allclose(layer(flipped.T()), expected, 0, tolerance));
    CHECK(allclose(layer(by_columns), expected, 0, tolerance));
    CHECK(allclose(layer(fixed), expected, 0, tolerance));
    CHECK(allclose(layer(X + X), layer(Matrix<T>(2 * X)), 0, tolerance));
    CHECK(allclose(layer(X.row(2)), Matrix<T>(expected.row(2)), 0, tolerance));
}

// Dense evaluates nn::detail::affine with its activation; here it is evaluated with an activation that can be watched.
TEMPLATE_TEST_CASE("the forward pass of a batch finishes its output a strip of rows at a time", "", float, double) {
    using T = TestType;
    const index_t m = 37, in = 64, out = 96;  // whole packs, so that lanes are elements
    const auto layer = random_layer<T>(in, out, nn::relu);
    const auto X = support::gaussian<T>(m, in, 9);
    const T untouched = T(12345);
    Matrix<T> Y = full<T>(m, out, untouched);
    Record<T> record{&Y, untouched};
    Y = nn::detail::affine(Witness<T>{&record}, X, layer.weight(), layer.bias());

    CHECK(record.applied == m * out);  // the activation met every sum once ...
    // ... and no more sums than one strip of tiles has were in the output before it met the first
    CHECK(record.written_before <= kernel::detail::TileShape<simd::native_arch, T>::rows * out);
    CHECK(Y == layer(X));
    for (const T& y : Y) REQUIRE(y != untouched);
}

TEMPLATE_TEST_CASE("the forward pass of a batch takes memory for its output alone", "", float, double) {
    using T = TestType;
    if (!kernel::detail::keeps_blocks) {
        SUCCEED("nothing is kept here");
        return;
    }
    const index_t m = 37, in = 64, out = 96;
    const auto X = support::gaussian<T>(m, in, 9);
    for (const auto a : all_activations) {
        const auto layer = random_layer<T>(in, out, a);
        Matrix<T> Y = layer(X);
        Y = layer(X);  // what it needs is kept from now on
        const long blocks_before = counted_heap::blocks, bytes_before = counted_heap::bytes;
        Y = layer(X);
        // Where the output that goes is kept, the next one but one has its place.
        const long least = static_cast<long>(sizeof(T)) * m * out, line = 64;
        const bool kept = least >= kernel::detail::least_kept;
        CHECK(counted_heap::blocks - blocks_before == (kept ? 0 : 1));
        CHECK(counted_heap::bytes - bytes_before <= (kept ? 0 : least + line));
    }
}

TEST_CASE("the textbook's layers come out as by hand") {
    const nn::Dense<double> hidden({{1, -1}, {0, 2}, {1, 1}}, {0, -1, 0.5}, nn::relu);
    CHECK(hidden(Vector<double>{2, 1}) == Vector<double>{1, 1, 3.5});
    CHECK(hidden(Vector<double>{0, 0}) == Vector<double>{0, 0, 0.5});
    CHECK(hidden.parameter_count() == 9);
    CHECK((hidden.inputs() == 2 && hidden.outputs() == 3));
    CHECK(hidden.activation() == nn::relu);
}

TEST_CASE("shapes that do not fit are named") {
    using Layer = nn::Dense<double>;
    CHECK_THROWS_WITH(Layer({{1, 2}, {3, 4}}, {1, 2, 3}), support::contains_text("2x2 and 3x1"));
    const Layer layer({{1, 2, 3}, {4, 5, 6}}, {0, 0});
    CHECK_THROWS_WITH(layer(Vector<double>{1, 2}), support::contains_text("2x3 * 2x1"));
    CHECK_THROWS_WITH(layer(Matrix<double>(4, 2)), support::contains_text("4x2 * 3x2"));
    CHECK_THROWS_AS(layer.preactivation(Matrix<double>(4, 2)), shape_error);
    Layer copy = layer;
    CHECK_THROWS_AS(copy.update(Matrix<double>(1, 3), Vector<double>(2)), shape_error);
    CHECK_THROWS_AS(copy.update(Matrix<double>(2, 3), Vector<double>(3)), shape_error);
    CHECK(copy == layer);
}

TEMPLATE_TEST_CASE("layers are values", "", float, double) {
    using T = TestType;
    const auto layer = random_layer<T>(3, 2, nn::silu);
    auto copy = layer;
    CHECK(copy == layer);
    copy.update(full<T>(2, 3, 1), Vector<T>(2));
    CHECK(copy != layer);
    CHECK(copy.weight()(1, 2) == layer.weight()(1, 2) + 1);
    const auto moved = std::move(copy);
    CHECK(moved.outputs() == 2);
    CHECK(nn::Dense<T>().parameter_count() == 0);
    CHECK_FALSE(layer == nn::Dense<T>(layer.weight(), layer.bias(), nn::relu));
}
