#include "support/report.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <functional>

namespace compare {
namespace {

constexpr int name_width = 26, column_width = 13;

double rate(double work, double seconds) { return seconds > 0 ? 1e-9 * work / seconds : 0; }

void print_number(double x) {
    if (x == 0) {
        std::printf("%*s", column_width, "-");
    } else {
        std::printf("%*.*f", column_width, x < 10 ? 2 : 1, x);
    }
}

/// One line of the summary: the results that `choose` takes.
void summarize(const std::string& what, const std::vector<Result>& results,
               const std::function<bool(const Result&)>& choose) {
    double log_sum = 0, least = 0;
    int count = 0;
    const Result* worst = nullptr;
    for (const Result& result : results) {
        const double ratio = result.ratio();
        if (ratio <= 0 || !choose(result)) continue;
        log_sum += std::log(ratio), ++count;
        if (worst == nullptr || ratio < least) least = ratio, worst = &result;
    }
    if (worst == nullptr) return;
    std::printf("%-22s %6.3f %8.3f  %s %s %s (of %d)\n", what.c_str(), std::exp(log_sum / count), least,
                worst->group.c_str(), worst->type.c_str(), worst->name.c_str(), count);
}

/// The n of "nn 100": the size of a square, which ends its name.
int size_of(const Result& result) {
    const auto at = result.name.find_last_not_of("0123456789");
    return std::atoi(result.name.c_str() + (at == std::string::npos ? 0 : at + 1));
}

std::string quoted(const std::string& text) {
    std::string out = "\"";
    for (const char c : text) {
        if (c == '"' || c == '\\') out += '\\';
        out += static_cast<unsigned char>(c) < ' ' ? ' ' : c;
    }
    return out + '"';
}

}  // namespace

void print_header(const Header& header) {
    for (const auto& [what, value] : header) std::printf("%-10s %s\n", what.c_str(), value.c_str());
    std::fflush(stdout);
}

void print_group(const Group& group, const std::vector<std::string>& columns) {
    std::printf("\n%-*s%*s", name_width, (group.name + ", " + group.unit).c_str(), column_width, "gram");
    for (const auto& column : columns) std::printf("%*s", column_width, column.c_str());
    std::printf("%8s", "ratio");
    if (!group.share.empty()) std::printf("%8s of %s", "share", group.share.c_str());
    std::printf("\n");
}

void print_row(const Result& result, const std::vector<std::string>& columns) {
    std::printf("%-*s", name_width, (result.type + " " + result.name).c_str());
    print_number(rate(result.work, result.time("gram")));
    for (const auto& column : columns) print_number(rate(result.work, result.time(column)));
    result.ratio() > 0 ? std::printf("%8.2f", result.ratio()) : std::printf("%8s", "-");
    if (result.share > 0) std::printf("%8.2f", result.share);
    std::printf("\n");
    std::fflush(stdout);
}

void print_summary(const std::vector<Result>& results) {
    std::printf("\n%-22s %6s %8s\n", "ratio, best peer/gram", "mean", "least");
    const auto is = [](const char* group) { return [=](const Result& r) { return r.group == group; }; };
    const auto is_product = [&](const Result& r) {
        const char* products[] = {"square", "layout", "dense", "skinny", "fixed", "batch"};
        return std::any_of(std::begin(products), std::end(products), [&](const char* g) { return r.group == g; });
    };
    summarize("all real products", results, is_product);
    const auto square = is("square");
    summarize("squares <= 64", results, [&](const Result& r) { return square(r) && size_of(r) <= 64; });
    summarize("squares 65 ... 255", results,
              [&](const Result& r) { return square(r) && size_of(r) > 64 && size_of(r) < 256; });
    summarize("squares >= 256", results, [&](const Result& r) { return square(r) && size_of(r) >= 256; });
    std::vector<std::string> groups;
    for (const Result& r : results) {
        if (!square(r) && std::find(groups.begin(), groups.end(), r.group) == groups.end()) groups.push_back(r.group);
    }
    for (const auto& group : groups) summarize(group, results, is(group.c_str()));
}

bool write_json(const std::string& path, const Header& header, const std::vector<Result>& results) {
    std::FILE* file = std::fopen(path.c_str(), "w");
    if (file == nullptr) return false;
    std::fprintf(file, "{\n\"header\": {");
    for (std::size_t i = 0; i < header.size(); ++i) {
        std::fprintf(file, "%s\n  %s: %s", i == 0 ? "" : ",", quoted(header[i].first).c_str(),
                     quoted(header[i].second).c_str());
    }
    std::fprintf(file, "\n},\n\"results\": [");
    for (std::size_t i = 0; i < results.size(); ++i) {
        const Result& r = results[i];
        std::fprintf(
            file, "%s\n  {\"group\": %s, \"type\": %s, \"name\": %s, \"unit\": %s, \"work\": %.17g, \"share\": %.6g, ",
            i == 0 ? "" : ",", quoted(r.group).c_str(), quoted(r.type).c_str(), quoted(r.name).c_str(),
            quoted(r.unit).c_str(), r.work, r.share);
        std::fprintf(file, "\"seconds\": {");
        for (std::size_t j = 0; j < r.times.size(); ++j) {
            std::fprintf(file, "%s%s: %.6g", j == 0 ? "" : ", ", quoted(r.times[j].first).c_str(), r.times[j].second);
        }
        std::fprintf(file, "}}");
    }
    std::fprintf(file, "\n]\n}\n");
    return std::fclose(file) == 0;
}

}  // namespace compare
