#include "gram/kernel/scratch.hpp"

#include <cstdint>
#include <utility>

#include "support/catch.hpp"

using gram::index_t;
using gram::kernel::detail::kept_blocks;
using gram::kernel::detail::Scratch;
using gram::kernel::detail::scratch_kept_bytes;

TEST_CASE("scratch memory is aligned, kept for the next call, and never shared by two users", "[scratch]") {
    kept_blocks().clear();
    const std::byte* first = nullptr;
    {
        const Scratch a(1000);
        first = a.at<std::byte>(0);
        CHECK(reinterpret_cast<std::uintptr_t>(first) % 64 == 0);
    }
    const Scratch again(500);
    CHECK(again.at<std::byte>(0) == first);
    const Scratch other(500);
    CHECK(other.at<std::byte>(0) != first);
}

TEST_CASE("the smallest block that is large enough is taken", "[scratch]") {
    kept_blocks().clear();
    const std::byte *small = nullptr, *large = nullptr;
    {
        const Scratch a(5000), b(1000);
        large = a.at<std::byte>(0), small = b.at<std::byte>(0);
    }
    CHECK(kept_blocks().bytes() == 6000);
    CHECK(Scratch(1000).at<std::byte>(0) == small);
    CHECK(Scratch(1001).at<std::byte>(0) == large);
    CHECK(Scratch(5001).at<std::byte>(0) != large);
}

TEST_CASE("a scratch that moves takes its block along", "[scratch]") {
    kept_blocks().clear();
    Scratch a(1000);
    const std::byte* block = a.at<std::byte>(0);
    Scratch b(std::move(a));
    CHECK(b.at<std::byte>(0) == block);
    Scratch c(2000);
    c = std::move(b);
    CHECK(c.at<std::byte>(0) == block);
    CHECK(kept_blocks().bytes() == 2000);
    c = Scratch();
    CHECK(kept_blocks().bytes() == 3000);
}

TEST_CASE("a thread keeps no more than the limit, and the larger of too many blocks", "[scratch]") {
    kept_blocks().clear();
    { const Scratch huge(scratch_kept_bytes + 1); }
    CHECK(kept_blocks().bytes() == 0);
    { const Scratch a(scratch_kept_bytes / 2), b(scratch_kept_bytes / 4), c(scratch_kept_bytes / 2); }
    CHECK(kept_blocks().bytes() == scratch_kept_bytes);
    kept_blocks().clear();
    {
        Scratch many[20];
        for (index_t i = 0; i < 20; ++i) many[i] = Scratch(100 * (i + 1));
    }
    CHECK(kept_blocks().bytes() == 100 * (20 * 21 / 2 - 4 * 5 / 2));  // the sixteen largest
    kept_blocks().clear();
    CHECK(kept_blocks().bytes() == 0);
}
