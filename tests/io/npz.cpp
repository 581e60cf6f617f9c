// npz archives: what is written comes back, and what is broken is refused with its byte.
#include "gram/io/npz.hpp"

#include <cmath>
#include <complex>
#include <cstring>

#include "gram/gram.hpp"
#include "support/broken_files.hpp"
#include "support/catch.hpp"
#include "support/files.hpp"
#include "support/matrices.hpp"

using namespace gram;
using support::bytes_of;
using support::contains_text;
using support::format_error_of;
using support::write_bytes;

TEST_CASE("arrays of every type come back from an archive, stored and deflated, in order") {
    const support::Folder folder;
    const Matrix<double> A = cast<double>(cast<int>(support::gaussian<double>(30, 41, 1) * 10.0));
    const Matrix<std::complex<float>> Z = {{std::complex<float>(1, -2)}, {std::complex<float>(0, 3)}};
    const Vector<std::int16_t> v = {-3, 7};
    for (const bool deflate : {false, true}) {
        const std::string path = folder / "a.npz";
        io::NpzWriter(path, {.deflate = deflate})
            .add("A", A)
            .add("nested/name", A.T())
            .add("Z", Z)
            .add("v", v)
            .add("none", Matrix<float>(0, 3))
            .commit();
        const io::NpzFile file(path);
        CHECK(file.names() == std::vector<std::string>{"A", "nested/name", "Z", "v", "none"});
        CHECK(file.load<double>("A") == A);
        CHECK(file.load<double>("nested/name") == Matrix<double>(A.T()));
        CHECK(file.load<std::complex<double>>("Z")(1, 0) == std::complex<double>(0, 3));
        CHECK(file.load<int>("v")(0, 0) == -3);
        CHECK(file.load<float>("none").cols() == 3);
        CHECK((file.contains("v") && !file.contains("v.npy")));
        CHECK(io::load_npz<double>(path, "v")(1, 0) == 7);
        CHECK_THROWS_AS(file.load<double>("B"), std::out_of_range);
        CHECK_THROWS_AS(file.load<float>("A"), format_error);  // the rules of load_npy
        CHECK((bytes_of(path).size() < 8 * 30 * 41 * 2) == deflate);
    }
    CHECK(folder.count() == 1);
}

TEST_CASE("NaN payloads, -0 and denormals come back bit by bit, stored and deflated") {
    const support::Folder folder;
    const std::string path = folder / "a.npz";
    const Matrix<double> A = {{std::nan("0x123456789"), -0.0}, {std::numeric_limits<double>::denorm_min(), -HUGE_VAL}};
    const Matrix<double> T(A.T());
    for (const bool deflate : {false, true}) {
        io::NpzWriter(path, {.deflate = deflate}).add("a", A).add("t", A.T()).commit();
        CHECK(std::memcmp(io::load_npz<double>(path, "a").data(), A.data(), 32) == 0);
        CHECK(std::memcmp(io::load_npz<double>(path, "t").data(), T.data(), 32) == 0);
    }
}

TEST_CASE("an archive that is not committed leaves nothing, and names are taken once") {
    const support::Folder folder;
    {
        io::NpzWriter writer(folder / "a.npz");
        writer.add("A", Matrix<double>(2, 2));
        CHECK_THROWS_AS(writer.add("A", Matrix<double>(1, 1)), std::invalid_argument);
        CHECK_THROWS_AS(writer.add("", Matrix<double>(1, 1)), std::invalid_argument);
    }
    CHECK(folder.count() == 0);
    io::NpzWriter(folder / "empty.npz").commit();
    CHECK(io::NpzFile(folder / "empty.npz").names().empty());
}

