/// Files read whole and files replaced atomically, on POSIX calls: every failure is named, none leaves a half file.
#pragma once

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include "gram/core/error.hpp"

namespace gram::io::inline GRAM_ISA {

/// The name of a file, from text or from std::filesystem::path (without the cost of including it).
class Path {
public:
    Path(const char* name) : Path(std::string(name)) {}         // NOLINT: implicit by design
    Path(std::string_view name) : Path(std::string(name)) {}    // NOLINT: implicit by design
    Path(const std::string& name) : Path(std::string(name)) {}  // NOLINT: implicit by design
    Path(std::string&& name) : name_(std::move(name)) {         // NOLINT: implicit by design
        if (name_.empty()) throw io_error("an empty file name");
        if (name_.find('\0') != std::string::npos) throw io_error("a file name with a zero byte: " + name_);
    }
    template <class P>
        requires requires(const P& path) {
            { path.native() } -> std::same_as<const std::string&>;
        }
    Path(const P& path) : Path(path.native()) {}  // NOLINT: implicit by design

    [[nodiscard]] const std::string& text() const noexcept { return name_; }
    [[nodiscard]] const char* c_str() const noexcept { return name_.c_str(); }

private:
    std::string name_;
};

namespace detail {

/// Throws io_error "cannot <what> '<name>': <reason from errno>".
[[noreturn]] inline void throw_errno(const char* what, const std::string& name, int code = errno) {
    throw io_error(std::string("cannot ") + what + " '" + name + "': " + std::strerror(code));
}
[[noreturn]] inline void throw_not_regular(const char* what, const std::string& name, mode_t mode) {
    const char* kind = S_ISDIR(mode)                    ? "a directory"
                       : S_ISFIFO(mode)                 ? "a pipe"
                       : S_ISSOCK(mode)                 ? "a socket"
                       : S_ISCHR(mode) || S_ISBLK(mode) ? "a device"
                                                        : "not a regular file";
    throw io_error(std::string("cannot ") + what + " '" + name + "': it is " + kind + ", not a regular file");
}

/// Owns a file descriptor.
class Descriptor {
public:
    explicit Descriptor(int fd = -1) noexcept : fd_(fd) {}
    Descriptor(Descriptor&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
    Descriptor& operator=(Descriptor&& other) noexcept {
        std::swap(fd_, other.fd_);
        return *this;
    }
    ~Descriptor() {
        if (fd_ >= 0) ::close(fd_);
    }
    [[nodiscard]] int get() const noexcept { return fd_; }
    /// Closes now; false when the system reports an error (some write errors appear only here).
    bool close() noexcept { return ::close(std::exchange(fd_, -1)) == 0; }

private:
    int fd_;
};

}  // namespace detail

/// A regular file, open for reading from its start. Directories, pipes, sockets and devices are refused.
class InputFile {
public:
    /// io_error when the file cannot be opened or is not a regular file. Never waits for a pipe's other end.
    explicit InputFile(const Path& path)
        : name_(path.text()), fd_(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY)) {
        if (fd_.get() < 0) detail::throw_errno("open", name_);
        struct stat info = {};
        if (::fstat(fd_.get(), &info) != 0) detail::throw_errno("inspect", name_);
        if (!S_ISREG(info.st_mode)) detail::throw_not_regular("read", name_, info.st_mode);
        size_ = static_cast<index_t>(info.st_size);
    }

    [[nodiscard]] const std::string& name() const noexcept { return name_; }
    /// Bytes in the file when it was opened.
    [[nodiscard]] index_t size() const noexcept { return size_; }
    [[nodiscard]] index_t position() const noexcept { return position_; }
    /// Bytes between the position and the end.
    [[nodiscard]] index_t left() const noexcept { return size_ - position_; }

    /// For system calls; stays owned by this object.
    [[nodiscard]] int descriptor() const noexcept { return fd_.get(); }
    /// Moves to a byte from 0 to size().
    void seek(index_t position) {
        if (::lseek(fd_.get(), static_cast<off_t>(position), SEEK_SET) < 0) detail::throw_errno("seek in", name_);
        position_ = position;
    }
    /// Reads exactly `count` bytes, which the caller has checked against left(). io_error when the file has shrunk.
    void read(void* to, index_t count) {
        auto* out = static_cast<char*>(to);
        while (count > 0) {
            const ssize_t got = ::read(fd_.get(), out, static_cast<std::size_t>(count));
            if (got < 0 && errno == EINTR) continue;
            if (got < 0) detail::throw_errno("read", name_);
            if (got == 0) throw io_error("'" + name_ + "' became shorter while it was read");
            out += got;
            count -= got;
            position_ += got;
        }
    }

private:
    std::string name_;
    detail::Descriptor fd_;
    index_t size_ = 0;
    index_t position_ = 0;
};

/// Bytes in memory that read as an InputFile does; they must outlive it.
class InputBytes {
public:
    InputBytes(std::string_view bytes, std::string name) : bytes_(bytes), name_(std::move(name)) {}

