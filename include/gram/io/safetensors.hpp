/// Tensors by name in .safetensors files; JSON by nlohmann/json. Not part of gram.hpp.
///
/// Source: the format's specification (huggingface/safetensors, README): eight bytes of length, a JSON object,
/// elements.
#pragma once

#if !__has_include(<nlohmann/json.hpp>)
#error "gram/io/safetensors.hpp needs nlohmann/json: install nlohmann-json3-dev (json-devel, nlohmann-json)"
#endif

#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "gram/io/npy.hpp"

namespace gram::io::inline GRAM_ISA {

/// What a .safetensors file says about one tensor.
struct TensorInfo {
    std::string dtype;  ///< "F32", "BF16", "I64", ...
    std::vector<index_t> shape;
    index_t begin = 0, end = 0;  ///< bytes behind the header
};

namespace detail {

struct TensorType {
    const char* name;
    const char* descr;  ///< as npy's; "" for BF16
    index_t bytes;
};
inline constexpr TensorType tensor_types[] = {{"F64", "<f8", 8}, {"F32", "<f4", 4}, {"F16", "<f2", 2}, {"BF16", "", 2},
                                              {"I64", "<i8", 8}, {"I32", "<i4", 4}, {"I16", "<i2", 2}, {"I8", "|i1", 1},
                                              {"U64", "<u8", 8}, {"U32", "<u4", 4}, {"U16", "<u2", 2}, {"U8", "|u1", 1},
                                              {"BOOL", "|b1", 1}};
inline const TensorType* tensor_type(std::string_view name) {
    for (const TensorType& type : tensor_types)
        if (name == type.name) return &type;
    return nullptr;
}

/// A number from 0 to 2^63 - 1 in JSON.
inline index_t tensor_number(const nlohmann::json& value, const std::string& file, const std::string& what) {
    if (!value.is_number_integer() ||
        (value.is_number_unsigned() ? value.get<std::uint64_t>() >> 63 != 0 : value.get<std::int64_t>() < 0)) {
        throw format_error(file + ": " + what + " is not a number from 0 to 2^63 - 1");
    }
    return value.get<index_t>();
}
inline std::vector<index_t> tensor_numbers(const nlohmann::json& tensor, const char* key, const std::string& file,
                                           const std::string& name) {
    const auto found = tensor.find(key);
    if (found == tensor.end() || !found->is_array()) {
        throw format_error(file + ": tensor " + in_quotes(name) + " has no list " + in_quotes(key));
    }
    std::vector<index_t> numbers;
    for (const auto& value : *found) numbers.push_back(tensor_number(value, file, in_quotes(name) + "." + key));
    return numbers;
}
inline TensorInfo tensor_info(const nlohmann::json& tensor, const std::string& file, const std::string& name) {
    if (!tensor.is_object()) throw format_error(file + ": tensor " + in_quotes(name) + " is not an object");
    const auto dtype = tensor.find("dtype");
    if (dtype == tensor.end() || !dtype->is_string() || tensor_type(dtype->get<std::string>()) == nullptr) {
        throw format_error(file + ": tensor " + in_quotes(name) +
                           " has no dtype of F64 F32 F16 BF16 I64 I32 I16 I8 U64 U32 U16 U8 BOOL");
    }
    TensorInfo info{dtype->get<std::string>(), tensor_numbers(tensor, "shape", file, name), 0, 0};
    const auto offsets = tensor_numbers(tensor, "data_offsets", file, name);
    if (offsets.size() != 2) throw format_error(file + ": tensor " + in_quotes(name) + " needs two data_offsets");
    info.begin = offsets[0], info.end = offsets[1];
    index_t bytes = tensor_type(info.dtype)->bytes;
    bool fits = true;
    for (const index_t extent : info.shape) fits = fits && checked_multiply(bytes, extent, bytes);
    if (!fits || info.begin > info.end || info.end - info.begin != bytes) {
        throw format_error(file + ": tensor " + in_quotes(name) + " of shape " + npy_shape_text(info.shape) +
                           " does not have the bytes [" + std::to_string(info.begin) + ", " + std::to_string(info.end) +
                           ")");
    }
    return info;
}

/// The object of the header; a key that stands twice in an object is an error, as the specification has it.
inline nlohmann::json parse_tensor_header(const std::string& text, const std::string& file) {
    std::vector<std::set<std::string>> keys;
    bool twice = false;
    const auto watch = [&](int, nlohmann::json::parse_event_t event, nlohmann::json& parsed) {
        if (event == nlohmann::json::parse_event_t::object_start) keys.emplace_back();
        if (event == nlohmann::json::parse_event_t::object_end) keys.pop_back();
        if (event == nlohmann::json::parse_event_t::key) {
            twice = !keys.back().insert(parsed.get<std::string>()).second || twice;
        }
        return true;
    };
    auto header = nlohmann::json::parse(text, watch, false);
    if (header.is_discarded() || !header.is_object()) throw_at_byte(file, 8, "the header is not a JSON object");
    if (twice) throw_at_byte(file, 8, "a key stands twice in the header");
    return header;
}

}  // namespace detail

/// A .safetensors file, its header read and checked; a tensor is read when it is asked for.
/// @snippet tensors.cpp safetensors
class SafetensorsFile {
public:
    /// io_error; format_error when the header is broken or the tensors do not cover the file without gap or overlap.
    /// Headers above 100 MB are refused, as the specification has it.
    explicit SafetensorsFile(const Path& path) : path_(path) {
        constexpr index_t max_header = 100'000'000;
        InputFile file(path);
        if (file.size() < 8) throw_at_byte(file.name(), 0, "expected eight bytes, the length of the header");
        unsigned char digits[8];
        file.read(digits, 8);
        std::uint64_t length = 0;
        for (int i = 8; i-- > 0;) length = length << 8 | digits[i];
        if (length > static_cast<std::uint64_t>(std::min(max_header, file.left()))) {
            throw_at_byte(file.name(), 0,
                          "a header of " + std::to_string(length) + " bytes in a file of " +
                              std::to_string(file.size()) + "; at most 100000000 are read");
        }
        std::string text(static_cast<std::size_t>(length), '\0');
        file.read(text.data(), static_cast<index_t>(length));
        start_ = file.position();
        const auto header = detail::parse_tensor_header(text, file.name());
        for (const auto& [name, value] : header.items()) {
            if (name == "__metadata__") {
                read_metadata(value);
            } else {
                tensors_.emplace(name, detail::tensor_info(value, file.name(), name));
            }
        }
        check_cover(file.left());
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
        if (found == tensors_.end()) throw std::out_of_range(path_.text() + ": no tensor " + in_quotes(name));
        return found->second;
    }
    /// Free texts that the writer put there.
    [[nodiscard]] const std::map<std::string, std::string>& metadata() const { return metadata_; }

