/// Words and vectors while they are read from a file: rows as they come, duplicates and ragged rows refused.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "gram/embed/embeddings.hpp"
#include "gram/io/text.hpp"

namespace gram::embed::inline GRAM_ISA {

/// What a loader does with a word that stands twice.
enum class DuplicateWords { refuse, keep_first };

/// How word vectors are read.
struct WordVectorOptions {
    DuplicateWords duplicates = DuplicateWords::refuse;
    /// Reads the first `limit` words only (files are sorted by frequency); dynamic (-1) reads all.
    index_t limit = dynamic;
    /// In text, all before the last d fields is the word, spaces included (some GloVe files have such words).
    bool spaces_in_words = false;
    /// The count in the first line of a word2vec file may be wrong, as in some that are published: all words are read.
    bool count_is_hint = false;
};

namespace detail {

inline constexpr index_t max_word_bytes = index_t{1} << 16;

inline bool is_blank(char c) { return c == ' ' || c == '\t'; }

/// Takes the last field off a line; an empty one when there is none.
inline std::string_view take_last_field(std::string_view& line) {
    while (!line.empty() && is_blank(line.back())) line.remove_suffix(1);
    std::size_t first = line.size();
    while (first > 0 && !is_blank(line[first - 1])) --first;
    const std::string_view field = line.substr(first);
    line.remove_suffix(field.size());
    return field;
}
inline index_t count_fields(std::string_view line) {
    index_t count = 0;
    while (!take_last_field(line).empty()) ++count;
    return count;
}

/// Splits "word x1 ... xd" into the word and on_number(j, field) for j = d-1 ... 0; format_error for any other number
/// of fields, an empty word, or one above 64 KiB.
template <class OnNumber>
std::string_view split_word_line(std::string_view line, index_t dimension, const std::string& file, index_t number,
                                 const WordVectorOptions& options, OnNumber on_number) {
    std::string_view rest = line;
    const auto ragged = [&] {
        io::throw_at_line(file, number,
                          std::to_string(count_fields(line)) + " fields; expected a word and " +
                              std::to_string(dimension) + " numbers");
    };
    for (index_t j = dimension; j-- > 0;) {
        const std::string_view field = take_last_field(rest);
        if (field.empty()) ragged();
        on_number(j, field);
    }
    if (!rest.empty()) rest.remove_suffix(1);  // the separator
    if (!options.spaces_in_words) rest = io::trimmed(rest);
    if (rest.empty() || io::trimmed(rest).empty()) ragged();
    if (!options.spaces_in_words && rest.find_first_of(" \t") != std::string_view::npos) ragged();
    if (static_cast<index_t>(rest.size()) > max_word_bytes) io::throw_at_line(file, number, "a word above 64 KiB");
    return rest;
}

/// Collects rows. Memory is taken once, for `rows` rows of the given dimension: the caller has checked both against
/// the size of the file.
template <class T>
class WordTable {
public:
    WordTable(index_t rows, index_t dimension, const std::string& file, const WordVectorOptions& options)
        : file_(file),
          options_(options),
          most_(options.limit == dynamic ? rows : std::min(rows, options.limit)),
          vectors_(std::max(most_, index_t{0}), dimension, uninitialized) {
        words_.reserve(static_cast<std::size_t>(vectors_.rows()));
    }

    /// As many words as the options ask for have been read.
    [[nodiscard]] bool full() const { return options_.limit != dynamic && size() >= most_; }

    /// Adds a line of text.
    void add_line(std::string_view line, index_t number) {
        T* row = vectors_.data() + size() * vectors_.cols();
        const std::string_view word =
            split_word_line(line, vectors_.cols(), file_, number, options_, [&](index_t j, std::string_view field) {
                if (io::parse_number(field, row[j]) == io::NumberStatus::ok) return;
                (void)io::number_at<T>(field, file_, number, "number " + std::to_string(j + 1));  // throws
            });
        (void)accept(word, number, "line");
    }
    /// Adds a word and its floats, which begin at a byte of the file.
    void add(const std::string& word, const float* vector, index_t byte) {
        if (word.empty()) io::throw_at_byte(file_, byte, "an empty word");
        if (word.find_first_of(std::string_view("\n\0", 2)) != std::string::npos) {
            io::throw_at_byte(file_, byte, "the word " + io::in_quotes(word) + " holds a line end or a zero byte");
        }
        T* row = vectors_.data() + size() * vectors_.cols();
        if (accept(word, byte, "byte"))
            std::transform(vector, vector + vectors_.cols(), row, [](float x) { return static_cast<T>(x); });
    }

    Embeddings<T> finish() && {
        if (size() < vectors_.rows()) vectors_ = Matrix<T>(vectors_.block(0, 0, size(), vectors_.cols()));
        return {std::move(words_), std::move(vectors_)};
    }

private:
    [[nodiscard]] index_t size() const { return static_cast<index_t>(words_.size()); }

