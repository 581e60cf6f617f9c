#include "gram/nn/conv.hpp"

#include "gram/expr/expr.hpp"
#include "support/bounds.hpp"
#include "support/catch.hpp"
#include "support/matrices.hpp"

using namespace gram;

namespace {

// Small whole numbers: sums of products are exact in any order.
template <class T>
Matrix<T> whole(index_t m, index_t n, std::uint64_t seed) {
    support::Random random(seed);
    return support::generate<T>(m, n, [&](index_t, index_t) { return static_cast<double>(random.below(9)) - 4; });
}

template <class T>
nn::Image<T> whole_image(index_t channels, index_t height, index_t width) {
    nn::Image<T> image(channels, height, width);
    image.pixels() = whole<T>(channels, height * width, 1);
    return image;
}

// The definition: seven loops.
template <class T>
nn::Image<T> plain_conv(const nn::Image<T>& x, const nn::Filters<T>& f, nn::ConvOptions o) {
    const index_t kh = f.kernel_height, kw = f.kernel_width;
    const index_t h = (x.height() + 2 * o.padding - kh) / o.stride + 1,
                  w = (x.width() + 2 * o.padding - kw) / o.stride + 1;
    nn::Image<T> y(f.weight.rows(), h, w);
    for (index_t k = 0; k < f.weight.rows(); ++k) {
        for (index_t i = 0; i < h; ++i) {
            for (index_t j = 0; j < w; ++j) {
                T sum = f.bias.empty() ? T{0} : f.bias[k];
                for (index_t c = 0; c < x.channels(); ++c) {
                    for (index_t u = 0; u < kh; ++u) {
                        for (index_t v = 0; v < kw; ++v) {
                            const index_t r = o.stride * i + u - o.padding, s = o.stride * j + v - o.padding;
                            if (r < 0 || r >= x.height() || s < 0 || s >= x.width()) continue;
                            sum += f.weight(k, (c * kh + u) * kw + v) * x.channel(c)(r, s);
                        }
                    }
                }
                y.channel(k)(i, j) = sum;
            }
        }
    }
    return y;
}

}  // namespace

TEMPLATE_TEST_CASE("convolution of whole numbers equals its definition exactly", "", float, double) {
    using T = TestType;
    const auto image = whole_image<T>(3, 7, 9);
    for (const index_t kh : {1, 2, 3}) {
        for (const index_t kw : {1, 3, 5}) {
            for (const index_t stride : {1, 2, 3}) {
                for (const index_t padding : {0, 1, 4}) {
                    const nn::Filters<T> filters{whole<T>(4, 3 * kh * kw, 2), Vector<T>{1, -2, 3, 0}, kh, kw};
                    const nn::ConvOptions options{.stride = stride, .padding = padding};
                    CAPTURE(kh, kw, stride, padding);
                    CHECK(nn::conv2d(image, filters, options) == plain_conv(image, filters, options));
                }
            }
        }
    }
}

TEMPLATE_TEST_CASE("one filter over one picture is not flipped", "", float, double) {
    using T = TestType;
    const Matrix<T> picture = {{1, 2, 3}, {4, 5, 6}, {7, 8, 9}}, filter = {{1, 0}, {0, -1}};
    CHECK(nn::conv2d(picture, filter) == Matrix<T>{{-4, -4}, {-4, -4}});
    CHECK(nn::conv2d(picture, Matrix<T>{{0, 0}, {0, 1}}) == Matrix<T>{{5, 6}, {8, 9}});
    CHECK(nn::conv2d(picture, Matrix<T>{{1}}) == picture);
    CHECK(nn::conv2d(picture, Matrix<T>{{1}}, {.padding = 1}).rows() == 5);
    CHECK(nn::conv2d(picture.block(0, 0, 2, 3), filter.T()) == Matrix<T>{{-4, -4}});
}

TEST_CASE("patches stand in columns, channel by channel") {
    const nn::Image<double> image(std::vector<Matrix<double>>{{{1, 2}, {3, 4}}, {{5, 6}, {7, 8}}});
    CHECK(nn::im2col(image, 2, 1) == Matrix<double>{{1, 2}, {3, 4}, {5, 6}, {7, 8}});
    CHECK(nn::im2col(image, 2, 2, {.stride = 2, .padding = 1}).rows() == 8);
}

TEMPLATE_TEST_CASE("images are values with views of their channels", "", float, double) {
    using T = TestType;
    nn::Image<T> image(2, 3, 4);
    CHECK((image.channels() == 2 && image.height() == 3 && image.width() == 4));
    const auto blank = image;
    image.channel(1)(2, 3) = T(5);
    CHECK(image.pixels()(1, 11) == 5);
    CHECK(std::as_const(image).channel(1)(2, 3) == 5);
    CHECK(image != blank);
    CHECK_THROWS_AS(image.channel(2), std::out_of_range);
    CHECK_THROWS_AS(nn::Image<T>(1, -1, 2), shape_error);
    CHECK_THROWS_AS(nn::Image<T>(std::vector<Matrix<T>>{Matrix<T>(2, 2), Matrix<T>(2, 3)}), shape_error);
}

TEST_CASE("convolution refuses shapes and options that do not fit") {
    const auto image = whole_image<double>(2, 4, 4);
    const nn::Filters<double> filters{whole<double>(3, 8, 2), {}, 2, 2};
    CHECK(nn::conv2d(image, filters).channels() == 3);
    nn::Filters<double> other = filters;
    other.bias = Vector<double>(2);
    CHECK_THROWS_AS(nn::conv2d(image, other), shape_error);
    CHECK_THROWS_AS(nn::conv2d(whole_image<double>(3, 4, 4), filters), shape_error);
    CHECK_THROWS_AS(nn::conv2d(image, filters, {.stride = 0}), std::invalid_argument);
    CHECK_THROWS_AS(nn::conv2d(image, filters, {.padding = -1}), std::invalid_argument);
    CHECK_THROWS_WITH(nn::conv2d(Matrix<double>(2, 2), Matrix<double>(3, 1)), support::contains_text("3x1 over 2x2"));
    CHECK_THROWS_AS(nn::conv2d(Matrix<double>(2, 2), Matrix<double>(0, 1)), shape_error);
}
