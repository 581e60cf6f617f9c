/// Tables as text: numbers separated by commas (or another character), with an optional line of names.
#pragma once

#include <string>
#include <vector>

#include "gram/io/elements.hpp"
#include "gram/io/text.hpp"

namespace gram::io::inline GRAM_ISA {

/// How load_csv reads.
struct CsvOptions {
    /// One character between fields. With ' ' any run of spaces and tabs separates.
    char separator = ',';
    /// The first line holds names, not numbers.
    bool header = false;
    /// The columns to read, from 0, in this order; none means all. Other columns may hold any text.
    std::vector<index_t> columns = {};
    /// Texts that stand for a missing number and become NaN: `{"", "NA", "?"}`. None: an empty field is an error.
    std::vector<std::string> missing = {};
};

/// How save_csv writes.
struct CsvSaveOptions {
    char separator = ',';
    /// Names of the columns for a first line; none means no such line.
    std::vector<std::string> names = {};
};

/// Numbers with the names of their columns (none without CsvOptions::header).
template <class T>
struct CsvTable {
    std::vector<std::string> names;
    Matrix<T> values;
};

/// A table of text.
struct CsvText {
    std::vector<std::string> names;
    std::vector<std::vector<std::string>> rows;
};

namespace detail {

/// A field as it stands in the file; in quotes, doubled quotes are not yet undone.
struct CsvField {
    std::string_view raw;
    bool quoted = false;

    [[nodiscard]] std::string text() const {
        std::string out;
        for (std::size_t i = 0; i < raw.size(); ++i) {
            out += raw[i];
            if (quoted && raw[i] == '"') ++i;
        }
        return out;
    }
};

/// Splits a text into records of fields: RFC 4180 with LF or CR LF, quotes where a field needs them.
class CsvReader {
public:
    CsvReader(std::string_view text, const std::string& file, std::string_view separator)
        : text_(text), file_(file), separator_(separator), blanks_(separator == " ") {
        if (separator.find_first_of("\"\r\n") != std::string_view::npos || separator.front() == '\0') {
            throw std::invalid_argument("csv: the separator must not be a quote, a line end or zero");
        }
    }

    /// The next record; false when nothing but empty lines is left. An empty line before a record is a format_error.
    bool next(std::vector<CsvField>& fields) {
        fields.clear();
        line_ = next_line_;
        if (text_.find_first_not_of("\r\n", at_) == std::string_view::npos) return false;
        if (text_[at_] == '\n' || text_.substr(at_, 2) == "\r\n") throw_at_line(file_, line_, "an empty line");
        bool more = true;
        while (more) {
            if (blanks_) skip_blanks();
            fields.push_back(at_ < text_.size() && text_[at_] == '"' ? quoted_field() : plain_field());
            more = end_field();
        }
        ++next_line_;
        return true;
    }
    /// The line where the record that `next` gave last begins.
    [[nodiscard]] index_t line() const noexcept { return line_; }

private:
    void skip_blanks() {
        while (at_ < text_.size() && (text_[at_] == ' ' || text_[at_] == '\t')) ++at_;
    }
    [[nodiscard]] bool at_separator() const {
        return blanks_ ? text_[at_] == ' ' || text_[at_] == '\t' : text_.substr(at_).starts_with(separator_);
    }
    CsvField plain_field() {
        const std::size_t first = at_;
        while (at_ < text_.size() && text_[at_] != '\n' && text_[at_] != '\r' && !at_separator()) ++at_;
        return {trimmed(text_.substr(first, at_ - first)), false};
    }
    CsvField quoted_field() {
        const std::size_t first = ++at_;
        const index_t opened = next_line_;
        for (; at_ < text_.size(); ++at_) {
            if (text_[at_] == '\n') ++next_line_;
            if (text_[at_] != '"') continue;
            if (at_ + 1 == text_.size() || text_[at_ + 1] != '"') return {text_.substr(first, at_++ - first), true};
            ++at_;
        }
        throw_at_line(file_, opened, "a quote that is never closed");
    }
    /// Moves past what follows a field; true when another field of the same record follows.
    bool end_field() {
        if (blanks_) skip_blanks();
        if (at_ == text_.size()) return false;
        if (text_[at_] == '\n') {
            ++at_;
            return false;
        }
        if (text_[at_] == '\r') {
            if (text_.substr(at_, 2) != "\r\n") {
                throw_at_line(file_, next_line_, "a carriage return without a line feed; expected LF or CR LF");
            }
            at_ += 2;
            return false;
        }
        if (blanks_) return true;
        if (!at_separator()) throw_at_line(file_, next_line_, "text after a closing quote; expected a separator");
        at_ += separator_.size();
        return true;
    }

