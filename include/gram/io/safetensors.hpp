/// Tensors by name in .safetensors files; JSON by nlohmann/json. Not part of gram.hpp.
///
/// Source: the format's specification (huggingface/safetensors, README): eight bytes of length, a JSON object,
/// elements.
#pragma once

#include <algorithm>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "gram/io/safetensors_header.hpp"

namespace gram::io::inline GRAM_ISA {

namespace detail {

/// Bytes of a file from one place to another, which read as an InputFile does; the file must outlive it.
class InputRange {
public:
    InputRange(const InputFile& file, index_t begin, index_t end) : file_(file), position_(begin), end_(end) {}

    [[nodiscard]] const std::string& name() const noexcept { return file_.name(); }
    [[nodiscard]] index_t position() const noexcept { return position_; }
    [[nodiscard]] index_t left() const noexcept { return end_ - position_; }
    void read(void* to, index_t count) {
        file_.read_at(to, position_, count);
        position_ += count;
    }

private:
    const InputFile& file_;
    index_t position_, end_;
};

}  // namespace detail

/// A .safetensors file, its header read and checked; a tensor is read when it is asked for, from the file that was open
/// then: saving over it changes nothing here. Threads may load at once. Memory: the header and what it describes.
/// @snippet tensors.cpp safetensors
class SafetensorsFile {
public:
    /// io_error; format_error when the header is broken or the tensors do not cover the file without gap or overlap.
    /// Headers above 100 MB are refused, as the specification has it.
    explicit SafetensorsFile(const Path& path) : file_(path) {
        constexpr index_t max_header = 100'000'000;
        if (file_.size() < 8) throw_at_byte(file_.name(), 0, "expected eight bytes, the length of the header");
        unsigned char digits[8];
        file_.read(digits, 8);
        std::uint64_t length = 0;
        for (int i = 8; i-- > 0;) length = length << 8 | digits[i];
        if (length > static_cast<std::uint64_t>(std::min(max_header, file_.left()))) {
            throw_at_byte(file_.name(), 0,
                          "a header of " + std::to_string(length) + " bytes in a file of " +
                              std::to_string(file_.size()) + "; at most 100000000 are read");
        }
        std::string text(static_cast<std::size_t>(length), '\0');
        file_.read(text.data(), static_cast<index_t>(length));
        start_ = file_.position();
        detail::TensorHeaderReader header(file_.name());
        header.read(text);
        tensors_ = std::move(header.tensors);
        metadata_ = std::move(header.metadata);
        check_cover(file_.left());
    }

    /// In alphabetical order.
    [[nodiscard]] std::vector<std::string> names() const {
        std::vector<std::string> all;
        for (const auto& [name, info] : tensors_) all.push_back(name);
        return all;
    }
    [[nodiscard]] bool contains(const std::string& name) const { return tensors_.contains(name); }
    /// std::out_of_range for a name that is not there.
    [[nodiscard]] const TensorInfo& info(const std::string& name) const {
        const auto found = tensors_.find(name);
        if (found == tensors_.end()) throw std::out_of_range(file_.name() + ": no tensor " + in_quotes(name));
        return found->second;
    }
    /// Free texts that the writer put there.
    [[nodiscard]] const std::map<std::string, std::string>& metadata() const { return metadata_; }

