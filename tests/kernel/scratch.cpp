#include "gram/kernel/scratch.hpp"

#include <cstdint>
#include <thread>
#include <utility>

#include "support/catch.hpp"

using gram::index_t;
using gram::kernel::Buffer;
using gram::kernel::detail::keeps_blocks;
using gram::kernel::detail::KeptBlocks;
using gram::kernel::detail::least_kept;
using gram::kernel::detail::most_kept;
using gram::kernel::detail::Scratch;

TEST_CASE("scratch memory is aligned, kept for the next call, and never shared by two users", "[scratch]") {
    KeptBlocks::here().clear();
    const std::byte* first = nullptr;
    {
        const Scratch a(2 * least_kept);
        first = a.at<std::byte>(0);
        CHECK(reinterpret_cast<std::uintptr_t>(first) % 64 == 0);
    }
    const Scratch again(least_kept);
    if (keeps_blocks) CHECK(again.at<std::byte>(0) == first);
    const Scratch other(least_kept);
    CHECK(other.at<std::byte>(0) != again.at<std::byte>(0));
}

TEST_CASE("the smallest block that is large enough is taken", "[scratch]") {
    if (!keeps_blocks) {
        SUCCEED("nothing is kept here");
        return;
    }
    KeptBlocks::here().clear();
    constexpr index_t n = least_kept;
    const std::byte *small = nullptr, *large = nullptr;
    {
        const Scratch a(5 * n), b(n);
        large = a.at<std::byte>(0), small = b.at<std::byte>(0);
    }
    CHECK(KeptBlocks::here().bytes() == 6 * n);
    CHECK(Scratch(n).at<std::byte>(0) == small);
    CHECK(Scratch(n + 1).at<std::byte>(0) == large);
    CHECK(Scratch(5 * n + 1).at<std::byte>(0) != large);
    // A container may live long: it takes nothing that is much too large.
    CHECK(Buffer<std::byte>(2 * n).data() != large);
    CHECK(Buffer<std::byte>(4 * n).data() == large);
}

TEST_CASE("a scratch that moves takes its block along", "[scratch]") {
    KeptBlocks::here().clear();
    Scratch a(2 * least_kept);
    const std::byte* block = a.at<std::byte>(0);
    Scratch b(std::move(a));
    CHECK(b.at<std::byte>(0) == block);
    Scratch c(3 * least_kept);
    c = std::move(b);
    CHECK(c.at<std::byte>(0) == block);
    CHECK(KeptBlocks::here().bytes() == (keeps_blocks ? 3 * least_kept : 0));
}

TEST_CASE("a thread keeps no more than the limit, and the larger of too many blocks", "[scratch]") {
    if (!keeps_blocks) {
        SUCCEED("nothing is kept here");
        return;
    }
    KeptBlocks& kept = KeptBlocks::here();
    kept.clear();
    { const Scratch small(least_kept - 1), huge(most_kept + 1); }
    CHECK(kept.bytes() == 0);
    { const Scratch a(most_kept / 2), b(most_kept / 4), c(most_kept / 2 - 4096); }
    CHECK(kept.bytes() > most_kept / 2);
    CHECK(kept.bytes() <= most_kept);
    kept.clear();
    {
        Scratch many[40];
        for (index_t i = 0; i < 40; ++i) many[i] = Scratch(least_kept + 64 * i);
    }
    CHECK(kept.bytes() == 32 * least_kept + 64 * (39 * 40 / 2 - 7 * 8 / 2));  // the 32 largest
    kept.clear();
    CHECK(kept.bytes() == 0);
}

namespace {

// Given back after its thread's blocks are gone.
Buffer<double>& outlives_the_thread() {
    thread_local Buffer<double> buffer;
    KeptBlocks::here();  // made later, gone earlier
    return buffer;
}

}  // namespace

TEST_CASE("memory may be given back after the thread's blocks", "[scratch]") {
    bool done = false;
    std::thread([&done] {
        outlives_the_thread() = Buffer<double>(100000);
        done = true;
    }).join();
    CHECK(done);
}