    [[nodiscard]] const std::string& name() const noexcept { return name_; }
    [[nodiscard]] index_t size() const noexcept { return static_cast<index_t>(bytes_.size()); }
    [[nodiscard]] index_t position() const noexcept { return position_; }
    [[nodiscard]] index_t left() const noexcept { return size() - position_; }
    /// Reads exactly `count` bytes, which the caller has checked against left().
    void read(void* to, index_t count) {
        if (count > 0) std::memcpy(to, bytes_.data() + position_, static_cast<std::size_t>(count));
        position_ += count;
    }

private:
    std::string_view bytes_;
    std::string name_;
    index_t position_ = 0;
};

/// All bytes of a regular file. io_error as InputFile.
/// @snippet files.cpp read_file
inline std::string read_file(const Path& path) {
    InputFile file(path);
    std::string bytes(static_cast<std::size_t>(file.size()), '\0');
    file.read(bytes.data(), file.size());
    return bytes;
}

/// Replaces a file in one step: readers see the old file or the whole new one, never a part.
///
/// Bytes go to a temporary file in the same directory; `commit()` writes them to the disk and renames. Without a
/// commit, or when anything fails (io_error), the temporary file is removed and the old file is as it was. A symbolic
/// link is followed: its target is replaced. The permissions of an existing file are kept.
class AtomicFile {
public:
    explicit AtomicFile(const Path& path) : name_(path.text()), target_(path.text()) {
        struct stat info = {};
        const bool exists = resolve(info);
        open_temporary();
        if (exists && ::fchmod(fd_.get(), info.st_mode & 07777) != 0) {
            const int code = errno;  // the destructor does not run for an object whose constructor throws
            ::unlink(temporary_.c_str());
            detail::throw_errno("set the permissions of", name_, code);
        }
    }
    AtomicFile(const AtomicFile&) = delete;
    AtomicFile& operator=(const AtomicFile&) = delete;
    ~AtomicFile() {
        if (!temporary_.empty()) ::unlink(temporary_.c_str());
    }

    void write(std::string_view bytes) {
        if (buffer_.size() + bytes.size() > buffer_limit) flush();
        if (bytes.size() > buffer_limit) {
            write_now(bytes.data(), bytes.size());
        } else {
            buffer_.append(bytes);
        }
    }
    void write(const void* bytes, index_t count) {
        write(std::string_view(static_cast<const char*>(bytes), static_cast<std::size_t>(count)));
    }

    /// Makes the new content the file's content. Nothing may be written afterwards.
    void commit() {
        flush();
        // Some file systems cannot sync; that is not a failure to write.
        if (::fsync(fd_.get()) != 0 && errno != EINVAL && errno != ENOTSUP) fail("write");
        if (!fd_.close()) fail("close");
        if (::rename(temporary_.c_str(), target_.c_str()) != 0) fail("replace");
        temporary_.clear();
        // The rename has happened; syncing the directory only makes it survive a power cut sooner.
        const detail::Descriptor directory(::open(folder().c_str(), O_RDONLY | O_CLOEXEC | O_DIRECTORY));
        if (directory.get() >= 0) (void)::fsync(directory.get());
    }

private:
    static constexpr std::size_t buffer_limit = std::size_t{1} << 18;

    [[noreturn]] void fail(const char* what) const { detail::throw_errno(what, name_); }

    [[nodiscard]] std::string folder() const {
        const auto slash = target_.rfind('/');
        return slash == std::string::npos ? std::string("./") : target_.substr(0, slash + 1);
    }
    /// Follows a symbolic link; true and `info` filled when there is a file to replace.
    bool resolve(struct stat& info) {
        if (::lstat(target_.c_str(), &info) != 0) {
            if (errno == ENOENT) return false;
            fail("write");
        }
        if (S_ISLNK(info.st_mode)) {
            char* real = ::realpath(target_.c_str(), nullptr);
            if (real == nullptr) fail("follow the link");
            target_ = real;
            std::free(real);
            if (::stat(target_.c_str(), &info) != 0) fail("write");
        }
        if (!S_ISREG(info.st_mode)) detail::throw_not_regular("write", name_, info.st_mode);
        return true;
    }
    void open_temporary() {
        // Short and independent of the target's name, which may have the longest length the system allows.
        const std::string stem = folder() + ".gram-" + std::to_string(::getpid()) + "-";
        for (int attempt = 0; attempt < 10000; ++attempt) {
            std::string candidate = stem + std::to_string(attempt) + ".tmp";
            fd_ = detail::Descriptor(::open(candidate.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666));
            if (fd_.get() >= 0) {
                temporary_ = std::move(candidate);
                return;
            }
            if (errno != EEXIST) fail("write");
        }
        fail("make a temporary file for");
    }
    void flush() {
        write_now(buffer_.data(), buffer_.size());
        buffer_.clear();
    }
    void write_now(const char* bytes, std::size_t count) {
        while (count > 0) {
            const ssize_t put = ::write(fd_.get(), bytes, count);
            if (put < 0 && errno == EINTR) continue;
            if (put < 0) fail("write");
            bytes += put;
            count -= static_cast<std::size_t>(put);
        }
    }

    std::string name_;       ///< as the caller gave it, for messages
    std::string target_;     ///< what is replaced: `name_` with links followed
    std::string temporary_;  ///< empty once there is nothing to remove
    std::string buffer_;
    detail::Descriptor fd_;
};

}  // namespace gram::io::inline GRAM_ISA