TEST_CASE("broken archives are refused") {
    const support::Folder folder;
    const std::string path = folder / "a.npz";
    const auto load = [](const std::string& p) {
        const io::NpzFile file(p);
        for (const auto& name : file.names()) (void)file.load<double>(name);
        if (file.names().size() != 2) throw format_error("an array is gone");
    };
    for (const bool deflate : {false, true}) {
        const Matrix<double> A = {{1, 2, 3}};
        io::NpzWriter(path, {.deflate = deflate}).add("a", A).add("b", A).commit();
        const std::string golden = bytes_of(path);
        CHECK(support::accepted_prefixes(path, golden, load) == 0);
        // Every flip of a bit is noticed but those in dates, versions, attributes and unused flags of the headers.
        const int flips = static_cast<int>(golden.size()) * 8;
        CHECK(support::refused_flips(path, golden, golden.size(), load) > flips * 7 / 10);
    }
    const auto refused = [&](const std::string& bytes, const std::string& message) {
        write_bytes(path, bytes);
        CHECK_THAT(format_error_of([&] { load(path); }), contains_text(message));
    };
    refused("", "not an npz file");
    refused(std::string(100, 'x'), "not an npz file");
    io::NpzWriter(path).add("a", Matrix<double>{{1}}).add("b", Matrix<double>{{2}}).commit();
    std::string golden = bytes_of(path);
    const auto directory = golden.find("PK\x01\x02");
    const auto with = [&](std::size_t at, const std::string& bytes) {
        std::string changed = golden;
        changed.replace(at, bytes.size(), bytes);
        return changed;
    };
    std::string method = with(directory + 10, "\x63");
    refused(method, "disagree");
    method[8] = '\x63';
    refused(method, "compression method 99");
    refused(with(directory + 8, "\x01"), "encrypted");
    refused(with(directory + 16, "\x01\x02\x03\x04"), "disagree");
    std::string checksum = with(directory + 16, "\x01\x02\x03\x04");
    refused(checksum.replace(14, 4, "\x01\x02\x03\x04"), "checksum");
    refused(with(directory - 1, "\x01"), "checksum");
    refused(with(golden.size() - 14, "\x01"), "several parts");
    std::string count = with(golden.size() - 14, "\x01");
    refused(count.replace(golden.size() - 12, 1, "\x01"), "more than it says");
    refused(with(directory + 42, std::string("\xff\xff\xff\x7f", 4)), "local file header");
    refused(with(directory + 28, "\xff\xff"), "beyond the central directory");
    refused(with(golden.size() - 6, std::string("\xff\xff\xff\x7f", 4)), "does not lie in the file");
    const auto second = golden.find("PK\x01\x02", directory + 4);
    refused(with(second + 46, "a"), "stands twice");
}

TEST_CASE("what the local header says is what the directory says") {
    const support::Folder folder;
    const std::string path = folder / "a.npz";
    for (const bool deflate : {false, true}) {
        io::NpzWriter(path, {.deflate = deflate})
            .add("a", Matrix<double>{{1, 2}})
            .add("b", Matrix<double>{{3}})
            .commit();
        const std::string golden = bytes_of(path);
        // Method, checksum, sizes, the length of the name and the name itself; then the flag of an encrypted entry.
        for (const std::size_t at : {8u, 14u, 18u, 22u, 26u, 30u}) {
            CAPTURE(deflate, at);
            std::string changed = golden;
            changed[at] = static_cast<char>(changed[at] ^ 1);
            write_bytes(path, changed);
            CHECK_FALSE(format_error_of([&] { (void)io::load_npz<double>(path, "a"); }).empty());
            CHECK(io::load_npz<double>(path, "b")(0, 0) == 3);  // the others can be read
        }
        std::string encrypted = golden;
        encrypted[6] = 1;
        write_bytes(path, encrypted);
        CHECK_THAT(format_error_of([&] { (void)io::load_npz<double>(path, "a"); }), contains_text("disagree"));
    }
}

