// Nodes outlive their temporaries: every kind of operand of every operator, stored in `auto` and read later. Run under
// asan to see what this file is about.
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "gram/gram.hpp"
#include "support/catch.hpp"

using namespace gram;

namespace {

enum class Kind { named, temporary, view, owner };

// The operand A as `K`: what is not `named` is a temporary that dies at the end of the statement; `owner` is a node
// that owns a container.
template <Kind K, class M>
decltype(auto) as(const M& A) {
    using T = value_t<M>;
    if constexpr (K == Kind::named) {
        return (A);
    } else if constexpr (K == Kind::temporary) {
        return M(A);
    } else if constexpr (K == Kind::view) {
        return A.block(0, 0, A.rows(), A.cols());
    } else {
        return M(A) * T{1};
    }
}

// Writes over memory that was just freed, so that a dangling read shows without a sanitizer too.
void churn() {
    std::vector<Matrix<double>> junk;
    for (index_t n = 1; n < 8; ++n) junk.push_back(full<double>(n, 3, -1e77));
}

const Matrix<double> left = {{1, 2, 3}, {4, 5, 6}, {7, 8, 10}};
const Matrix<double> right = {{2, -1, 4}, {4, 3, 0.5}, {-8, 8, 9}};

// node(i, j) == expected(i, j) everywhere.
template <class E, class F>
bool agree(const E& node, F expected) {
    bool same = node.rows() == 3 && node.cols() == 3;
    for (index_t i = 0; i < 3; ++i)
        for (index_t j = 0; j < 3; ++j) same = same && node(i, j) == expected(i, j);
    return same;
}

template <Kind L, Kind R, class Op, class F>
bool check_pair(Op op, F expected) {
    auto node = op(as<L>(left), as<R>(right));
    churn();
    return agree(node, expected);
}

template <Kind L, class Op, class F>
void check_right(Op op, F expected) {
    CHECK(check_pair<L, Kind::named>(op, expected));
    CHECK(check_pair<L, Kind::temporary>(op, expected));
    CHECK(check_pair<L, Kind::view>(op, expected));
    CHECK(check_pair<L, Kind::owner>(op, expected));
}

// All 16 pairs of operands of op; expected(i, j) is the element.
template <class Op, class F>
void check_binary(Op op, F expected) {
    check_right<Kind::named>(op, expected);
    check_right<Kind::temporary>(op, expected);
    check_right<Kind::view>(op, expected);
    check_right<Kind::owner>(op, expected);
}
template <class Op, class F>
void check_elementwise(Op op, F f) {
    check_binary(op, [f](index_t i, index_t j) { return f(left(i, j), right(i, j)); });
}

template <Kind K, class Op, class F>
bool check_one(Op op, F f) {
    auto node = op(as<K>(left));
    churn();
    return agree(node, [f](index_t i, index_t j) { return f(left(i, j)); });
}
template <class Op, class F>
void check_unary(Op op, F f) {
    CHECK(check_one<Kind::named>(op, f));
    CHECK(check_one<Kind::temporary>(op, f));
    CHECK(check_one<Kind::view>(op, f));
}

}  // namespace

// A function name as a generic lambda that forwards to it.
#define GRAM_TEST_BINARY(name) \
    [](auto&& l, auto&& r) { return name(std::forward<decltype(l)>(l), std::forward<decltype(r)>(r)); }
#define GRAM_TEST_UNARY(name) [](auto&& x) { return name(std::forward<decltype(x)>(x)); }

TEST_CASE("sums, differences and quotients keep every kind of operand alive") {
    check_elementwise([](auto&& l, auto&& r) { return std::forward<decltype(l)>(l) + std::forward<decltype(r)>(r); },
                      [](double a, double b) { return a + b; });
    check_elementwise([](auto&& l, auto&& r) { return std::forward<decltype(l)>(l) - std::forward<decltype(r)>(r); },
                      [](double a, double b) { return a - b; });
    check_elementwise([](auto&& l, auto&& r) { return std::forward<decltype(l)>(l) / std::forward<decltype(r)>(r); },
                      [](double a, double b) { return a / b; });
}

