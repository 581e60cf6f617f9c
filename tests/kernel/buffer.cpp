#include "gram/kernel/buffer.hpp"

#include <cstdint>
#include <limits>
#include <utility>

#include "support/catch.hpp"

using gram::index_t;
using gram::kernel::Buffer;
using gram::kernel::checked_size;

TEST_CASE("checked_size refuses sizes whose bytes do not fit an index", "[buffer]") {
    constexpr index_t top = std::numeric_limits<index_t>::max();
    CHECK(checked_size<double>(3, 4) == 12);
    CHECK(checked_size<double>(0, top) == 0);
    CHECK(checked_size<double>(top, 0) == 0);
    CHECK_THROWS_AS(checked_size<double>(top / 8, 2), std::bad_array_new_length);
    CHECK_THROWS_AS(checked_size<double>(top, top), std::bad_array_new_length);
    CHECK_THROWS_AS(checked_size<double>(-1, 2), std::bad_array_new_length);
    CHECK_THROWS_AS(Buffer<double>(top), std::bad_array_new_length);
}

TEST_CASE("a buffer is aligned, moves, and frees once", "[buffer]") {
    Buffer<double> a(10);
    CHECK(reinterpret_cast<std::uintptr_t>(a.data()) % 64 == 0);
    const double* p = a.data();
    Buffer<double> b(std::move(a));
    CHECK(b.data() == p);
    CHECK(a.data() == nullptr);
    CHECK(a.size() == 0);
    Buffer<double> c;
    CHECK(c.data() == nullptr);
    c = std::move(b);
    CHECK(c.size() == 10);
    c = Buffer<double>(3);
    CHECK(c.size() == 3);
}

TEST_CASE("blocks of every size are aligned and all there", "[buffer]") {
    constexpr auto page = gram::kernel::detail::huge_page;
    CHECK(gram::kernel::detail::huge_pages(page / 8 * 7 - 1) == 0);
    CHECK(gram::kernel::detail::huge_pages(page / 8 * 7) == 1);
    CHECK(gram::kernel::detail::huge_pages(page + page / 2) == 1);
    CHECK(gram::kernel::detail::huge_pages(3 * page - 1) == 3);
    for (const index_t bytes : {index_t{1}, index_t{63}, index_t{64}, index_t{1000}, page / 8 * 7 - 65,
                                page / 8 * 7 - 64, page - 64, page, page + page / 2, 3 * page - 1}) {
        const Buffer<unsigned char> buffer(bytes);
        CHECK(reinterpret_cast<std::uintptr_t>(buffer.data()) % 64 == 0);
        CHECK(gram::kernel::detail::BlockHeader::of(buffer.data()).capacity >= bytes);
        for (index_t i = 0; i < bytes; i += 61) buffer.data()[i] = 1;
        buffer.data()[bytes - 1] = 1;
    }
}
