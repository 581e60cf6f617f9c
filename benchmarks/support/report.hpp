/// The table, its summary, and the same as JSON.
#pragma once

#include "support/compare.hpp"

namespace compare {

void print_header(const Header& header);
void print_group(const Group& group, const std::vector<std::string>& columns);
void print_row(const Result& result, const std::vector<std::string>& columns);
/// Geometric mean and least of the ratios, by group.
void print_summary(const std::vector<Result>& results);
/// False when the file could not be written.
bool write_json(const std::string& path, const Header& header, const std::vector<Result>& results);

}  // namespace compare
