/// Where a container keeps its elements: in place when both extents are known, else in an aligned buffer.
#pragma once

#include <algorithm>
#include <array>

#include "gram/core/error.hpp"
#include "gram/core/types.hpp"
#include "gram/kernel/buffer.hpp"

namespace gram {

/// Storage of a rows×cols container, elements without gaps. Dynamic extents allocate; a moved-from storage is empty.
template <class T, index_t Rows, index_t Cols>
class Storage {
    static constexpr bool any_dynamic = Rows == dynamic || Cols == dynamic;
    static_assert(any_dynamic);

public:
    Storage() = default;
    Storage(index_t rows, index_t cols) : buffer_(kernel::checked_size<T>(rows, cols)), rows_(rows), cols_(cols) {}
    Storage(Storage&& other) noexcept
        : buffer_(std::move(other.buffer_)),
          rows_(std::exchange(other.rows_, empty_rows)),
          cols_(std::exchange(other.cols_, empty_cols)) {}
    Storage& operator=(Storage&& other) noexcept {
        Storage taken(std::move(other));
        buffer_.swap(taken.buffer_);
        std::swap(rows_, taken.rows_);
        std::swap(cols_, taken.cols_);
        return *this;
    }

    [[nodiscard]] T* data() const noexcept { return buffer_.data(); }
    [[nodiscard]] index_t rows() const noexcept { return Rows == dynamic ? rows_ : Rows; }
    [[nodiscard]] index_t cols() const noexcept { return Cols == dynamic ? cols_ : Cols; }

private:
    static constexpr index_t empty_rows = Rows == dynamic ? 0 : Rows;
    static constexpr index_t empty_cols = Cols == dynamic ? 0 : Cols;

    kernel::Buffer<T> buffer_;
    index_t rows_ = empty_rows;
    index_t cols_ = empty_cols;
};

/// Both extents are in the type: the elements live in the object, with no more than their natural alignment, so that
/// size and alignment of the type do not depend on the instruction set.
template <class T, index_t Rows, index_t Cols>
    requires(Rows != dynamic && Cols != dynamic)
class Storage<T, Rows, Cols> {
    static_assert(Rows >= 0 && Cols >= 0);

public:
    constexpr Storage() = default;
    constexpr Storage(index_t /*rows*/, index_t /*cols*/) {}

    [[nodiscard]] constexpr T* data() noexcept { return elements_.data(); }
    [[nodiscard]] constexpr const T* data() const noexcept { return elements_.data(); }
    [[nodiscard]] static constexpr index_t rows() noexcept { return Rows; }
    [[nodiscard]] static constexpr index_t cols() noexcept { return Cols; }

private:
    std::array<T, static_cast<std::size_t>(Rows* Cols)> elements_{};
};

}  // namespace gram
