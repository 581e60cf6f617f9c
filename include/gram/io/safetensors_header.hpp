/// The header of a .safetensors file: a JSON object, read value by value. Not part of gram.hpp.
///
/// nlohmann/json finds the values; no tree of them is built, so memory stays below what the header takes in the file
/// and nothing recurses.
#pragma once

#if !__has_include(<nlohmann/json.hpp>)
#error "gram/io/safetensors.hpp needs nlohmann/json: install nlohmann-json3-dev (json-devel, nlohmann-json)"
#endif

#include <cstddef>
#include <cstdint>
#include <iterator>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "gram/io/npy.hpp"

namespace gram::io::inline GRAM_ISA {

/// What a .safetensors file says about one tensor.
struct TensorInfo {
    std::string dtype;  ///< "F32", "BF16", "I64", ...
    std::vector<index_t> shape;
    index_t begin = 0, end = 0;  ///< bytes behind the header
    index_t place = 0;           ///< the byte of the file where the header has described it
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

/// Characters that tell how many of them have been read.
struct CountedIterator {
    using difference_type = std::ptrdiff_t;
    using value_type = char;
    using pointer = const char*;
    using reference = const char&;
    using iterator_category = std::input_iterator_tag;

    const char* at;
    index_t* count;

    reference operator*() const { return *at; }
    CountedIterator& operator++() {
        ++at, ++*count;
        return *this;
    }
    bool operator==(const CountedIterator& other) const { return at == other.at; }
    bool operator!=(const CountedIterator& other) const { return at != other.at; }
};

/// Receives the values of the header from nlohmann/json in their order, and refuses the first that does not belong: so
/// nothing nests deeper than three levels, and no key stands twice.
class TensorHeaderReader {
public:
    explicit TensorHeaderReader(const std::string& file) : file_(file) {}

    std::map<std::string, TensorInfo> tensors;
    std::map<std::string, std::string> metadata;

    /// Reads all of `text`, which begins at byte 8 of the file.
    void read(std::string_view text) {
        if (!text.starts_with('{')) fail("the header is not a JSON object, which begins with '{'");
        check_strings(text);
        const CountedIterator first{text.data(), &read_}, last{text.data() + text.size(), &read_};
        (void)nlohmann::json::sax_parse(first, last, this);
    }

    // What nlohmann::json::sax_parse calls.
    bool null() { refuse("null"); }
    bool boolean(bool) { refuse("a boolean"); }
    bool number_float(double, const std::string&) { refuse("a number that is not whole and below 2^63"); }
    bool number_integer(std::int64_t) { refuse("a negative number"); }
    bool binary(nlohmann::json::binary_t&) { refuse("binary"); }
    bool number_unsigned(std::uint64_t value) {
        if (depth_ != 3) refuse("a number");
        if (value >> 63 != 0) refuse("a number that is not whole and below 2^63");
        std::vector<index_t>& list = field_ == Field::shape ? info_.shape : offsets_;
        if (list.size() == max_dimensions) refuse("a list of more than 64 numbers");
        list.push_back(static_cast<index_t>(value));
        return true;
    }
    bool string(std::string& text) {
        if (depth_ != 2 || (!in_metadata_ && field_ != Field::dtype)) refuse("a text");
        if (in_metadata_) {
            metadata[key_] = text;
            return true;
        }
        if (tensor_type(text) == nullptr) {
            fail("tensor " + in_quotes(name_) + " has the dtype " + in_quotes(text) +
                 "; expected F64 F32 F16 BF16 I64 I32 I16 I8 U64 U32 U16 U8 BOOL");
        }
        info_.dtype = text;
        return true;
    }
    bool start_object(std::size_t) {
        if (depth_ >= 2) refuse("an object");
        ++depth_;
        info_ = {};
        offsets_.clear();
        seen_.clear();
        return true;
    }
    bool key(std::string& text) {
        if (depth_ == 1 || in_metadata_) {
            if (++entries_ > max_entries) fail("more than " + std::to_string(max_entries) + " tensors and texts");
        }
        bool twice = false;
        if (depth_ == 1) {
            in_metadata_ = text == "__metadata__";
            twice = in_metadata_ ? std::exchange(had_metadata_, true) : tensors.contains(text);
            name_ = text;
        } else if (in_metadata_) {
            twice = metadata.contains(text);
            key_ = text;
        } else {
            twice = !seen_.insert(text).second;
            field_ = field_of(text);
        }
        if (twice) fail("the key " + in_quotes(text) + " stands twice");
        return true;
    }
    bool end_object() {
        if (--depth_ == 1 && !in_metadata_) finish_tensor();
        in_metadata_ = false;
        return true;
    }
    bool start_array(std::size_t) {
        if (depth_ != 2 || in_metadata_ || field_ == Field::dtype) refuse("a list");
        ++depth_;
        return true;
    }
    bool end_array() {
        --depth_;
        return true;
    }
    bool parse_error(std::size_t, const std::string&, const nlohmann::json::exception&) {
        fail("the header is not a JSON object");
    }

private:
    enum class Field { dtype, shape, offsets };
    static constexpr std::size_t max_dimensions = 64;
    static constexpr std::size_t max_string = std::size_t{1} << 16;
    static constexpr index_t max_entries = index_t{1} << 18;

