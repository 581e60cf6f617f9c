/// The header of an .npy file: a small grammar of its own, no Python needed and no pickle ever.
///
/// Source: the format as NumPy documents it (NEP 1, numpy.lib.format), versions 1.0, 2.0 and 3.0.
#pragma once

#include <algorithm>
#include <bit>
#include <vector>

#include "gram/io/text.hpp"

namespace gram::io::inline GRAM_ISA {

/// What the header says about the elements that follow it.
struct NpyHeader {
    std::string descr;           ///< as written: "<f8"
    char order = '|';            ///< '<' little-endian, '>' big-endian, '|' single bytes
    char kind = 0;               ///< 'f', 'i', 'u', 'c' or 'b'
    index_t item_bytes = 0;      ///< 1, 2, 4, 8 or 16
    bool fortran_order = false;  ///< the first index varies fastest
    std::vector<index_t> shape;  ///< () is a single number
    index_t descr_at = 0;        ///< the byte of the file where the type stands
    index_t shape_at = 0;        ///< and the shape
};

namespace detail {

/// Reads `{'descr': '<f8', 'fortran_order': False, 'shape': (3, 4), }`: keys in any order, each exactly once.
class NpyHeaderParser {
public:
    NpyHeaderParser(std::string_view text, const std::string& file, index_t offset, int version)
        : text_(text), file_(file), offset_(offset), version_(version) {}

    NpyHeader parse() {
        NpyHeader header;
        bool seen[3] = {false, false, false};
        expect('{', "a dictionary that opens with '{'");
        while (!accept('}')) {
            const index_t at = position();
            const std::string_view key = string_literal("a key in quotes");
            expect(':', "':' after the key");
            const int which = key == "descr" ? 0 : key == "fortran_order" ? 1 : key == "shape" ? 2 : -1;
            if (which < 0) throw_at_byte(file_, at, "unknown key " + in_quotes(key));
            if (std::exchange(seen[which], true))
                throw_at_byte(file_, at, "the key " + in_quotes(key) + " stands twice");
            if (which == 0) read_descr(header);
            if (which == 1) header.fortran_order = boolean();
            if (which == 2) read_shape(header);
            if (!accept(',')) {
                expect('}', "',' or '}' after a value");
                break;
            }
        }
        skip_space();
        if (next_ != text_.size()) fail("nothing but spaces after the dictionary");
        if (!seen[0] || !seen[1] || !seen[2]) fail("the keys descr, fortran_order and shape");
        return header;
    }

private:
    static constexpr std::size_t max_dimensions = 64;  // as NumPy 2

    [[nodiscard]] index_t position() const { return offset_ + static_cast<index_t>(next_); }
    [[noreturn]] void fail(const std::string& expected) const {
        throw_at_byte(file_, position(), "expected " + expected + " in the npy header");
    }
    void skip_space() { next_ = std::min(text_.find_first_not_of(" \t\n\r\f", next_), text_.size()); }
    bool accept(char c) {
        skip_space();
        if (next_ >= text_.size() || text_[next_] != c) return false;
        ++next_;
        return true;
    }
    void expect(char c, const char* what) {
        if (!accept(c)) fail(what);
    }
    bool accept_word(std::string_view word) {
        if (!text_.substr(next_).starts_with(word)) return false;
        next_ += word.size();
        return true;
    }
    std::string_view string_literal(const char* what) {
        skip_space();
        const char quote = next_ < text_.size() ? text_[next_] : '\0';
        if (quote != '\'' && quote != '"') fail(what);
        const std::size_t end = text_.find(quote, next_ + 1);
        if (end == std::string_view::npos) fail("a closing quote");
        const std::string_view content = text_.substr(next_ + 1, end - next_ - 1);
        if (content.find('\\') != std::string_view::npos) fail("a plain string");
        next_ = end + 1;
        return content;
    }
    bool boolean() {
        skip_space();
        if (accept_word("True")) return true;
        if (!accept_word("False")) fail("True or False");
        return false;
    }
    index_t extent() {
        skip_space();
        std::size_t end = next_;
        while (end < text_.size() && is_digit(text_[end])) ++end;
        index_t value = 0;
        const bool leading_zero = end - next_ > 1 && text_[next_] == '0';  // no number in Python
        if (leading_zero || parse_number(text_.substr(next_, end - next_), value) != NumberStatus::ok) {
            fail("an extent from 0 to 2^63 - 1");
        }
        next_ = end;
        if (version_ < 3) (void)accept_word("L");  // Python 2 wrote its long integers so
        return value;
    }
    std::vector<index_t> tuple() {
        std::vector<index_t> extents;
        expect('(', "a shape that opens with '('");
        while (!accept(')')) {
            if (extents.size() == max_dimensions) fail("at most 64 dimensions");
            extents.push_back(extent());
            if (accept(',')) continue;
            if (extents.size() == 1) fail("',' after the only extent");  // (3) is a number in Python, not a shape
            expect(')', "',' or ')' after an extent");
            break;
        }
        return extents;
    }
    void read_shape(NpyHeader& header) {
        skip_space();
        header.shape_at = position();
        header.shape = tuple();
    }
    void read_descr(NpyHeader& header) {
        skip_space();
        const index_t at = header.descr_at = position();
        if (next_ < text_.size() && text_[next_] == '[') throw_at_byte(file_, at, "arrays of records are not read");
        header.descr = string_literal("a type in quotes such as '<f8'");
        const std::string_view descr = header.descr;
        if (descr.find('O') != std::string_view::npos) {
            throw_at_byte(file_, at, "type " + in_quotes(descr) + ": pickled Python objects are never read");
        }
        if (descr.ends_with("f16") || descr.ends_with("f12") || descr.ends_with("c32") || descr.ends_with("c24")) {
            throw_at_byte(file_, at,
                          "type " + in_quotes(descr) + ": long double differs between machines and is not read");
        }
        const auto refuse = [&] {
            throw_at_byte(file_, at,
                          "type " + in_quotes(descr) + "; expected one of f2 f4 f8 c8 c16 i1 i2 i4 i8 u1 u2 u4 u8 b1 " +
                              "after '<', '>' or '|'");
        };
        const bool wide = descr.size() == 4 && descr.substr(1) == "c16";
        if (descr.size() != 3 && !wide) refuse();
        constexpr bool little = std::endian::native == std::endian::little;
        header.order = descr[0] == '=' ? (little ? '<' : '>') : descr[0];
        header.kind = descr[1];
        header.item_bytes = wide ? 16 : descr[2] - '0';
        const index_t n = header.item_bytes;
        const bool known = header.kind == 'f'                         ? n == 2 || n == 4 || n == 8
                           : header.kind == 'c'                       ? n == 8 || n == 16
                           : header.kind == 'b'                       ? n == 1
                           : header.kind == 'i' || header.kind == 'u' ? n == 1 || n == 2 || n == 4 || n == 8
                                                                      : false;
        const bool ordered = header.order == '<' || header.order == '>' || (header.order == '|' && n == 1);
        if (!known || !ordered) refuse();
    }