    /// A tensor of at most two dimensions as a matrix, with the rules of load_npy: (m, n) is m×n, (n,) a column.
    template <class T>
    [[nodiscard]] Matrix<T> load(const std::string& name, NpyOptions options = {}) const {
        const TensorInfo& tensor = info(name);
        if (tensor.shape.size() > 2) {
            throw format_error(path_.text() + ": " + in_quotes(name) + " has the shape " +
                               detail::npy_shape_text(tensor.shape) + "; expected at most 2 dimensions");
        }
        InputFile file(path_);
        if (file.size() < start_ + tensor.end) throw io_error("'" + path_.text() + "' became shorter");
        file.seek(start_ + tensor.begin);
        Matrix<T> A(tensor.shape.empty() ? 1 : tensor.shape[0], tensor.shape.size() < 2 ? 1 : tensor.shape[1],
                    uninitialized);
        NpyHeader header;
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
    void read_metadata(const nlohmann::json& value) {
        if (!value.is_object()) throw format_error(path_.text() + ": __metadata__ is not an object");
        for (const auto& [key, text] : value.items()) {
            if (!text.is_string()) throw format_error(path_.text() + ": __metadata__ holds more than texts");
            metadata_[key] = text.get<std::string>();
        }
    }
    void check_cover(index_t bytes) const {
        std::vector<const TensorInfo*> order;
        for (const auto& [name, tensor] : tensors_) order.push_back(&tensor);
        std::sort(order.begin(), order.end(), [](const auto* a, const auto* b) {
            return std::pair(a->begin, a->end) < std::pair(b->begin, b->end);
        });
        index_t at = 0;
        for (const TensorInfo* tensor : order) {
            if (tensor->begin != at) {
                throw_at_byte(path_.text(), start_ + std::min(at, tensor->begin), "tensors overlap or leave a gap");
            }
            at = tensor->end;
        }
        if (at != bytes) {
            throw_at_byte(path_.text(), start_,
                          std::to_string(bytes) + " bytes of elements; the tensors take " + std::to_string(at));
        }
    }

    Path path_;
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
    /// std::invalid_argument for a name that was added before or is "__metadata__".
    template <MatrixExpr E>
    SafetensorsWriter& add(const std::string& name, const E& expression) {
        using T = value_t<E>;
        static_assert(std::is_arithmetic_v<T> && std::endian::native == std::endian::little);
        if (name == "__metadata__" || header_.contains(name)) {
            throw std::invalid_argument("safetensors: the name " + in_quotes(name) + " is taken");
        }
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