TEST_CASE("sizes behind the entry and zip64's are read, and refused when they are wrong") {
    const support::Folder folder;
    const std::string path = folder / "a.npz";
    io::NpzWriter(path).add("a", Matrix<double>{{1, 2}}).commit();
    const std::string golden = bytes_of(path);
    const auto directory = golden.find("PK\x01\x02");
    // A writer that could not go back leaves zeros in the local header, sets bit 3 and writes the sizes behind.
    std::string streamed = golden;
    streamed.replace(6, 2, std::string("\x08\x08", 2));
    streamed.replace(14, 12, std::string(12, '\0'));
    write_bytes(path, streamed);
    CHECK(io::load_npz<double>(path, "a")(0, 1) == 2);
    // zip64: all ones in the directory, the numbers in an extra field and in an end record of its own.
    const std::string size = golden.substr(directory + 24, 4);
    const auto little = [](std::uint64_t x, int bytes) {
        std::string text;
        io::detail::append_little_endian(text, x, bytes);
        return text;
    };
    const std::string ones(4, '\xff'), wide = size + std::string(4, '\0');
    const auto zip64 = [&](const std::string& extra, std::uint64_t count) {
        std::string bytes = golden.substr(0, directory), entry = golden.substr(directory, 46 + 5);
        entry.replace(20, 8, ones + ones);
        entry.replace(30, 2, little(extra.size(), 2));
        entry.replace(42, 4, ones);
        entry += extra;
        const std::uint64_t end = directory + entry.size();
        bytes += entry + "PK\x06\x06" + little(44, 8) + little(45, 4) + std::string(8, '\0') + little(count, 8) +
                 little(count, 8) + little(entry.size(), 8) + little(directory, 8);
        bytes += "PK\x06\x07" + std::string(4, '\0') + little(end, 8) + little(1, 4);
        bytes += "PK\x05\x06" + std::string(4, '\0') + ones + ones + ones + std::string(2, '\0');
        write_bytes(path, bytes);
        return format_error_of([&] {
            const Matrix<double> A = io::load_npz<double>(path, "a");
            CHECK(A(0, 1) == 2);
        });
    };
    const std::string numbers = wide + wide + std::string(8, '\0');
    CHECK(zip64(little(1, 2) + little(24, 2) + numbers, 1).empty());
    CHECK_THAT(zip64(little(1, 2) + little(16, 2) + numbers.substr(8), 1), contains_text("too short"));
    CHECK_THAT(zip64(little(1, 2) + little(99, 2) + numbers, 1), contains_text("beyond its entry"));
    CHECK_THAT(zip64(little(1, 2) + little(24, 2) + std::string(24, '\xff'), 1), contains_text("2^62"));
    for (const std::uint64_t count : {std::uint64_t{0}, std::uint64_t{2}, std::uint64_t{1} << 63, ~std::uint64_t{0}}) {
        CHECK_FALSE(zip64(little(1, 2) + little(24, 2) + numbers, count).empty());
    }
}

TEST_CASE("entries that share bytes are refused") {
    const support::Folder folder;
    const std::string path = folder / "a.npz";
    io::NpzWriter(path).add("a", Matrix<double>{{1, 2}}).add("b", Matrix<double>{{1, 2}}).commit();
    std::string bytes = bytes_of(path);
    const auto second = bytes.find("PK\x01\x02", bytes.find("PK\x01\x02") + 4);
    bytes.replace(second + 42, 4, std::string(4, '\0'));  // the entry b is that of a
    write_bytes(path, bytes);
    for (const char* name : {"a", "b"}) {
        CHECK_FALSE(format_error_of([&] { (void)io::load_npz<double>(path, name); }).empty());
    }
    // The entry b lies behind the end of the file: what belongs to a must not reach there.
    bytes.replace(second + 42, 4, std::string("\0\0\0\x3c", 4));
    bytes.replace(28, 2, "\xff\xff");
    write_bytes(path, bytes);
    CHECK_FALSE(format_error_of([&] { (void)io::load_npz<double>(path, "a"); }).empty());
}