TEST_CASE("hadamard, maximum and minimum keep every kind of operand alive") {
    check_elementwise(GRAM_TEST_BINARY(hadamard), [](double a, double b) { return a * b; });
    check_elementwise(GRAM_TEST_BINARY(maximum), [](double a, double b) { return a > b ? a : b; });
    check_elementwise(GRAM_TEST_BINARY(minimum), [](double a, double b) { return a < b ? a : b; });
}

TEST_CASE("products keep every kind of operand alive") {
    check_binary([](auto&& l, auto&& r) { return std::forward<decltype(l)>(l) * std::forward<decltype(r)>(r); },
                 [](index_t i, index_t j) {
                     double sum = 0;
                     for (index_t p = 0; p < 3; ++p) sum += left(i, p) * right(p, j);
                     return sum;
                 });
}

TEST_CASE("comparisons keep every kind of operand alive") {
    check_elementwise([](auto&& l, auto&& r) { return std::forward<decltype(l)>(l) < std::forward<decltype(r)>(r); },
                      [](double a, double b) { return a < b; });
    check_elementwise([](auto&& l, auto&& r) { return std::forward<decltype(l)>(l) <= std::forward<decltype(r)>(r); },
                      [](double a, double b) { return a <= b; });
    check_elementwise([](auto&& l, auto&& r) { return std::forward<decltype(l)>(l) > std::forward<decltype(r)>(r); },
                      [](double a, double b) { return a > b; });
    check_elementwise([](auto&& l, auto&& r) { return std::forward<decltype(l)>(l) >= std::forward<decltype(r)>(r); },
                      [](double a, double b) { return a >= b; });
    check_elementwise(GRAM_TEST_BINARY(equal), [](double a, double b) { return a == b; });
    check_elementwise(GRAM_TEST_BINARY(not_equal), [](double a, double b) { return a != b; });
}

TEST_CASE("where keeps every kind of operand alive") {
    const auto expected = [](double a, double b) { return a > b ? a : b; };
    check_elementwise(
        [](auto&& l, auto&& r) {
            return where(Matrix<bool>(left > right), std::forward<decltype(l)>(l), std::forward<decltype(r)>(r));
        },
        expected);
    check_elementwise(
        [](auto&& l, auto&& r) {
            return where(left > right, std::forward<decltype(l)>(l), std::forward<decltype(r)>(r));
        },
        expected);
}

TEST_CASE("where with numbers keeps every kind of operand alive") {
    check_unary([](auto&& x) { return where(Matrix<bool>(x > 5), std::forward<decltype(x)>(x), 5); },
                [](double a) { return a > 5 ? a : 5; });
    check_unary([](auto&& x) { return where(Matrix<bool>(x > 5), 5, std::forward<decltype(x)>(x)); },
                [](double a) { return a > 5 ? 5 : a; });
    check_unary([](auto&& x) { return where(std::forward<decltype(x)>(x) > 5, 1.0, 2.0); },
                [](double a) { return a > 5 ? 1 : 2; });
}

TEST_CASE("a number on the left keeps every kind of operand alive") {
    check_unary([](auto&& x) { return maximum(5, std::forward<decltype(x)>(x)); },
                [](double a) { return a > 5 ? a : 5; });
    check_unary([](auto&& x) { return minimum(5, std::forward<decltype(x)>(x)); },
                [](double a) { return a < 5 ? a : 5; });
    check_unary([](auto&& x) { return 5 < std::forward<decltype(x)>(x); }, [](double a) { return 5 < a; });
    check_unary([](auto&& x) { return 5 <= std::forward<decltype(x)>(x); }, [](double a) { return 5 <= a; });
    check_unary([](auto&& x) { return 5 > std::forward<decltype(x)>(x); }, [](double a) { return 5 > a; });
    check_unary([](auto&& x) { return 5 >= std::forward<decltype(x)>(x); }, [](double a) { return 5 >= a; });
    check_unary([](auto&& x) { return equal(5, std::forward<decltype(x)>(x)); }, [](double a) { return 5 == a; });
    check_unary([](auto&& x) { return not_equal(5, std::forward<decltype(x)>(x)); }, [](double a) { return 5 != a; });
}