    std::string_view text_;
    const std::string& file_;
    std::string_view separator_;
    bool blanks_;
    std::size_t at_ = 0;
    index_t line_ = 0;
    index_t next_line_ = 1;
};

inline std::vector<std::string> csv_names(const std::vector<CsvField>& fields, const std::vector<index_t>& columns) {
    std::vector<std::string> names;
    for (const index_t j : columns) names.push_back(fields[static_cast<std::size_t>(j)].text());
    return names;
}

/// The columns to read of a table `width` wide: all of them when none are asked for.
inline std::vector<index_t> csv_columns(const CsvOptions& options, index_t width, const std::string& file) {
    std::vector<index_t> columns = options.columns;
    if (columns.empty()) {
        for (index_t j = 0; j < width; ++j) columns.push_back(j);
    }
    for (const index_t j : columns) {
        if (j >= 0 && j < width) continue;
        throw std::out_of_range(file + ": column " + std::to_string(j) + " of " + std::to_string(width));
    }
    return columns;
}

/// Calls on_names(fields, columns) for a header and on_row(fields, columns, line) for each record; all records have as
/// many fields as the first.
template <class OnNames, class OnRow>
void read_csv(std::string_view text, const std::string& file, const CsvOptions& options, OnNames on_names,
              OnRow on_row) {
    CsvReader reader(text, file, std::string_view(&options.separator, 1));
    std::vector<CsvField> fields;
    if (!reader.next(fields)) throw format_error(file + ":1: an empty file; expected a table");
    const std::size_t width = fields.size();
    const std::vector<index_t> columns = csv_columns(options, static_cast<index_t>(width), file);
    if (options.header) on_names(fields, columns);
    for (bool more = options.header ? reader.next(fields) : true; more; more = reader.next(fields)) {
        if (fields.size() != width) {
            throw_at_line(file, reader.line(),
                          std::to_string(fields.size()) + " fields; the first line has " + std::to_string(width));
        }
        on_row(fields, columns, reader.line());
    }
}

/// Whether a field is one of the texts for what is missing; the value is then NaN.
template <class T>
bool csv_missing([[maybe_unused]] const CsvOptions& options, [[maybe_unused]] std::string_view field,
                 [[maybe_unused]] T& value) {
    if constexpr (std::is_floating_point_v<T>) {
        for (const std::string& text : options.missing) {
            if (field != text) continue;
            value = std::numeric_limits<T>::quiet_NaN();
            return true;
        }
    }
    return false;
}

/// A name as a field: in quotes where it must be.
inline void append_csv_text(std::string& out, const std::string& text, char separator) {
    const bool blank =
        text.empty() || text.front() == ' ' || text.back() == ' ' || text.find('\t') != std::string::npos;
    if (!blank && text.find_first_of("\"\r\n") == std::string::npos && text.find(separator) == std::string::npos) {
        out += text;
        return;
    }
    out += '"';
    for (const char c : text) out.append(c == '"' ? 2 : 1, c);
    out += '"';
}

}  // namespace detail

/// The numbers of a csv file and, with CsvOptions::header, the names of their columns.
///
/// Every line has as many fields as the first; a field is one number (spaces around it and quotes are allowed; nan and
/// inf are numbers). LF or CR LF; a byte order mark is skipped; empty lines only at the end. The locale has no effect.
/// What CsvOptions::missing lists becomes NaN; integers have none, so there it stays an error.
/// Errors: io_error; format_error with the line for ragged rows, empty fields, text, numbers out of range, zero bytes;
/// std::out_of_range for a column that is not there.
/// @snippet files.cpp csv
template <class T>
CsvTable<T> load_csv_table(const Path& path, const CsvOptions& options = {}) {
    const std::string bytes = read_file(path);
    const std::string& file = path.text();
    CsvTable<T> table;
    std::vector<T> values;
    index_t rows = 0, cols = 0;
    detail::read_csv(
        plain_text(bytes, file), file, options,
        [&](const auto& fields, const auto& columns) {
            table.names = detail::csv_names(fields, columns);
            cols = static_cast<index_t>(columns.size());
        },
        [&](const auto& fields, const auto& columns, index_t line) {
            for (const index_t j : columns) {
                const std::string_view field = trimmed(fields[static_cast<std::size_t>(j)].raw);
                T value{};
                if (!detail::csv_missing(options, field, value) && parse_number(field, value) != NumberStatus::ok) {
                    if (field.empty()) throw_at_line(file, line, "field " + std::to_string(j + 1) + " is empty");
                    (void)number_at<T>(field, file, line, "field " + std::to_string(j + 1));  // throws
                }
                values.push_back(value);
            }
            cols = static_cast<index_t>(columns.size());
            ++rows;
        });
    table.values = Matrix<T>(rows, cols, uninitialized);
    std::copy(values.begin(), values.end(), table.values.begin());
    return table;
}

/// The numbers of a csv file as a matrix, a line in each row; see load_csv_table.
/// @snippet files.cpp csv
template <class T>
Matrix<T> load_csv(const Path& path, const CsvOptions& options = {}) {
    return load_csv_table<T>(path, options).values;
}

/// The fields of a csv file as text: quotes undone, spaces around unquoted fields dropped. Errors as load_csv_table.
/// @snippet files.cpp csv
inline CsvText load_csv_text(const Path& path, const CsvOptions& options = {}) {
    const std::string bytes = read_file(path);
    CsvText table;
    detail::read_csv(
        plain_text(bytes, path.text()), path.text(), options,
        [&](const auto& fields, const auto& columns) { table.names = detail::csv_names(fields, columns); },
        [&](const auto& fields, const auto& columns, index_t) {
            table.rows.push_back(detail::csv_names(fields, columns));
        });
    return table;
}

/// Writes an expression, a row a line, each number with the fewest digits that read back as the same value (of a NaN
/// only that it is one). The file is replaced atomically. Errors: io_error; shape_error when there are no columns, or
/// no rows and no names (such a file could not be read back), or the number of names is not that of the columns.
/// @snippet files.cpp csv
template <MatrixExpr E>
void save_csv(const Path& path, const E& expression, const CsvSaveOptions& options = {}) {
    const auto& values = detail::in_memory(expression);
    const index_t named = static_cast<index_t>(options.names.size());
    if (values.cols() == 0 || (values.rows() == 0 && named == 0)) {
        throw shape_error("save_csv: a csv file cannot hold a matrix of shape " +
                          shape_text(values.rows(), values.cols()));
    }
    if (named != 0 && named != values.cols())
        throw_shape("save_csv: names", 1, named, "over", values.rows(), values.cols());
    AtomicFile file(path);
    std::string line;
    for (const std::string& name : options.names) {
        if (&name != &options.names.front()) line += options.separator;
        detail::append_csv_text(line, name, options.separator);
    }
    if (named != 0) file.write(line + "\n");
    for (index_t i = 0; i < values.rows(); ++i) {
        line.clear();
        for (index_t j = 0; j < values.cols(); ++j) {
            if (j > 0) line += options.separator;
            append_number(line, values(i, j));
        }
        line += '\n';
        file.write(line);
    }
    file.commit();
}

}  // namespace gram::io::inline GRAM_ISA
