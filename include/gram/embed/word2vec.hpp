/// Files of word vectors: word2vec text and binary, and GloVe text.
///
/// word2vec text: a line "count dimension", then a line "word x1 ... xd" for each word. GloVe: the same without the
/// first line. word2vec binary: the first line, then for each word the word, a space, d little-endian floats and, in
/// some writers' files, a line feed. Words are bytes: nothing is assumed about their encoding.
#pragma once

#include <bit>
#include <utility>

#include "gram/embed/embeddings.hpp"
#include "gram/embed/word_table.hpp"

namespace gram::embed::inline GRAM_ISA {
namespace detail {

/// The "count dimension" line of a word2vec file, checked against the bytes that follow: each word takes at least
/// `row_bytes(dimension)` of them.
struct Word2VecHeader {
    index_t count = 0;
    index_t dimension = 0;
};

template <class RowBytes>
Word2VecHeader parse_word2vec_header(std::string_view line, index_t bytes_left, const std::string& file,
                                     RowBytes row_bytes) {
    Word2VecHeader header;
    line = io::trimmed(line);
    const std::size_t space = line.find_first_of(" \t");
    const std::string_view second = space == std::string_view::npos ? "" : io::trimmed(line.substr(space));
    if (io::parse_number(line.substr(0, space), header.count) != io::NumberStatus::ok || header.count < 0 ||
        io::parse_number(second, header.dimension) != io::NumberStatus::ok || header.dimension < 1) {
        io::throw_at_line(
            file, 1, io::in_quotes(line) + "; expected 'count dimension' (GloVe text has no such line: load_glove)");
    }
    // The last word may lack its line end.
    if (header.dimension > bytes_left + 1 || header.count > (bytes_left + 1) / row_bytes(header.dimension)) {
        if (header.count == 0) return header;
        io::throw_at_line(file, 1,
                          io::in_quotes(line) + " promises more than the " + std::to_string(bytes_left) +
                              " bytes that follow can hold");
    }
    return header;
}

/// Reads the lines that are left into a table with room for `rows` of them.
template <class T>
Embeddings<T> read_word_lines(io::Lines& lines, index_t rows, index_t dimension, const std::string& file,
                              const WordVectorOptions& options, bool exact_count) {
    WordTable<T> table(rows, dimension, file, options);
    std::string_view line;
    index_t seen = 0;
    while (!table.full() && lines.next(line)) {
        if (line.empty() && lines.rest().find_first_not_of("\r\n") == std::string_view::npos) break;
        if (seen == rows) io::throw_at_line(file, lines.number(), "a word more than the first line promises");
        table.add_line(line, lines.number());
        ++seen;
    }
    if (exact_count && !table.full() && seen != rows) {
        io::throw_at_line(file, lines.number(),
                          "the file ends after " + std::to_string(seen) + " of " + std::to_string(rows) + " words");
    }
    return std::move(table).finish();
}

}  // namespace detail

/// Reads word2vec text. The promised count must be that of the lines, and is checked against the size of the file
/// before memory is taken.
/// Errors: io_error; format_error with the line for a wrong header, a row of another length, what is not a number, an
/// empty word, or a word that stands twice (unless WordVectorOptions says otherwise).
/// @snippet models.cpp word_files
template <class T>
Embeddings<T> load_word2vec_text(const io::Path& path, const WordVectorOptions& options = {}) {
    const std::string bytes = io::read_file(path);
    io::Lines lines(io::plain_text(bytes, path.text()));
    std::string_view line;
    if (!lines.next(line)) throw format_error(path.text() + ":1: an empty file; expected 'count dimension'");
    const auto header = detail::parse_word2vec_header(line, static_cast<index_t>(lines.rest().size()), path.text(),
                                                      [](index_t d) { return 2 * d + 2; });
    return detail::read_word_lines<T>(lines, header.count, header.dimension, path.text(), options, true);
}

/// Reads GloVe text: the first line decides the dimension. Errors as load_word2vec_text.
/// @snippet models.cpp word_files
template <class T>
Embeddings<T> load_glove(const io::Path& path, const WordVectorOptions& options = {}) {
    const std::string bytes = io::read_file(path);
    const std::string_view text = io::plain_text(bytes, path.text());
    const index_t dimension = detail::glove_dimension(text, path.text());
    const auto rows = static_cast<index_t>(std::count(text.begin(), text.end(), '\n')) + (text.ends_with('\n') ? 0 : 1);
    // A word with its line end takes 2 d + 2 bytes at least: where the lines are too short for that, one of them is
    // ragged and will be found without memory for all.
    const bool plausible = rows <= (static_cast<index_t>(text.size()) + 1) / (2 * dimension + 2);
    io::Lines lines(text);
    if (plausible) return detail::read_word_lines<T>(lines, rows, dimension, path.text(), options, false);
    detail::refuse_ragged_line(lines, dimension, path.text(), options);
}

/// Reads word2vec binary, with or without a line feed after each vector. Vectors are read piece by piece; the promised
/// count is checked against the size of the file before memory is taken.
/// Errors: io_error; format_error with the byte for a wrong header, a file that ends early or goes on, an empty word, a
/// word above 64 KiB, or a word that stands twice (unless WordVectorOptions says otherwise).
/// @snippet models.cpp word_files
template <class T>
Embeddings<T> load_word2vec_binary(const io::Path& path, const WordVectorOptions& options = {}) {
    detail::ByteReader reader(path);
    const std::string line = reader.until('\n', 64, "the line 'count dimension'");
    const auto header =
        detail::parse_word2vec_header(line, reader.left(), reader.name(), [](index_t d) { return 4 * d + 2; });
    detail::WordTable<T> table(header.count, header.dimension, reader.name(), options);
    std::vector<float> vector(static_cast<std::size_t>(header.dimension));
    for (index_t i = 0; i < header.count && !table.full(); ++i) {
        (void)reader.accept('\n');
        const index_t at = reader.position();
        const std::string word = reader.until(' ', detail::max_word_bytes, "a word and a space");
        reader.floats(vector.data(), header.dimension);
        table.add(word, vector.data(), at);
    }
    if (!table.full()) {
        (void)reader.accept('\n');
        if (reader.left() != 0)
            io::throw_at_byte(reader.name(), reader.position(), "expected the end of the file after the last word");
    }
    return std::move(table).finish();
}

/// Writes word2vec text; numbers have the fewest digits that read back as the same value. The file is replaced
/// atomically. Errors: io_error; std::invalid_argument for a word that could not be read back (empty, or with a space,
/// a tab, a line end or a zero byte).
/// @snippet models.cpp word_files
template <class T>
void save_word2vec_text(const Embeddings<T>& words, const io::Path& path) {
    io::AtomicFile file(path);
    file.write(std::to_string(words.size()) + " " + std::to_string(words.dimension()) + "\n");
    detail::write_word_lines(file, words);
    file.commit();
}

/// Writes GloVe text: as save_word2vec_text without the first line. Errors also: shape_error for no words.
/// @snippet models.cpp word_files
template <class T>
void save_glove(const Embeddings<T>& words, const io::Path& path) {
    if (words.size() == 0) throw shape_error("save_glove: no words; such a file could not be read back");
    io::AtomicFile file(path);
    detail::write_word_lines(file, words);
    file.commit();
}

/// Writes word2vec binary with a line feed after each vector; doubles are rounded to float, as the format has nothing
/// else. Errors as save_word2vec_text.
/// @snippet models.cpp word_files
template <class T>
void save_word2vec_binary(const Embeddings<T>& words, const io::Path& path) {
    io::AtomicFile file(path);
    file.write(std::to_string(words.size()) + " " + std::to_string(words.dimension()) + "\n");
    std::string row;
    for (index_t i = 0; i < words.size(); ++i) {
        row = detail::writable_word(words.words()[static_cast<std::size_t>(i)]) + " ";
        for (index_t j = 0; j < words.dimension(); ++j) {
            const auto bits = std::bit_cast<std::uint32_t>(static_cast<float>(words.vectors()(i, j)));
            for (int shift = 0; shift < 32; shift += 8) row += static_cast<char>(bits >> shift & 255u);
        }
        file.write(row + "\n");
    }
    file.commit();
}

}  // namespace gram::embed::inline GRAM_ISA