TEST_CASE("operations with a number keep every kind of operand alive") {
    check_unary([](auto&& x) { return std::forward<decltype(x)>(x) + 2; }, [](double a) { return a + 2; });
    check_unary([](auto&& x) { return 2 + std::forward<decltype(x)>(x); }, [](double a) { return 2 + a; });
    check_unary([](auto&& x) { return std::forward<decltype(x)>(x) - 2; }, [](double a) { return a - 2; });
    check_unary([](auto&& x) { return 2 - std::forward<decltype(x)>(x); }, [](double a) { return 2 - a; });
    check_unary([](auto&& x) { return std::forward<decltype(x)>(x) * 2; }, [](double a) { return a * 2; });
    check_unary([](auto&& x) { return 2 * std::forward<decltype(x)>(x); }, [](double a) { return 2 * a; });
    check_unary([](auto&& x) { return std::forward<decltype(x)>(x) / 2; }, [](double a) { return a / 2; });
    check_unary([](auto&& x) { return 2 / std::forward<decltype(x)>(x); }, [](double a) { return 2 / a; });
    check_unary([](auto&& x) { return maximum(std::forward<decltype(x)>(x), 5); },
                [](double a) { return a > 5 ? a : 5; });
    check_unary([](auto&& x) { return minimum(std::forward<decltype(x)>(x), 5); },
                [](double a) { return a < 5 ? a : 5; });
    check_unary([](auto&& x) { return std::forward<decltype(x)>(x) < 5; }, [](double a) { return a < 5; });
    check_unary([](auto&& x) { return std::forward<decltype(x)>(x) <= 5; }, [](double a) { return a <= 5; });
    check_unary([](auto&& x) { return std::forward<decltype(x)>(x) > 5; }, [](double a) { return a > 5; });
    check_unary([](auto&& x) { return std::forward<decltype(x)>(x) >= 5; }, [](double a) { return a >= 5; });
    check_unary([](auto&& x) { return equal(std::forward<decltype(x)>(x), 5); }, [](double a) { return a == 5; });
    check_unary([](auto&& x) { return pow(std::forward<decltype(x)>(x), 3); },
                [](double a) { return std::pow(a, 3.0); });
}

TEST_CASE("element-wise functions keep every kind of operand alive") {
    check_unary(GRAM_TEST_UNARY(exp), [](double a) { return std::exp(a); });
    check_unary(GRAM_TEST_UNARY(log), [](double a) { return std::log(a); });
    check_unary(GRAM_TEST_UNARY(log1p), [](double a) { return std::log1p(a); });
    check_unary(GRAM_TEST_UNARY(expm1), [](double a) { return std::expm1(a); });
    check_unary(GRAM_TEST_UNARY(tanh), [](double a) { return std::tanh(a); });
    check_unary(GRAM_TEST_UNARY(sin), [](double a) { return std::sin(a); });
    check_unary(GRAM_TEST_UNARY(cos), [](double a) { return std::cos(a); });
    check_unary(GRAM_TEST_UNARY(erf), [](double a) { return std::erf(a); });
    check_unary(GRAM_TEST_UNARY(sqrt), [](double a) { return std::sqrt(a); });
    check_unary(GRAM_TEST_UNARY(floor), [](double a) { return std::floor(a); });
    check_unary(GRAM_TEST_UNARY(ceil), [](double a) { return std::ceil(a); });
    check_unary(GRAM_TEST_UNARY(round), [](double a) { return std::round(a); });
    check_unary(GRAM_TEST_UNARY(abs), [](double a) { return std::abs(a); });
    check_unary(GRAM_TEST_UNARY(square), [](double a) { return a * a; });
    check_unary(GRAM_TEST_UNARY(relu), [](double a) { return a < 0 ? 0 : a; });
    check_unary(GRAM_TEST_UNARY(leaky_relu), [](double a) { return a < 0 ? 0.01 * a : a; });
    check_unary(GRAM_TEST_UNARY(sigmoid), [](double a) { return 1 / (1 + std::exp(-a)); });
    check_unary(GRAM_TEST_UNARY(silu), [](double a) { return a / (1 + std::exp(-a)); });
    check_unary([](auto&& x) { return -std::forward<decltype(x)>(x); }, [](double a) { return -a; });
    check_unary([](auto&& x) { return map([](double a) { return 3 * a; }, std::forward<decltype(x)>(x)); },
                [](double a) { return 3 * a; });
    check_unary([](auto&& x) { return cast<float>(std::forward<decltype(x)>(x)); },
                [](double a) { return static_cast<float>(a); });
    check_unary([](auto&& x) { return broadcast(std::forward<decltype(x)>(x), 3, 3); }, [](double a) { return a; });
    check_unary([](auto&& x) { return transposed(transposed(std::forward<decltype(x)>(x))); },
                [](double a) { return a; });
}