TEST_CASE("names that leave the archive are refused") {
    const support::Folder folder;
    const std::string path = folder / "a.npz";
    for (const char* name : {"../x", "/x", "a/../../x", "..\\x", ".."}) {
        io::NpzWriter(path).add(name, Matrix<double>{{1}}).commit();
        const std::string message = format_error_of([&] { (void)io::NpzFile(path); });
        if (std::string(name) == "..") {
            CHECK(message.empty());  // "...npy"
        } else {
            CHECK_THAT(message, contains_text("leaves the archive"));
        }
    }
}

TEST_CASE("a bomb takes no memory: what an entry promises is compared with the header of its array first") {
    const support::Folder folder;
    const std::string path = folder / "a.npz";
    // 64 MB of zeros in 64 KB, the array's header says 8 bytes.
    Matrix<double> zeros(8'000'000, 1);
    io::NpzWriter(path, {.deflate = true}).add("a", zeros).commit();
    CHECK(bytes_of(path).size() < 100'000);
    CHECK(io::load_npz<double>(path, "a").rows() == 8'000'000);
    zeros = Matrix<double>(0, 0);
    std::string bomb = std::string(64'000'000, '\0'), packed(100'000, '\0');
    bomb.replace(0, 128, io::detail::npy_header_text("<f8", {1}).substr(0, 128));
    z_stream stream{};
    REQUIRE(::deflateInit2(&stream, 9, Z_DEFLATED, -15, 8, Z_DEFAULT_STRATEGY) == Z_OK);
    stream.next_in = reinterpret_cast<Bytef*>(bomb.data()), stream.avail_in = static_cast<uInt>(bomb.size());
    stream.next_out = reinterpret_cast<Bytef*>(packed.data()), stream.avail_out = static_cast<uInt>(packed.size());
    REQUIRE(::deflate(&stream, Z_FINISH) == Z_STREAM_END);
    packed.resize(stream.total_out);
    ::deflateEnd(&stream);
    io::NpzWriter(path).add("a", Matrix<double>{{1}}).commit();
    std::string bytes = bytes_of(path);
    const auto directory = bytes.find("PK\x01\x02");
    std::string entry = bytes.substr(directory, 46 + 5), local = bytes.substr(0, 30 + 5);
    const auto number = [](std::uint64_t x) {
        std::string text;
        io::detail::append_little_endian(text, x, 4);
        return text;
    };
    for (auto [text, at] : {std::pair{&local, std::size_t{8}}, std::pair{&entry, std::size_t{10}}}) {
        text->replace(at, 1, "\x08");
        text->replace(at + 6, 12, number(io::detail::crc_32(bomb)) + number(packed.size()) + number(bomb.size()));
    }
    std::string end = bytes.substr(bytes.size() - 22);
    end.replace(16, 4, number(local.size() + packed.size()));
    write_bytes(path, local + packed + entry + end);
    bomb.clear(), bomb.shrink_to_fit();
    const support::PeakMemory memory;
    CHECK_THAT(format_error_of([&] { (void)io::load_npz<double>(path, "a"); }), contains_text("the header promises 8"));
    CHECK(memory.growth() < 8e6);
}

TEST_CASE("a deflated entry cannot promise more than deflate can hold") {
    const support::Folder folder;
    const std::string path = folder / "a.npz";
    io::NpzWriter(path, {.deflate = true}).add("a", Matrix<double>(100, 100)).commit();
    std::string bytes = bytes_of(path);
    const auto directory = bytes.find("PK\x01\x02");
    bytes.replace(directory + 24, 4, std::string("\xf0\xff\xff\xff", 4));
    bytes.replace(22, 4, std::string("\xf0\xff\xff\xff", 4));
    write_bytes(path, bytes);
    CHECK_THAT(format_error_of([&] { (void)io::load_npz<double>(path, "a"); }), contains_text("impossible size"));
}