    std::string_view text_;
    const std::string& file_;
    index_t offset_;
    int version_;
    std::size_t next_ = 0;
};

}  // namespace detail

/// Reads the header and checks that the elements it promises are exactly what the rest of the file holds; the file is
/// left at its first element. format_error names the byte and what was expected. Headers above 64 KiB are refused
/// before they are read.
/// @snippet files.cpp npy
template <class Input>
NpyHeader read_npy_header(Input& file) {
    constexpr index_t max_header = 65536;
    if (file.size() < 10) throw_at_byte(file.name(), 0, std::to_string(file.size()) + " bytes; not an npy file");
    unsigned char start[8];
    file.read(start, 8);
    if (std::memcmp(start, "\x93NUMPY", 6) != 0) throw_at_byte(file.name(), 0, "expected the npy magic \\x93NUMPY");
    if (start[6] < 1 || start[6] > 3 || start[7] != 0) {
        throw_at_byte(
            file.name(), 6,
            "npy version " + std::to_string(start[6]) + "." + std::to_string(start[7]) + "; expected 1.0, 2.0 or 3.0");
    }
    const index_t length_bytes = start[6] == 1 ? 2 : 4;
    if (file.left() < length_bytes) throw_at_byte(file.name(), 8, "the file ends in the header's length");
    unsigned char digits[4] = {0, 0, 0, 0};
    file.read(digits, length_bytes);
    const index_t length = digits[0] | digits[1] << 8 | digits[2] << 16 | static_cast<index_t>(digits[3]) << 24;
    if (length > max_header) {
        throw_at_byte(file.name(), 8, "a header of " + std::to_string(length) + " bytes; expected at most 65536");
    }
    if (length > file.left()) throw_at_byte(file.name(), 8, "the file ends in the header");
    const index_t offset = file.position();
    std::string text(static_cast<std::size_t>(length), '\0');
    file.read(text.data(), length);
    NpyHeader header = detail::NpyHeaderParser(text, file.name(), offset, start[6]).parse();

    // As NumPy, of an empty array the other extents must fit too.
    index_t bytes = header.item_bytes;
    bool fits = true, empty = false;
    for (const index_t extent : header.shape) {
        empty = empty || extent == 0;
        fits = fits && (extent == 0 || detail::checked_multiply(bytes, extent, bytes));
    }
    if (empty) bytes = 0;
    if (!fits || bytes != file.left()) {
        throw_at_byte(file.name(), file.position(),
                      std::to_string(file.left()) + " bytes of elements; the header promises " +
                          (fits ? std::to_string(bytes) : std::string("more than 2^63")));
    }
    return header;
}

}  // namespace gram::io::inline GRAM_ISA