    [[noreturn]] void fail(const std::string& what) const { throw_at_byte(file_, 8 + read_, what); }
    [[noreturn]] void refuse(const char* what) const {
        if (depth_ < 2) fail(depth_ == 0 ? "the header is not a JSON object" : in_quotes(name_) + " is not an object");
        if (in_metadata_) fail("__metadata__ holds more than texts");
        fail("tensor " + in_quotes(name_) + ": " + what + " does not belong here");
    }
    [[nodiscard]] Field field_of(const std::string& key) const {
        if (key == "dtype") return Field::dtype;
        if (key == "shape") return Field::shape;
        if (key == "data_offsets") return Field::offsets;
        fail("tensor " + in_quotes(name_) + " has the unknown key " + in_quotes(key));
    }
    void finish_tensor() {
        if (seen_.size() != 3) fail("tensor " + in_quotes(name_) + " needs dtype, shape and data_offsets");
        if (offsets_.size() != 2) fail("tensor " + in_quotes(name_) + " needs two data_offsets");
        info_.begin = offsets_[0], info_.end = offsets_[1], info_.place = 8 + read_;
        index_t bytes = tensor_type(info_.dtype)->bytes;
        bool fits = true, empty = false;
        for (const index_t extent : info_.shape) {
            empty = empty || extent == 0;
            fits = fits && (extent == 0 || checked_multiply(bytes, extent, bytes));
        }
        if (empty) bytes = 0;
        if (!fits || info_.begin > info_.end || info_.end - info_.begin != bytes) {
            fail("tensor " + in_quotes(name_) + " of shape " + npy_shape_text(info_.shape) +
                 " does not have the bytes [" + std::to_string(info_.begin) + ", " + std::to_string(info_.end) + ")");
        }
        tensors.emplace(name_, std::move(info_));
    }
    /// A name or text above 64 KiB is refused before the parser copies it.
    void check_strings(std::string_view text) {
        for (std::size_t at = text.find('"'); at != std::string_view::npos; at = text.find('"', at + 1)) {
            const std::size_t first = at++;
            while (at < text.size() && text[at] != '"') at += text[at] == '\\' ? 2 : 1;
            if (at - first <= max_string) continue;
            read_ = static_cast<index_t>(first);
            fail("a text above 64 KiB");
        }
    }

    const std::string& file_;
    index_t read_ = 0;  ///< bytes of the header that the parser has taken
    int depth_ = 0;
    index_t entries_ = 0;
    bool in_metadata_ = false, had_metadata_ = false;
    std::string name_, key_;
    Field field_ = Field::dtype;
    TensorInfo info_;
    std::vector<index_t> offsets_;
    std::set<std::string> seen_;
};

}  // namespace detail
}  // namespace gram::io::inline GRAM_ISA
