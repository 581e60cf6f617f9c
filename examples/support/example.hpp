/// What the examples share: a command line, a folder for pictures, gnuplot.
#pragma once

#include <getopt.h>

#include <cstdio>
#include <cstdlib>
#include <exception>
#include <filesystem>
#include <initializer_list>
#include <map>
#include <string>
#include <vector>

namespace example {

struct Arguments {
    std::vector<std::string> words;             ///< everything that is not an option
    std::map<std::string, std::string> values;  ///< options that were given, without their dashes
    std::filesystem::path out;                  ///< where pictures go

    [[nodiscard]] std::string value(const std::string& name) const {
        const auto found = values.find(name);
        return found == values.end() ? "" : found->second;
    }
};

/// Reads `[--out DIR] [--NAME VALUE ...] [words...]`; prints the usage and ends the program on --help or an unknown
/// option.
inline Arguments parse(int argc, char** argv, const char* usage, std::initializer_list<const char*> names = {}) {
    std::vector<option> options = {{"help", no_argument, nullptr, 'h'}, {"out", required_argument, nullptr, 'o'}};
    for (const char* name : names) options.push_back({name, required_argument, nullptr, 'v'});
    options.push_back({nullptr, 0, nullptr, 0});
    Arguments arguments{{}, {}, "pictures"};
    for (int c = 0, which = 0; (c = getopt_long(argc, argv, "ho:", options.data(), &which)) != -1;) {
        if (c == 'o') {
            arguments.out = optarg;
        } else if (c == 'v') {
            arguments.values[options[static_cast<std::size_t>(which)].name] = optarg;
        } else {
            std::fprintf(c == 'h' ? stdout : stderr, "%s", usage);
            std::exit(c == 'h' ? 0 : 2);
        }
    }
    arguments.words.assign(argv + optind, argv + argc);
    return arguments;
}

/// The whole of main: parse, run, and an exception as one line.
template <class Run>
int program(int argc, char** argv, const char* usage, std::initializer_list<const char*> names, Run run) {
    try {
        return run(parse(argc, argv, usage, names));
    } catch (const std::exception& e) {
        std::fprintf(stderr, "%s: %s\n", argv[0], e.what());
        return 1;
    }
}

/// The first word, else `folder` of the data that the environment variable GRAM_DATA points to, else nothing.
inline std::string data_path(const Arguments& arguments, const std::string& folder) {
    if (!arguments.words.empty()) return arguments.words[0];
    const char* data = std::getenv("GRAM_DATA");
    return data == nullptr ? "" : (std::filesystem::path(data) / folder).string();
}

/// A file in the folder for pictures, which is made when it is missing.
inline std::string picture(const Arguments& arguments, const std::string& name) {
    std::filesystem::create_directories(arguments.out);
    return (arguments.out / name).string();
}

/// Draws an SVG with gnuplot: `commands` follow after the output is set, and read `data` as the block $data.
inline void plot(const Arguments& arguments, const std::string& name, const std::string& data,
                 const std::string& commands) {
    if (std::system("command -v gnuplot >/dev/null 2>&1") != 0) {
        std::printf("(gnuplot is not installed, so %s is not drawn)\n", name.c_str());
        return;
    }
    const std::string file = picture(arguments, name);
    FILE* gnuplot = popen("gnuplot", "w");
    if (gnuplot == nullptr) return;
    std::fprintf(gnuplot,
                 "set terminal svg size 640,640 background 'white'\nset output '%s'\n$data << END\n%s\nEND\n%s\n",
                 file.c_str(), data.c_str(), commands.c_str());
    if (pclose(gnuplot) == 0) std::printf("drawn: %s\n", file.c_str());
}

}  // namespace example