TEST_CASE("a nested expression of temporaries is whole when it is evaluated later") {
    const auto make = [](double x) { return full<double>(3, 4, x); };
    auto sum = make(1) + 2.0 * make(3) - hadamard(make(2), make(5));
    auto product = make(1) * transposed(make(2)) + full<double>(3, 3, 1.0);
    auto choice = where(make(1) < make(2), make(3) + make(4), -make(1));
    auto row = make(1) + RowVector<double>{1, 2, 3, 4};
    auto repeated = broadcast(Vector<double>{1, 2, 3}, 3, 4);
    churn();
    CHECK(eval(sum) == make(-3));
    CHECK(eval(product) == full<double>(3, 3, 9.0));
    CHECK(eval(choice) == make(7));
    CHECK(eval(row) == Matrix<double>{{2, 3, 4, 5}, {2, 3, 4, 5}, {2, 3, 4, 5}});
    CHECK(eval(repeated) == Matrix<double>{{1, 1, 1, 1}, {2, 2, 2, 2}, {3, 3, 3, 3}});
}

TEST_CASE("temporaries of fixed extents live in the node") {
    auto node = Matrix<double, 2, 2>{{1, 2}, {3, 4}} * Matrix<double, 2, 2>{{0, 1}, {1, 0}};
    auto sum = Vector<float, 3>{1, 2, 3} + Vector<float, 3>{4, 5, 6};
    churn();
    auto moved = std::move(node);
    auto moved_sum = std::move(sum);
    CHECK(eval(moved) == Matrix<double, 2, 2>{{2, 1}, {4, 3}});
    CHECK(eval(moved_sum) == Vector<float, 3>{5, 7, 9});
}

TEST_CASE("a node that owns a temporary moves and does not copy") {
    using Borrower = decltype(left + right);
    using Owner = decltype(Matrix<double>() + right);
    STATIC_REQUIRE(std::is_copy_constructible_v<Borrower>);
    STATIC_REQUIRE(!std::is_copy_constructible_v<Owner>);
    STATIC_REQUIRE(std::is_move_constructible_v<Owner>);

    auto node = Matrix<double>(left) + right;
    auto moved = std::move(node);
    auto further = exp(std::move(moved) * 0.0);
    std::vector<decltype(further)> nodes;
    nodes.push_back(std::move(further));
    churn();
    CHECK(eval(nodes[0]) == ones<double>(3, 3));
}

TEST_CASE("a copied node reads the same containers") {
    Matrix<double> A = left;
    auto node = A + right;
    auto copy = node;
    A(0, 0) = 100;
    CHECK(copy(0, 0) == 102);
    CHECK(eval(copy) == eval(node));
}

TEST_CASE("a stored node reads its containers when it is evaluated, not when it is built") {
    Matrix<double> A = left, B = right;
    const auto sum = A + B;
    const auto product = A * B;
    A = eye<double>(3);
    CHECK(eval(sum) == eval(eye<double>(3) + right));
    CHECK(eval(product) == right);
    B = zeros<double>(3, 3);
    CHECK(eval(product) == zeros<double>(3, 3));
}

