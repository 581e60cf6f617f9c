#include "gram/kernel/scratch.hpp"

#include <cstdint>

#include "support/catch.hpp"

using gram::kernel::detail::Scratch;

TEST_CASE("scratch memory is aligned, kept for the next call, and never shared by two users", "[scratch]") {
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

TEST_CASE("a block beyond the limit is not kept", "[scratch]") {
    { const Scratch huge(gram::kernel::detail::scratch_kept_bytes + 1); }
    CHECK(gram::kernel::detail::kept_scratch().size() <= gram::kernel::detail::scratch_kept_bytes);
}
