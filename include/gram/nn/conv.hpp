/// Convolution of one image: with stride s, padding p and zeros outside the image, output channel f is
///   Y(f, i, j) = b_f + sum over c, u, v of F(f; c, u, v) X(c, s i + u - p, s j + v - p).
///
/// As in the field (and unlike in signal processing) the filter is not flipped: Goodfellow, Bengio & Courville, Deep
/// Learning (2016), sec. 9.1. The patches become the columns of a matrix and the whole is one product: Chellapilla,
/// Puri & Simard, High Performance Convolutional Neural Networks for Document Processing (2006).
#pragma once

#include <vector>

#include "gram/expr/comparisons.hpp"
#include "gram/expr/functions.hpp"

namespace gram::nn::inline GRAM_ISA {

/// channels planes of height×width. A value: copyable, movable, comparable.
template <Scalar T>
class Image {
public:
    Image() = default;
    /// All zero. shape_error for a negative extent.
    Image(index_t channels, index_t height, index_t width)
        : pixels_(channels, height < 0 || width < 0 ? -1 : height * width), height_(height), width_(width) {}
    /// One channel.
    Image(const Matrix<T>& plane)  // NOLINT: implicit, a matrix is a grey image
        : Image(1, plane.rows(), plane.cols()) {
        channel(0) = plane;
    }
    /// A channel from each plane. shape_error when they differ in shape.
    explicit Image(const std::vector<Matrix<T>>& planes)
        : Image(static_cast<index_t>(planes.size()), planes.empty() ? 0 : planes[0].rows(),
                planes.empty() ? 0 : planes[0].cols()) {
        for (index_t c = 0; c < channels(); ++c) channel(c) = planes[static_cast<std::size_t>(c)];
    }

    [[nodiscard]] index_t channels() const noexcept { return pixels_.rows(); }
    [[nodiscard]] index_t height() const noexcept { return height_; }
    [[nodiscard]] index_t width() const noexcept { return width_; }
    /// The pixels of a channel as a height×width view. std::out_of_range.
    [[nodiscard]] MatrixView<T> channel(index_t c) & {
        return view(pixels_.row(c).data(), height_, width_);  // row() checks c
    }
    [[nodiscard]] MatrixView<const T> channel(index_t c) const& {
        return view(std::as_const(pixels_).row(c).data(), height_, width_);
    }
    void channel(index_t) && = delete;
    void channel(index_t) const&& = delete;
    /// All pixels, a channel in each row: channels×(height width).
    [[nodiscard]] Matrix<T>& pixels() & noexcept { return pixels_; }
    [[nodiscard]] const Matrix<T>& pixels() const& noexcept { return pixels_; }
    [[nodiscard]] Matrix<T> pixels() && noexcept { return std::move(pixels_); }

