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

TEST_CASE("memory that fills a huge page but for an eighth begins at one", "[buffer]") {
    constexpr auto page = gram::kernel::detail::huge_page;
    CHECK(gram::kernel::detail::huge_pages(page / 8 * 7 - 1) == 0);
    CHECK(gram::kernel::detail::huge_pages(page / 8 * 7) == 1);
    CHECK(gram::kernel::detail::huge_pages(page + page / 2) == 1);
    CHECK(gram::kernel::detail::huge_pages(3 * page - 1) == 3);
    for (const gram::index_t bytes : {page / 8 * 7, page, page + page / 2, 3 * page - 1}) {
        const gram::kernel::Buffer<unsigned char> buffer(bytes);
        CHECK(reinterpret_cast<std::uintptr_t>(buffer.data()) % static_cast<std::uintptr_t>(page) == 0);
        buffer.data()[0] = buffer.data()[bytes - 1] = 1;
    }
}