    /// A tensor of at most two dimensions as a matrix, with the rules of load_npy: (m, n) is m×n, (n,) a column.
    template <class T>
    [[nodiscard]] Matrix<T> load(const std::string& name, NpyOptions options = {}) const {
        const TensorInfo& tensor = info(name);
        if (tensor.shape.size() > 2) {
            throw_at_byte(file_.name(), tensor.place,
                          in_quotes(name) + " has the shape " + detail::npy_shape_text(tensor.shape) +
                              "; expected at most 2 dimensions");
        }
        detail::InputRange file(file_, start_ + tensor.begin, start_ + tensor.end);
        Matrix<T> A(tensor.shape.empty() ? 1 : tensor.shape[0], tensor.shape.size() < 2 ? 1 : tensor.shape[1],
                    uninitialized);
        NpyHeader header;
        header.descr_at = tensor.place;
        header.descr = detail::tensor_type(tensor.dtype)->descr;
        if (header.descr.empty()) {
            header.descr = tensor.dtype, header.order = '<';
            detail::read_stored<detail::Bfloat>(file, header, options.round, A.data(), A.size());
        } else {
            header.order = header.descr[0], header.kind = header.descr[1], header.item_bytes = header.descr[2] - '0';
            detail::read_elements(file, header, options.round, A.data(), A.size());
        }
        return A;
    }

private:
    void check_cover(index_t bytes) const {
        std::vector<const TensorInfo*> order;
        for (const auto& [name, tensor] : tensors_) order.push_back(&tensor);
        std::sort(order.begin(), order.end(), [](const auto* a, const auto* b) {
            return std::pair(a->begin, a->end) < std::pair(b->begin, b->end);
        });
        index_t at = 0;
        for (const TensorInfo* tensor : order) {
            if (tensor->begin != at) {
                throw_at_byte(file_.name(), start_ + std::min(at, tensor->begin), "tensors overlap or leave a gap");
            }
            at = tensor->end;
        }
        if (at != bytes) {
            throw_at_byte(file_.name(), start_,
                          std::to_string(bytes) + " bytes of elements; the tensors take " + std::to_string(at));
        }
    }

    InputFile file_;
    index_t start_ = 0;
    std::map<std::string, TensorInfo> tensors_;
    std::map<std::string, std::string> metadata_;
};

/// One tensor of a file: `load_safetensors<float>("model.safetensors", "layer.0.weight")`. As SafetensorsFile::load.
/// @snippet tensors.cpp safetensors
template <class T>
[[nodiscard]] Matrix<T> load_safetensors(const Path& path, const std::string& name, NpyOptions options = {}) {
    return SafetensorsFile(path).load<T>(name, options);
}

/// Collects tensors and writes them on commit(), which replaces the file in one step. Elements start at a multiple of 8
/// bytes. Memory: all tensors once.
/// @snippet tensors.cpp safetensors
class SafetensorsWriter {
public:
    explicit SafetensorsWriter(const Path& path, const std::map<std::string, std::string>& metadata = {})
        : file_(path) {
        if (!metadata.empty()) header_["__metadata__"] = metadata;
    }
    /// std::invalid_argument for a name that was added before, is too long or is "__metadata__".
    template <MatrixExpr E>
    SafetensorsWriter& add(const std::string& name, const E& expression) {
        using T = value_t<E>;
        static_assert(std::is_arithmetic_v<T> && std::endian::native == std::endian::little);
        if (name == "__metadata__" || header_.contains(name)) {
            throw std::invalid_argument("safetensors: the name " + in_quotes(name) + " is taken");
        }
        if (name.size() > 60000)
            throw std::invalid_argument("safetensors: the name " + in_quotes(name) + " is too long");
        const auto& elements = detail::in_memory_by_rows(expression);
        const auto begin = bytes_.size();
        bytes_.append(reinterpret_cast<const char*>(elements.data()),
                      static_cast<std::size_t>(elements.size()) * sizeof(T));
        auto& tensor = header_[name];
        for (const auto& type : detail::tensor_types) {
            if (detail::npy_descr<T>() == type.descr) tensor["dtype"] = type.name;
        }
        tensor["shape"] = cols_v<E> == 1 ? std::vector<index_t>{elements.rows()}
                                         : std::vector<index_t>{elements.rows(), elements.cols()};
        tensor["data_offsets"] = {begin, bytes_.size()};
        return *this;
    }
    /// io_error; nlohmann::json::exception for names that are not UTF-8.
    void commit() {
        std::string text = header_.dump();
        text.append((8 - text.size() % 8) % 8, ' ');
        std::string length;
        for (int i = 0; i < 8; ++i) length += static_cast<char>(text.size() >> (8 * i) & 255u);
        file_.write(length);
        file_.write(text);
        file_.write(bytes_);
        file_.commit();
    }

private:
    AtomicFile file_;
    nlohmann::json header_ = nlohmann::json::object();
    std::string bytes_;
};

}  // namespace gram::io::inline GRAM_ISA