    /// False for a duplicate that the options drop.
    bool accept(std::string_view word, index_t place, const char* unit) {
        const auto [first, is_new] = places_.try_emplace(std::string(word), place);
        if (is_new) {
            words_.emplace_back(word);
            return true;
        }
        if (options_.duplicates == DuplicateWords::keep_first) return false;
        const std::string what = "the word " + io::in_quotes(word) + " stands twice, at " + unit + " " +
                                 std::to_string(first->second) + " and " + unit + " " + std::to_string(place);
        if (unit[0] == 'b') io::throw_at_byte(file_, place, what);
        io::throw_at_line(file_, place, what);
    }

    const std::string& file_;
    const WordVectorOptions& options_;
    index_t most_;
    Matrix<T> vectors_;
    std::vector<std::string> words_;
    std::unordered_map<std::string, index_t> places_;
};

/// The dimension of GloVe text: one less than the fields of its first line.
inline index_t glove_dimension(std::string_view text, const std::string& file) {
    const std::string_view line = text.substr(0, text.find('\n'));
    const index_t fields = count_fields(line.ends_with('\r') ? line.substr(0, line.size() - 1) : line);
    if (fields < 2) io::throw_at_line(file, 1, io::in_quotes(line) + "; expected a word and its numbers");
    return fields - 1;
}

/// Finds the first line that has not the word and numbers it should; the caller knows that there is one.
[[noreturn]] inline void refuse_ragged_line(io::Lines& lines, index_t dimension, const std::string& file,
                                            const WordVectorOptions& options) {
    std::string_view line;
    while (lines.next(line)) split_word_line(line, dimension, file, lines.number(), options, [](index_t, auto) {});
    io::throw_at_line(file, lines.number(), "lines too short for " + std::to_string(dimension) + " numbers each");
}

/// A binary file read through a buffer.
class ByteReader {
public:
    explicit ByteReader(const io::Path& path) : file_(path), buffer_(std::size_t{1} << 18, '\0') {}

    [[nodiscard]] const std::string& name() const { return file_.name(); }
    [[nodiscard]] index_t left() const { return file_.left() + (end_ - next_); }
    [[nodiscard]] index_t position() const { return file_.position() - (end_ - next_); }

    /// Skips one byte if it is `c`.
    bool accept(char c) {
        if (!fill() || buffer_[static_cast<std::size_t>(next_)] != c) return false;
        ++next_;
        return true;
    }
    /// The bytes before the next `stop`, which is skipped; format_error when there is none within `limit` bytes.
    std::string until(char stop, index_t limit, const char* expected) {
        const index_t at = position();
        std::string out;
        while (fill()) {
            const char c = buffer_[static_cast<std::size_t>(next_++)];
            if (c == stop) return out;
            if (static_cast<index_t>(out.size()) == limit) {
                io::throw_at_byte(name(), at,
                                  std::string("expected ") + expected + " within " + std::to_string(limit) + " bytes");
            }
            out += c;
        }
        io::throw_at_byte(name(), at, std::string("the file ends; expected ") + expected);
    }
    /// `count` little-endian floats.
    void floats(float* out, index_t count) {
        if (left() < 4 * count) {
            io::throw_at_byte(name(), position(),
                              "the file ends; expected " + std::to_string(count) + " floats of 4 bytes");
        }
        auto* bytes = reinterpret_cast<unsigned char*>(out);
        for (index_t done = 0; done < 4 * count;) {
            (void)fill();
            const index_t n = std::min(end_ - next_, 4 * count - done);
            std::memcpy(bytes + done, buffer_.data() + next_, static_cast<std::size_t>(n));
            next_ += n;
            done += n;
        }
        for (index_t i = 0; i < count; ++i) {  // no change where floats are little-endian
            const unsigned char* b = bytes + 4 * i;
            out[i] =
                std::bit_cast<float>(static_cast<std::uint32_t>(b[0]) | static_cast<std::uint32_t>(b[1]) << 8 |
                                     static_cast<std::uint32_t>(b[2]) << 16 | static_cast<std::uint32_t>(b[3]) << 24);
        }
    }

private:
    /// Makes sure that the buffer holds a byte; false at the end of the file.
    bool fill() {
        if (next_ < end_) return true;
        end_ = std::min(static_cast<index_t>(buffer_.size()), file_.left());
        next_ = 0;
        file_.read(buffer_.data(), end_);
        return end_ > 0;
    }

    io::InputFile file_;
    std::string buffer_;
    index_t next_ = 0;  // the unread bytes of the buffer are [next_, end_)
    index_t end_ = 0;
};

/// The word itself; std::invalid_argument when no loader could read it back.
inline const std::string& writable_word(const std::string& word) {
    if (word.empty() || word.find_first_of(std::string_view(" \t\r\n\0", 5)) != std::string::npos) {
        throw std::invalid_argument("the word " + io::in_quotes(word) +
                                    " cannot be written: it is empty or holds a space");
    }
    return word;
}

/// A line "word x1 ... xd" for each word.
template <class T>
void write_word_lines(io::AtomicFile& file, const Embeddings<T>& words) {
    std::string line;
    for (index_t i = 0; i < words.size(); ++i) {
        line = writable_word(words.words()[static_cast<std::size_t>(i)]);
        for (index_t j = 0; j < words.dimension(); ++j) {
            line += ' ';
            io::append_number(line, words.vectors()(i, j));
        }
        line += '\n';
        file.write(line);
    }
}

}  // namespace detail
}  // namespace gram::embed::inline GRAM_ISA
