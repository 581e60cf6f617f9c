#include "gram/io/file.hpp"

#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <csignal>

#include "support/catch.hpp"
#include "support/files.hpp"

using namespace gram::io;
using support::bytes_of;
using support::contains_text;
using support::Folder;
using support::write_bytes;

TEST_CASE("read_file returns every byte of a file, zeros and all, and nothing for an empty one") {
    const Folder folder;
    std::string bytes;
    for (int i = 0; i < 70000; ++i) bytes += static_cast<char>(i * 31);
    write_bytes(folder / "a", bytes);
    write_bytes(folder / "empty", "");
    CHECK(read_file(folder / "a") == bytes);
    CHECK(read_file(folder / "empty").empty());
    CHECK(read_file((folder / "a").c_str()) == bytes);
    CHECK(read_file(std::string_view(folder / "a")) == bytes);
    CHECK(read_file(std::filesystem::path(folder / "a")) == bytes);
}

TEST_CASE("what is not a regular file is an io_error that names it, and nothing waits or allocates") {
    const Folder folder;
    REQUIRE(::mkfifo((folder / "pipe").c_str(), 0600) == 0);
    std::filesystem::create_symlink(folder / "loop", folder / "loop");
    const int socket_fd = ::socket(AF_UNIX, SOCK_STREAM, 0);
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    (folder / "socket").copy(address.sun_path, sizeof(address.sun_path) - 1);
    (void)::bind(socket_fd, reinterpret_cast<const sockaddr*>(&address), sizeof(address));
    CHECK_THROWS_AS(read_file(folder / "socket"), gram::io_error);
    ::close(socket_fd);
    CHECK_THROWS_WITH(read_file(folder / "."), contains_text("a directory"));
    CHECK_THROWS_WITH(read_file(folder / "pipe"), contains_text("a pipe"));
    CHECK_THROWS_WITH(read_file("/dev/zero"), contains_text("a device"));
    CHECK_THROWS_WITH(read_file(folder / "missing"), contains_text("missing"));
    CHECK_THROWS_AS(read_file(folder / "loop"), gram::io_error);
    CHECK_THROWS_AS(read_file(""), gram::io_error);
    CHECK_THROWS_AS(read_file(std::string("a\0b", 3)), gram::io_error);
    CHECK_THROWS_AS(read_file(std::string(5000, 'x')), gram::io_error);
}

TEST_CASE("a file without read permission is an io_error") {
    const Folder folder;
    write_bytes(folder / "a", "x");
    REQUIRE(::chmod((folder / "a").c_str(), 0) == 0);
    if (::geteuid() == 0) {
        CHECK(read_file(folder / "a") == "x");  // permissions do not bind root
    } else {
        CHECK_THROWS_AS(read_file(folder / "a"), gram::io_error);
    }
}

TEST_CASE("a file that shrinks while it is read is an io_error") {
    const Folder folder;
    write_bytes(folder / "a", std::string(1000, 'x'));
    InputFile file(folder / "a");
    REQUIRE(::truncate((folder / "a").c_str(), 10) == 0);
    char bytes[1000];
    CHECK(file.left() == 1000);
    CHECK_THROWS_WITH(file.read(bytes, 1000), contains_text("shorter"));
}

TEST_CASE("a file that grows while it is read is the file that was opened") {
    const Folder folder;
    write_bytes(folder / "a", "0123456789");
    InputFile file(folder / "a");
    char bytes[10] = {};
    file.read(bytes, 4);
    std::ofstream(folder / "a", std::ios::app) << "more";
    CHECK(file.left() == 6);
    file.read(bytes + 4, 6);
    CHECK(std::string_view(bytes, 10) == "0123456789");
    file.read_at(bytes, 2, 3);
    CHECK(std::string_view(bytes, 4) == "2343");
    CHECK(file.left() == 0);
}

