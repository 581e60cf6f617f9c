/// Ratings as text: user, item, value a line, separated by tabs, commas or `::` as the MovieLens editions are.
#pragma once

#include <algorithm>
#include <limits>
#include <string>
#include <unordered_map>
#include <vector>

#include "gram/io/csv.hpp"

namespace gram::io::inline GRAM_ISA {

/// What load_ratings refuses, each by its line.
struct RatingsOptions {
    double lowest = -std::numeric_limits<double>::infinity();
    double highest = std::numeric_limits<double>::infinity();
};

/// Ratings in the order of the file. Users and items are numbered from 0 in the order of their first appearance;
/// `user_ids[user[r]]` is what the file calls the user of rating r.
struct RatingsFile {
    std::vector<std::string> user_ids;
    std::vector<std::string> item_ids;
    std::vector<index_t> user;
    std::vector<index_t> item;
    std::vector<double> value;

    [[nodiscard]] index_t size() const noexcept { return static_cast<index_t>(value.size()); }
};

namespace detail {

/// Numbers names from 0 in the order in which they come.
class Numbering {
public:
    explicit Numbering(std::vector<std::string>& names) : names_(names) {}

    index_t operator()(const CsvField& field) {
        const auto [found, is_new] = numbers_.try_emplace(field.raw, static_cast<index_t>(names_.size()));
        if (is_new) names_.push_back(field.text());
        return found->second;
    }

private:
    std::unordered_map<std::string_view, index_t> numbers_;  // into the text of the file
    std::vector<std::string>& names_;
};

/// The separator that the first line uses.
inline std::string_view ratings_separator(std::string_view text, const std::string& file) {
    const std::string_view line = text.substr(0, text.find('\n'));
    for (const std::string_view separator : {"::", "\t", ",", ";"}) {
        if (line.find(separator) != std::string_view::npos) return separator;
    }
    throw_at_line(file, 1,
                  in_quotes(line) + "; expected user, item and rating between tabs, commas, semicolons or '::'");
}

/// Refuses a user who rates an item twice; names both lines. Cost: O(n log m) for m ratings of one user.
inline void refuse_duplicates(const RatingsFile& ratings, const std::vector<index_t>& lines, const std::string& file) {
    const std::size_t n = ratings.value.size();
    std::vector<std::size_t> start(ratings.user_ids.size() + 1, 0), by_user(n);
    for (const index_t u : ratings.user) ++start[static_cast<std::size_t>(u) + 1];
    for (std::size_t u = 1; u < start.size(); ++u) start[u] += start[u - 1];
    std::vector<std::size_t> next(start.begin(), start.end() - 1);
    for (std::size_t r = 0; r < n; ++r) by_user[next[static_cast<std::size_t>(ratings.user[r])]++] = r;
    for (std::size_t u = 0; u + 1 < start.size(); ++u) {
        const auto first = by_user.begin() + static_cast<index_t>(start[u]);
        const auto last = by_user.begin() + static_cast<index_t>(start[u + 1]);
        std::sort(first, last, [&](std::size_t a, std::size_t b) {
            return ratings.item[a] != ratings.item[b] ? ratings.item[a] < ratings.item[b] : a < b;
        });
        const auto twin = std::adjacent_find(
            first, last, [&](std::size_t a, std::size_t b) { return ratings.item[a] == ratings.item[b]; });
        if (twin == last) continue;
        throw_at_line(file, lines[*(twin + 1)],
                      "user " + in_quotes(ratings.user_ids[u]) + " rates item " +
                          in_quotes(ratings.item_ids[static_cast<std::size_t>(ratings.item[*twin])]) +
                          " again; first on line " + std::to_string(lines[*twin]));
    }
}

/// Whether a first record names its columns: its third field begins with a letter and is not a number (as nan is).
inline bool is_ratings_header(const std::vector<CsvField>& fields) {
    double value = 0;
    if (fields.size() < 3 || fields[2].raw.empty()) return false;
    const char c = fields[2].raw[0];
    const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    return letter && parse_number(fields[2].raw, value) == NumberStatus::malformed;
}

}  // namespace detail

/// Reads ratings: `user<sep>item<sep>rating`, further fields (a timestamp) ignored. The first line decides between
/// `::`, tab, comma and semicolon, and is skipped when it names its columns (MovieLens' ratings.csv).
///
/// Ids are any text and never used as indices. Errors: io_error; format_error with the line for a missing or ragged
/// field, an empty id, a rating that is not a finite number within the options' range, or a (user, item) pair that
/// stands twice. Cost: O(n log n), the file in memory once.
/// @snippet files.cpp ratings
inline RatingsFile load_ratings(const Path& path, const RatingsOptions& options = {}) {
    const std::string bytes = read_file(path);
    const std::string& file = path.text();
    const std::string_view text = plain_text(bytes, file);
    detail::CsvReader reader(text, file, detail::ratings_separator(text, file));
    RatingsFile ratings;
    detail::Numbering users(ratings.user_ids), items(ratings.item_ids);
    std::vector<index_t> lines;
    std::vector<detail::CsvField> fields;
    std::size_t width = 0;
    while (reader.next(fields)) {
        const index_t line = reader.line();
        if (width == 0) width = fields.size();
        if (fields.size() < 3 || fields.size() != width) {
            throw_at_line(file, line,
                          std::to_string(fields.size()) + " fields; expected " +
                              (width < 3 ? std::string("user, item and rating") : std::to_string(width)));
        }
        if (line == 1 && detail::is_ratings_header(fields)) continue;
        if (fields[0].raw.empty() || fields[1].raw.empty()) throw_at_line(file, line, "an empty user or item");
        const double value = number_at<double>(fields[2].raw, file, line, "rating");
        if (!detail::is_finite(value) || value < options.lowest || value > options.highest) {
            throw_at_line(file, line, "rating " + in_quotes(fields[2].raw) + " is not finite or out of range");
        }
        ratings.user.push_back(users(fields[0]));
        ratings.item.push_back(items(fields[1]));
        ratings.value.push_back(value);
        lines.push_back(line);
    }
    detail::refuse_duplicates(ratings, lines, file);
    return ratings;
}

}  // namespace gram::io::inline GRAM_ISA