TEST_CASE("a container whose shape changed under a node is a shape_error when the node is evaluated") {
    Matrix<double> A = left, B = right, C(3, 3);
    Vector<double> x(3);
    const auto sum = A + B;
    const auto nested = exp(2.0 * A - B);
    const auto product = A * B;
    const auto with_column = A + x;
    const auto choice = where(A < B, A, B);
    const auto repeated = broadcast(x, 3, 5);

    B.resize(2, 4);
    x.resize(4, 1);
    CHECK_THROWS_AS(eval(sum), shape_error);
    CHECK_THROWS_AS(C = sum, shape_error);
    CHECK_THROWS_AS(C += sum, shape_error);
    CHECK_THROWS_AS(C.block(0, 0, 3, 3) = sum, shape_error);
    CHECK_THROWS_AS(C = nested, shape_error);
    CHECK_THROWS_AS(C = product, shape_error);
    CHECK_THROWS_AS(C += product, shape_error);
    CHECK_THROWS_AS(C -= 2.0 * product, shape_error);
    CHECK_THROWS_AS(C = relu(product + C), shape_error);
    CHECK_THROWS_AS(C = with_column, shape_error);
    CHECK_THROWS_AS(C = choice, shape_error);
    CHECK_THROWS_AS(eval(repeated), shape_error);
    B.resize(2, 3);  // the shape of the result stays
    CHECK_THROWS_AS(eval(product), shape_error);
    CHECK_THROWS_AS(C += product, shape_error);
    CHECK_THROWS_AS(C -= 2.0 * product, shape_error);
    CHECK(C == zeros<double>(3, 3));
}

TEST_CASE("every reduction of a node refuses a container whose shape changed") {
    Matrix<double> A = left, B = right;
    const auto node = A + B;
    const auto condition = A < B;
    A.resize(5, 5);
    CHECK_THROWS_AS(sum(node), shape_error);
    CHECK_THROWS_AS(sum<0>(node), shape_error);
    CHECK_THROWS_AS(sum<1>(node), shape_error);
    CHECK_THROWS_AS(mean(node), shape_error);
    CHECK_THROWS_AS(mean<0>(node), shape_error);
    CHECK_THROWS_AS(prod(node), shape_error);
    CHECK_THROWS_AS(any(condition), shape_error);
    CHECK_THROWS_AS(all(condition), shape_error);
    CHECK_THROWS_AS(max(node), shape_error);
    CHECK_THROWS_AS(min(node), shape_error);
    CHECK_THROWS_AS(max<0>(node), shape_error);
    CHECK_THROWS_AS(min<1>(node), shape_error);
    CHECK_THROWS_AS(argmax(node), shape_error);
    CHECK_THROWS_AS(argmin(node), shape_error);
    CHECK_THROWS_AS(argmax<0>(node), shape_error);
    CHECK_THROWS_AS(argmin<1>(node), shape_error);
    CHECK_THROWS_AS(trace(node), shape_error);
    CHECK_THROWS_AS(norm(node), shape_error);
    CHECK_THROWS_AS(softmax(node), shape_error);
    CHECK_THROWS_AS(allclose(node, node), shape_error);
    CHECK_THROWS_AS(static_cast<void>(node == node), shape_error);
    CHECK_THROWS_AS(to_string(node), shape_error);
}

TEST_CASE("an expression is read through any reference to it") {
    const auto by_const = [](const auto& e) { return sum(e); };
    CHECK(by_const(Matrix<double>{{1, 2}, {3, 4}} + ones<double>(2, 2)) == 14);
    auto node = Matrix<double>{{1, 2}, {3, 4}} + ones<double>(2, 2);
    CHECK(eval(node) == eval(node));
    CHECK(sum(node) == 14);
    Matrix<double> C = node;
    C += node;
    CHECK(sum(C) == 28);
}

TEST_CASE("an expression whose matrix was resized meanwhile says so in checked builds") {
    Matrix<double> A(2, 3);
    const Matrix<double> B(2, 3);
    const auto expression = A + B;
    const detail::Borrowed<Matrix<double>, true> checked(A);
    CHECK((checked.rows() == 2 && checked(1, 2) == 0));
    A = Matrix<double>(2, 3);  // other memory of the same shape: the new elements are read
    CHECK(checked.cols() == 3);
    A.resize(4, 4);
    CHECK_THROWS_WITH(checked.rows(), support::contains_text("resized: 2x3 -> 4x4"));
    CHECK_THROWS_AS(checked.ref(), shape_error);
    if constexpr (GRAM_CHECKED) CHECK_THROWS_AS(Matrix<double>(expression), shape_error);
    STATIC_REQUIRE(sizeof(detail::Borrowed<Matrix<double>, false>) == sizeof(void*));
}
