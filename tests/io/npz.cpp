// npz archives: what is written comes back, and what is broken is refused with its byte.
#include "gram/io/npz.hpp"

#include <complex>

#include "gram/gram.hpp"
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
    refused(with(directory + 10, "\x63"), "compression method 99");
    refused(with(directory + 8, "\x01"), "encrypted");
    refused(with(directory + 16, "\x01\x02\x03\x04"), "checksum");
    refused(with(directory + 42, std::string("\xff\xff\xff\x7f", 4)), "local file header");
    refused(with(directory + 28, "\xff\xff"), "beyond the central directory");
    refused(with(golden.size() - 6, std::string("\xff\xff\xff\x7f", 4)), "does not lie in the file");
    const auto second = golden.find("PK\x01\x02", directory + 4);
    refused(with(second + 46, "a"), "stands twice");
}

TEST_CASE("a deflated entry cannot promise more than deflate can hold") {
    const support::Folder folder;
    const std::string path = folder / "a.npz";
    io::NpzWriter(path, {.deflate = true}).add("a", Matrix<double>(100, 100)).commit();
    std::string bytes = bytes_of(path);
    const auto directory = bytes.find("PK\x01\x02");
    bytes.replace(directory + 24, 4, std::string("\xf0\xff\xff\xff", 4));
    write_bytes(path, bytes);
    CHECK_THAT(format_error_of([&] { (void)io::load_npz<double>(path, "a"); }), contains_text("impossible size"));
}
