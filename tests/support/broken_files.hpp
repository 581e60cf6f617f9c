// Broken files for every loader: what each of them must do with each. A loader loads, or throws io_error or
// format_error that name the file and the place; it takes no memory that the file does not justify, and it ends soon.
#pragma once

#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdint>
#include <cstdio>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "support/catch.hpp"
#include "support/loaders.hpp"

namespace support {

// A file in memory, rewritten thousands of times.
class ScratchFile {
public:
    ScratchFile() : fd_(::memfd_create("broken", 0)), path_("/proc/self/fd/" + std::to_string(fd_)) {
        if (fd_ < 0) throw std::runtime_error("no file in memory");
    }
    ScratchFile(const ScratchFile&) = delete;
    ScratchFile& operator=(const ScratchFile&) = delete;
    ~ScratchFile() { ::close(fd_); }

    // Its path, once it holds these bytes.
    const std::string& with(std::string_view bytes) {
        if (::ftruncate(fd_, 0) != 0 || ::pwrite(fd_, bytes.data(), bytes.size(), 0) != std::ssize(bytes)) {
            throw std::runtime_error("cannot write a file in memory");
        }
        return path_;
    }

private:
    int fd_;
    std::string path_;
};

#if defined(__SANITIZE_ADDRESS__)
inline constexpr bool sanitized = true;
#elif defined(__has_feature)
inline constexpr bool sanitized = __has_feature(address_sanitizer) || __has_feature(memory_sanitizer);
#else
inline constexpr bool sanitized = false;
#endif

// The most memory that the process held at once since the object was made, beyond what it held then, in bytes. 0 where
// the system does not tell, and under sanitizers, which keep what is freed.
class PeakMemory {
public:
    PeakMemory() {
        if (std::FILE* reset = std::fopen("/proc/self/clear_refs", "w")) {
            known_ = std::fputs("5", reset) >= 0 && std::fclose(reset) == 0;
        }
        before_ = peak();
    }
    [[nodiscard]] double growth() const { return known_ && !sanitized ? peak() - before_ : 0; }

private:
    static double peak() {
        std::ifstream status("/proc/self/status");
        for (std::string line; std::getline(status, line);) {
            if (line.starts_with("VmHWM:")) return 1024 * std::strtod(line.c_str() + 6, nullptr);
        }
        return 0;
    }
    bool known_ = false;
    double before_ = 0;
};

// Whether a message says "<file>: byte 12: ..." or "<file>:12: ...", with the name of a member in between or not.
inline bool names_place(const std::string& message, const std::string& file) {
    auto at = message.find(file);
    if (at == std::string::npos) return false;
    const auto digits_then_colon = [&](std::size_t i) {
        const std::size_t first = i;
        while (i < message.size() && message[i] >= '0' && message[i] <= '9') ++i;
        return i > first && i < message.size() && message[i] == ':';
    };
    for (at += file.size(); at < message.size(); ++at) {
        if (message[at] == ':' && digits_then_colon(at + 1)) return true;
        if (message.compare(at, 7, ": byte ") == 0 && digits_then_colon(at + 7)) return true;
    }
    return false;
}

// Loads broken files one by one; counts those that load.
class Attempts {
public:
    explicit Attempts(const Loader& loader) : loader_(loader) {}