    friend bool operator==(const Image&, const Image&) = default;

private:
    Matrix<T> pixels_;
    index_t height_ = 0, width_ = 0;
};

/// How far the filter moves between two outputs, and how many zeros stand around the image on each side.
struct ConvOptions {
    index_t stride = 1;
    index_t padding = 0;
};

namespace detail {

/// Outputs along an axis of n pixels: floor((n + 2 p - k) / s) + 1.
inline index_t conv_extent(index_t n, index_t k, const ConvOptions& o) {
    return (n + 2 * o.padding - k) / o.stride + 1;
}

inline void check_conv(index_t height, index_t width, index_t kernel_height, index_t kernel_width,
                       const ConvOptions& o) {
    if (o.stride < 1 || o.padding < 0) {
        throw std::invalid_argument("conv2d: stride " + std::to_string(o.stride) + ", padding " +
                                    std::to_string(o.padding) + "; expected stride >= 1, padding >= 0");
    }
    if (kernel_height < 1 || kernel_width < 1 || kernel_height > height + 2 * o.padding ||
        kernel_width > width + 2 * o.padding) {
        throw_shape("conv2d: filter larger than the padded image, or empty:", kernel_height, kernel_width, "over",
                    height + 2 * o.padding, width + 2 * o.padding);
    }
}

}  // namespace detail

/// The patches under a kernel_height×kernel_width window, a patch in each column: row (c kh + u) kw + v holds pixel
/// (c, s i + u - p, s j + v - p) of the output (i, j). (channels kh kw)×(out_height out_width). shape_error.
/// @snippet models.cpp conv2d
template <Scalar T>
[[nodiscard]] Matrix<T> im2col(const Image<T>& image, index_t kernel_height, index_t kernel_width,
                               ConvOptions options = {}) {
    const index_t h = image.height(), w = image.width(), s = options.stride, p = options.padding;
    detail::check_conv(h, w, kernel_height, kernel_width, options);
    const index_t out_h = detail::conv_extent(h, kernel_height, options);
    const index_t out_w = detail::conv_extent(w, kernel_width, options);
    Matrix<T> patches(image.channels() * kernel_height * kernel_width, out_h * out_w);
    T* to = patches.data();
    for (index_t c = 0; c < image.channels(); ++c) {
        const T* plane = image.channel(c).data();
        for (index_t uv = 0; uv < kernel_height * kernel_width; ++uv) {
            const index_t u = uv / kernel_width - p, v = uv % kernel_width - p;
            for (index_t i = 0; i < out_h; ++i) {
                const index_t y = s * i + u;
                for (index_t j = 0; j < out_w; ++j, ++to) {
                    const index_t x = s * j + v;
                    if (y >= 0 && y < h && x >= 0 && x < w) *to = plane[y * w + x];
                }
            }
        }
    }
    return patches;
}

/// Filters of a convolution: row f of `weight` is filter f, flattened as (channel, row, column).
template <std::floating_point T>
struct Filters {
    Matrix<T> weight;  ///< filters × (channels kernel_height kernel_width)
    Vector<T> bias;    ///< one for each filter; empty: none
    index_t kernel_height = 0, kernel_width = 0;
};

/// Every filter over every place of the image: filters channels of
/// floor((height + 2 padding - kernel_height) / stride) + 1 rows, and columns likewise.
/// Cost: one product of filters × (channels kh kw) × (out_height out_width). shape_error; std::invalid_argument.
/// @snippet models.cpp conv2d
template <std::floating_point T>
[[nodiscard]] Image<T> conv2d(const Image<T>& image, const Filters<T>& filters, ConvOptions options = {}) {
    const index_t window = filters.kernel_height * filters.kernel_width;
    const Matrix<T>& F = filters.weight;
    if (F.cols() != image.channels() * window) {
        throw_shape("conv2d: filters and channels × window", F.rows(), F.cols(), "over", image.channels(), window);
    }
    if (!filters.bias.empty() && filters.bias.rows() != F.rows()) {
        throw_shape("conv2d: filters and bias", F.rows(), F.cols(), "and", filters.bias.rows(), 1);
    }
    const Matrix<T> patches = im2col(image, filters.kernel_height, filters.kernel_width, options);
    Image<T> result(F.rows(), detail::conv_extent(image.height(), filters.kernel_height, options),
                    detail::conv_extent(image.width(), filters.kernel_width, options));
    if (filters.bias.empty()) {
        result.pixels() = F * patches;
    } else {
        result.pixels() = F * patches + filters.bias;
    }
    return result;
}

/// One filter over one channel.
/// @snippet models.cpp conv2d
template <MatrixExpr X, MatrixExpr F>
[[nodiscard]] Matrix<value_t<X>> conv2d(const X& image, const F& filter, ConvOptions options = {}) {
    using T = value_t<X>;
    Filters<T> filters{Matrix<T>(1, filter.rows() * filter.cols()), {}, filter.rows(), filter.cols()};
    view(filters.weight.data(), filter.rows(), filter.cols()) = filter;
    const Image<T> result = conv2d(Image<T>(Matrix<T>(image)), filters, options);
    return result.channel(0);
}

}  // namespace gram::nn::inline GRAM_ISA
