/// Numbers to and from text, the same in every locale; lines with their numbers; messages that say where.
#pragma once

#include <charconv>
#include <concepts>
#include <limits>
#include <string>
#include <string_view>
#include <system_error>
#include <type_traits>

#include "gram/io/file.hpp"

namespace gram::io::inline GRAM_ISA {

namespace detail {

/// The bytes of the UTF-8 character that `text` begins with; 0 when it begins with none that prints.
constexpr std::size_t printable_length(std::string_view text) {
    const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
    if (byte(0) < 0x80) return byte(0) >= 0x20 && byte(0) != 0x7f ? 1 : 0;
    const std::size_t length = byte(0) < 0xc2 ? 0 : byte(0) < 0xe0 ? 2 : byte(0) < 0xf0 ? 3 : byte(0) < 0xf5 ? 4 : 0;
    if (length > text.size()) return 0;
    for (std::size_t i = 1; i < length; ++i) {
        if ((byte(i) & 0xc0u) != 0x80) return 0;
    }
    return length;
}

}  // namespace detail

/// `text` between quotes for a message: cut after 40 bytes, what does not print as \xNN.
/// @snippet tables.cpp own_format
inline std::string in_quotes(std::string_view text) {
    constexpr std::size_t limit = 40;
    constexpr char hex[] = "0123456789abcdef";
    std::string out = "'";
    std::size_t i = 0;
    while (i < text.size() && i < limit) {
        const std::size_t length = detail::printable_length(text.substr(i));
        if (length == 0) {
            const auto byte = static_cast<unsigned char>(text[i]);
            out += {'\\', 'x', hex[byte >> 4], hex[byte & 15]};
        }
        out += text.substr(i, length);
        i += length == 0 ? 1 : length;
    }
    return out + (i < text.size() ? "...'" : "'");
}

/// format_error "<file>:<line>: <what>"; lines count from 1.
/// @snippet tables.cpp own_format
[[noreturn]] inline void throw_at_line(const std::string& file, index_t line, const std::string& what) {
    throw format_error(file + ":" + std::to_string(line) + ": " + what);
}
/// format_error "<file>: byte <byte>: <what>"; bytes count from 0.
/// @snippet tables.cpp own_format
[[noreturn]] inline void throw_at_byte(const std::string& file, index_t byte, const std::string& what) {
    throw format_error(file + ": byte " + std::to_string(byte) + ": " + what);
}

/// How reading a number ended.
enum class NumberStatus { ok, malformed, out_of_range };

namespace detail {

/// a * b, or false when it does not fit. Both are at least 0.
constexpr bool checked_multiply(index_t a, index_t b, index_t& product) {
    if (a != 0 && b > std::numeric_limits<index_t>::max() / a) return false;
    product = a * b;
    return true;
}

constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// Whether a well-formed decimal number that does not fit its type is too small rather than too large: the sign of
/// its decimal exponent once it is written as 0.d1d2d3... * 10^e with d1 != 0.
inline bool is_tiny(std::string_view text) {
    constexpr index_t cap = index_t{1} << 40;
    index_t exponent = 0;
    bool seen_point = false;
    bool seen_nonzero = false;
    std::size_t i = 0;
    for (; i < text.size() && text[i] != 'e' && text[i] != 'E'; ++i) {
        if (text[i] == '.') seen_point = true;
        if (!is_digit(text[i])) continue;
        seen_nonzero = seen_nonzero || text[i] != '0';
        if (seen_nonzero && !seen_point) ++exponent;
        if (!seen_nonzero && seen_point) --exponent;
    }
    if (i < text.size()) {
        ++i;
        const bool negative = i < text.size() && text[i] == '-';
        index_t written = 0;
        for (; i < text.size(); ++i) {
            if (is_digit(text[i]) && written < cap) written = 10 * written + (text[i] - '0');
        }
        exponent += negative ? -written : written;
    }
    return exponent < 0;
}

}  // namespace detail

/// Reads all of `text` as one number: decimal, with an optional sign; for floating T also inf, infinity and nan.
/// Correctly rounded; what is too small for T becomes a zero of its sign, what is too large is out_of_range.
/// `value` is unchanged unless the result is ok. No spaces, no hexadecimal, no thousands, whatever the locale.
/// @snippet tables.cpp own_format
template <class T>
NumberStatus parse_number(std::string_view text, T& value) {
    if (text.size() > 1 && text[0] == '+' && text[1] != '-' && text[1] != '+') text.remove_prefix(1);
    T parsed{};
    const char* const end = text.data() + text.size();
    const auto result = std::from_chars(text.data(), end, parsed);
    if (result.ptr != end || result.ec == std::errc::invalid_argument) return NumberStatus::malformed;
    if (result.ec == std::errc::result_out_of_range) {
        if constexpr (std::is_floating_point_v<T>) {
            if (detail::is_tiny(text)) {
                value = text[0] == '-' ? -T{0} : T{0};
                return NumberStatus::ok;
            }
        }
        return NumberStatus::out_of_range;
    }
    value = parsed;
    return NumberStatus::ok;
}

/// A number of type T that fills `text`, or format_error at that line: "<what>: expected a number, found 'x'".
/// @snippet tables.cpp own_format
template <class T>
T number_at(std::string_view text, const std::string& file, index_t line, const std::string& what) {
    T value{};
    const NumberStatus status = parse_number(text, value);
    if (status == NumberStatus::ok) return value;
    const char* expected = std::is_floating_point_v<T> ? "a number" : "a whole number";
    if (status == NumberStatus::out_of_range) {
        throw_at_line(file, line, what + ": " + in_quotes(text) + " is out of the range of its type");
    }
    throw_at_line(file, line, what + ": expected " + expected + ", found " + in_quotes(text));
}

/// Appends the shortest text that reads back as the same value (a NaN reads back as a NaN, without its payload).
/// @snippet tables.cpp own_format
template <class T>
void append_number(std::string& out, T value) {
    char digits[64];
    if constexpr (std::same_as<T, bool>) {
        out += value ? '1' : '0';
    } else {
        const auto result = std::to_chars(digits, digits + sizeof digits, value);
        out.append(digits, result.ptr);
    }
}

/// Without the spaces and tabs at both ends.
/// @snippet tables.cpp own_format
constexpr std::string_view trimmed(std::string_view text) {
    while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
    while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
    return text;
}

/// Checks that the bytes are text and drops a UTF-8 byte order mark: format_error for UTF-16 and for zero bytes, which
/// mean that the file is something else.
/// @snippet tables.cpp own_format
inline std::string_view plain_text(std::string_view bytes, const std::string& file) {
    if (bytes.starts_with("\xff\xfe") || bytes.starts_with("\xfe\xff")) {
        throw_at_line(file, 1, "the text is UTF-16; expected UTF-8 or ASCII");
    }
    if (const auto zero = bytes.find('\0'); zero != std::string_view::npos) {
        index_t line = 1;
        for (const char c : bytes.substr(0, zero)) line += c == '\n';
        throw_at_line(file, line, "a zero byte; expected text");
    }
    if (bytes.starts_with("\xef\xbb\xbf")) bytes.remove_prefix(3);
    return bytes;
}

/// The lines of a text, without LF or CR LF. A last line may lack its end.
/// @snippet tables.cpp own_format
class Lines {
public:
    explicit Lines(std::string_view text) : rest_(text) {}

    /// The next line; false at the end.
    bool next(std::string_view& line) {
        if (rest_.empty()) return false;
        const auto end = rest_.find('\n');
        line = rest_.substr(0, end);
        rest_.remove_prefix(end == std::string_view::npos ? rest_.size() : end + 1);
        if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
        ++number_;
        return true;
    }
    /// The number of the line that `next` gave last; the first is 1.
    [[nodiscard]] index_t number() const noexcept { return number_; }
    /// What is not read yet.
    [[nodiscard]] std::string_view rest() const noexcept { return rest_; }

private:
    std::string_view rest_;
    index_t number_ = 0;
};

}  // namespace gram::io::inline GRAM_ISA