    // False when the file is refused, as it may be; a failed test for anything else than the two errors.
    bool operator()(std::string_view bytes) {
        using clock = std::chrono::steady_clock;
        const std::string& path = file_.with(loader_.repair ? loader_.repair(std::string(bytes)) : bytes);
        const auto start = clock::now();
        const bool loaded = attempt(path, bytes);
        slowest_ = std::max(slowest_, std::chrono::duration<double>(clock::now() - start).count());
        largest_ = std::max(largest_, bytes.size());
        ++count_;
        loaded_ += loaded;
        return loaded;
    }
    [[nodiscard]] int count() const { return count_; }
    [[nodiscard]] int loaded() const { return loaded_; }
    // At most 5 seconds each, and memory for twice the file and 64 MiB.
    void check_cost() const {
        CHECK(slowest_ < 5.0);
        CHECK(memory_.growth() < 2.0 * static_cast<double>(largest_) + 64.0 * 1024 * 1024);
    }

private:
    bool attempt(const std::string& path, std::string_view bytes) {
        try {
            loader_.load(path);
            return true;
        } catch (const gram::format_error& e) {
            if (!names_place(e.what(), path)) complain("the message names no place", e.what(), bytes);
        } catch (const gram::io_error& e) {
            if (std::string_view(e.what()).find(path) == std::string_view::npos) {
                complain("the message does not name the file", e.what(), bytes);
            }
        } catch (const std::exception& e) {
            complain("not an error of a file", e.what(), bytes);
        }
        return false;
    }
    static void complain(const char* what, const char* message, std::string_view bytes) {
        INFO("the file: " << gram::io::in_quotes(bytes.substr(0, 40)));
        FAIL_CHECK(what << ": " << message);
    }