TEST_CASE("a new file appears at commit and not before") {
    const Folder folder;
    std::string large(1 << 20, 'y');
    {
        AtomicFile file(folder / "a");
        file.write("head\n");
        file.write(large);
        file.write("tail\n");
        CHECK_FALSE(std::filesystem::exists(folder / "a"));
        file.commit();
    }
    CHECK(bytes_of(folder / "a") == "head\n" + large + "tail\n");
    CHECK(folder.count() == 1);
}

TEST_CASE("without a commit the old file stays and no temporary file is left") {
    const Folder folder;
    write_bytes(folder / "a", "old");
    {
        AtomicFile file(folder / "a");
        file.write("new");
    }
    CHECK(bytes_of(folder / "a") == "old");
    CHECK(folder.count() == 1);
}

TEST_CASE("replacing a file keeps its permissions and follows a link to it") {
    const Folder folder;
    write_bytes(folder / "a", "old");
    REQUIRE(::chmod((folder / "a").c_str(), 0640) == 0);
    std::filesystem::create_symlink(folder / "a", folder / "link");
    AtomicFile file(folder / "link");
    file.write("new");
    file.commit();
    CHECK(bytes_of(folder / "a") == "new");
    CHECK(std::filesystem::is_symlink(folder / "link"));
    struct stat info = {};
    REQUIRE(::stat((folder / "a").c_str(), &info) == 0);
    CHECK((info.st_mode & 07777) == 0640);
}

TEST_CASE("two writers of one path do not disturb each other: the last commit stands") {
    const Folder folder;
    AtomicFile first(folder / "a"), second(folder / "a");
    first.write("first");
    second.write("second");
    second.commit();
    CHECK(bytes_of(folder / "a") == "second");
    first.commit();
    CHECK(bytes_of(folder / "a") == "first");
    CHECK(folder.count() == 1);
}

TEST_CASE("a name of the longest length can be written") {
    const Folder folder;
    const std::string name = folder / std::string(255, 'n');
    AtomicFile file(name);
    file.write("x");
    file.commit();
    CHECK(bytes_of(name) == "x");
}

TEST_CASE("a directory, a device, a folder that is missing or refuses files: io_error before anything is written") {
    const Folder folder;
    CHECK_THROWS_WITH(AtomicFile(folder / "."), contains_text("a directory"));
    CHECK_THROWS_WITH(AtomicFile("/dev/full"), contains_text("a device"));
    CHECK_THROWS_AS(AtomicFile(folder / "missing/a"), gram::io_error);
    CHECK_THROWS_AS(AtomicFile("/proc/a"), gram::io_error);
    std::filesystem::create_directory(folder / "locked");
    write_bytes(folder / "locked/a", "old");
    REQUIRE(::chmod((folder / "locked").c_str(), 0555) == 0);
    if (::geteuid() != 0) CHECK_THROWS_AS(AtomicFile(folder / "locked/a"), gram::io_error);
    CHECK(bytes_of(folder / "locked/a") == "old");
    REQUIRE(::chmod((folder / "locked").c_str(), 0755) == 0);
    CHECK(folder.count() == 1);
}

TEST_CASE("when the disk is full the save fails, the old file stays and no temporary file is left") {
    const Folder folder;
    write_bytes(folder / "a", "old");
    // A limit on the size of files stands for the full disk: writes beyond it fail in the same way.
    struct rlimit saved = {};
    REQUIRE(::getrlimit(RLIMIT_FSIZE, &saved) == 0);
    auto* const handler = std::signal(SIGXFSZ, SIG_IGN);
    struct rlimit small = saved;
    small.rlim_cur = 65536;
    REQUIRE(::setrlimit(RLIMIT_FSIZE, &small) == 0);
    bool failed = false;
    try {
        AtomicFile file(folder / "a");
        for (int i = 0; i < 100; ++i) file.write(std::string(10000, 'x'));
        file.commit();
    } catch (const gram::io_error&) {
        failed = true;
    }
    ::setrlimit(RLIMIT_FSIZE, &saved);
    std::signal(SIGXFSZ, handler);
    CHECK(failed);
    CHECK(bytes_of(folder / "a") == "old");
    CHECK(folder.count() == 1);
}