    const Loader& loader_;
    ScratchFile file_;
    PeakMemory memory_;
    double slowest_ = 0;
    std::size_t largest_ = 0;
    int count_ = 0, loaded_ = 0;
};

// The bytes of the file that a loader starts from.
inline std::string golden_bytes(const Loader& loader) {
    const Folder folder;
    loader.save(folder / "golden");
    loader.load(folder / "golden");
    return bytes_of(folder / "golden");
}

inline void check_prefixes(const Loader& loader, const std::string& golden) {
    Attempts load(loader);
    for (std::size_t n = 0; n < golden.size() && n < 4096; ++n) load(std::string_view(golden).substr(0, n));
    if (loader.prefixes != any_prefixes) CHECK(load.loaded() == loader.prefixes);
    load.check_cost();
}

inline void check_flips(const Loader& loader, const std::string& golden) {
    Attempts load(loader);
    std::string bytes = golden;
    for (std::size_t i = 0; i < bytes.size() && i < 256; ++i) {
        for (int bit = 0; bit < 8; ++bit) {
            bytes[i] = static_cast<char>(bytes[i] ^ (1 << bit));
            load(bytes);
            bytes[i] = golden[i];
        }
    }
    CHECK(load.loaded() < load.count());
    load.check_cost();
}

inline void check_garbage_behind(const Loader& loader, const std::string& golden) {
    Attempts load(loader);
    CHECK_FALSE(load(golden + "\1garbage\n"));
    CHECK_FALSE(load(golden + std::string(5000, '\0')));
    CHECK_FALSE(load(golden + std::string(1 << 20, '\xff')));
    load.check_cost();
}

// A megabyte of the same few bytes, or of the file again and again; less where a sanitizer makes all of it slow.
inline void check_large(const Loader& loader, const std::string& golden) {
    using namespace std::string_literals;
    for (const std::string& piece :
         {"1,"s, "1 "s, "1\n"s, "\""s, "a 1\n"s, "a\t1\t1\n"s, "\n"s, "["s, "9"s, "%\n"s, "\0"s, golden}) {
        std::string bytes;
        while (bytes.size() < (sanitized ? 1 << 15 : 1 << 20)) bytes += piece;
        INFO("a megabyte of " << gram::io::in_quotes(piece));
        for (const std::string& start : {""s, golden.substr(0, golden.size() / 2)}) {
            Attempts load(loader);
            load(start + bytes);
            load.check_cost();
        }
    }
}

inline constexpr std::uint64_t hostile_counts[] = {0,
                                                   std::uint64_t{1} << 31,
                                                   (std::uint64_t{1} << 31) - 1,
                                                   (std::uint64_t{1} << 32) - 1,
                                                   std::uint64_t{1} << 32,
                                                   std::uint64_t{1} << 63,
                                                   (std::uint64_t{1} << 63) - 1,
                                                   ~std::uint64_t{0}};

// Each of these numbers in place of every two, four and eight bytes of the header (and of the end, where zip archives
// have theirs), in both byte orders.
inline void check_binary_counts(const Loader& loader, const std::string& golden) {
    Attempts load(loader);
    for (std::size_t at = 0; at < golden.size(); ++at) {
        if (at >= 96 && at + 160 < golden.size()) continue;
        for (const std::size_t width : {2u, 4u, 8u}) {
            if (at + width > golden.size()) continue;
            for (const std::uint64_t count : hostile_counts) {
                if (width < 8 && count >> (8 * width) != 0) continue;
                std::string digits;
                for (std::size_t i = 0; i < width; ++i) digits += static_cast<char>(count >> (8 * i) & 255u);
                std::string bytes = golden;
                load(bytes.replace(at, width, digits));
                load(bytes.replace(at, width, std::string(digits.rbegin(), digits.rend())));
            }
        }
    }
    load.check_cost();
}

// The same in place of every number that is written in digits, and of every two that follow each other: products
// overflow.
inline void check_written_counts(const Loader& loader, const std::string& golden) {
    Attempts load(loader);
    const auto digit = [&](std::size_t i) { return i < golden.size() && golden[i] >= '0' && golden[i] <= '9'; };
    std::vector<std::pair<std::size_t, std::size_t>> numbers;
    for (std::size_t i = 0; i < golden.size() && i < 256; ++i) {
        if (!digit(i) || (i > 0 && digit(i - 1))) continue;
        std::size_t last = i;
        while (digit(last)) ++last;
        numbers.emplace_back(i, last);
    }
    std::vector<std::string> counts{"-1", "18446744073709551616", "99999999999999999999", "3037000500", "1e9"};
    for (const std::uint64_t count : hostile_counts) counts.push_back(std::to_string(count));
    for (std::size_t k = 0; k < numbers.size(); ++k) {
        for (const std::string& count : counts) {
            const auto [first, last] = numbers[k];
            load(std::string(golden).replace(first, last - first, count));
            if (k + 1 == numbers.size()) continue;
            const auto [next, end] = numbers[k + 1];
            load(golden.substr(0, first) + count + golden.substr(last, next - last) + count + golden.substr(end));
        }
    }
    load.check_cost();
}

// A byte changed, taken away, doubled, or a run of them: what editors, disks and attackers do.
inline std::string mutated(std::string bytes, gram::Rng& rng) {
    const gram::index_t changes = 1 + rng.integer(4);
    for (gram::index_t c = 0; c < changes && !bytes.empty(); ++c) {
        const auto at = static_cast<std::size_t>(rng.integer(static_cast<gram::index_t>(bytes.size())));
        const auto count = static_cast<std::size_t>(1 + rng.integer(8));
        switch (rng.integer(6)) {
            case 0:
                bytes[at] = static_cast<char>(rng.integer(256));
                break;
            case 1:
                bytes[at] = static_cast<char>(bytes[at] ^ (1 << rng.integer(8)));
                break;
            case 2:
                bytes.erase(at, count);
                break;
            case 3:
                bytes.insert(at, bytes.substr(at, count));
                break;
            case 4:
                bytes.replace(at, std::min(count, bytes.size() - at), count, rng.integer(2) == 0 ? '\xff' : '9');
                break;
            default:
                bytes.resize(at);
        }
    }
    return bytes;
}
inline void check_mutations(const Loader& loader, const std::string& golden) {
    Attempts load(loader);
    gram::Rng rng(20);
    for (int k = 0; k < 1500; ++k) load(mutated(golden, rng));
    CHECK(load.count() - load.loaded() > 200);
    load.check_cost();
}

// What is no regular file, or cannot be opened: io_error with the name, at once.
inline void check_no_files(const Loader& loader, const std::string& golden) {
    const Folder folder;
    const auto refused = [&](const std::string& path) {
        INFO(path.substr(0, 80));
        try {
            loader.load(path);
            FAIL_CHECK("it loads");
        } catch (const gram::io_error& e) {
            CHECK(std::string_view(e.what()).find(path.substr(0, path.find('\0'))) != std::string_view::npos);
        }
    };
    REQUIRE(::mkfifo((folder / "pipe").c_str(), 0600) == 0);
    std::filesystem::create_symlink(folder / "loop", folder / "loop");
    const int socket = ::socket(AF_UNIX, SOCK_STREAM, 0);
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    (folder / "socket").copy(address.sun_path, sizeof(address.sun_path) - 1);
    REQUIRE(::bind(socket, reinterpret_cast<const sockaddr*>(&address), sizeof(address)) == 0);
    for (const char* name : {".", "pipe", "socket", "loop", "missing", "missing/file", "golden/file"}) {
        write_bytes(folder / "golden", golden);
        refused(folder / name);
    }
    ::close(socket);
    for (const char* device : {"/dev/null", "/dev/zero", "/dev/full"}) refused(device);
    refused(folder / std::string("a\0b", 3));
    refused(folder / std::string(300, 'n'));
    refused(folder / std::string(5000, 'n'));
    CHECK_THROWS_AS(loader.load(""), gram::io_error);
    REQUIRE(::chmod((folder / "golden").c_str(), 0) == 0);
    if (::geteuid() != 0) refused(folder / "golden");
    REQUIRE(::chmod((folder / "golden").c_str(), 0600) == 0);
    // Names in any alphabet and links are names of files.
    const std::string name = folder / "\xe6\x95\xb0 \xc3\xa9\n'\"%s\xff";
    write_bytes(name, golden);
    CHECK_NOTHROW(loader.load(name));
    std::filesystem::create_symlink(folder / "golden", folder / "link");
    CHECK_NOTHROW(loader.load(folder / "link"));
}

inline void check_broken_files(const std::vector<Loader>& loaders) {
    for (const Loader& loader : loaders) {
        INFO("loader: " << loader.name);
        const std::string golden = golden_bytes(loader);
        check_no_files(loader, golden);
        check_prefixes(loader, golden);
        check_flips(loader, golden);
        check_garbage_behind(loader, golden);
        check_large(loader, golden);
        check_binary_counts(loader, golden);
        check_written_counts(loader, golden);
        check_mutations(loader, golden);
    }
}

// A function that saves to a path by gram.
struct Saver {
    const char* name;
    std::function<void(const std::string&)> save;
};

// A save that fails leaves the old file and no temporary one; one that works replaces it.
inline void check_savers(const std::vector<Saver>& savers) {
    for (const Saver& saver : savers) {
        INFO("saver: " << saver.name);
        const Folder folder;
        const std::string path = folder / "file";
        write_bytes(path, "old");
        // A limit on the size of files stands for the full disk: writes beyond it fail in the same way.
        struct rlimit usual = {};
        REQUIRE(::getrlimit(RLIMIT_FSIZE, &usual) == 0);
        struct rlimit small = usual;
        small.rlim_cur = 8;
        auto* const handler = std::signal(SIGXFSZ, SIG_IGN);
        REQUIRE(::setrlimit(RLIMIT_FSIZE, &small) == 0);
        std::string message;
        try {
            saver.save(path);
        } catch (const gram::io_error& e) {
            message = e.what();
        }
        ::setrlimit(RLIMIT_FSIZE, &usual);
        std::signal(SIGXFSZ, handler);
        CHECK_THAT(message, contains_text(path));
        CHECK(bytes_of(path) == "old");
        CHECK(folder.count() == 1);
        CHECK_THROWS_AS(saver.save(folder / "."), gram::io_error);
        CHECK_THROWS_AS(saver.save(folder / "missing/file"), gram::io_error);
        CHECK_THROWS_AS(saver.save("/dev/full"), gram::io_error);
        CHECK_THROWS_AS(saver.save(""), gram::io_error);
        CHECK(folder.count() == 1);
        saver.save(path);
        CHECK(bytes_of(path) != "old");
        saver.save(folder / "second");
        CHECK(bytes_of(folder / "second") == bytes_of(path));
        CHECK(folder.count() == 2);
    }
}

}  // namespace support
