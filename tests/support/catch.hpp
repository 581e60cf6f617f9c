// The one place that knows which Catch2 there is: 2.13 and 3 look the same to the tests behind this header.
#pragma once

#if __has_include(<catch2/catch_all.hpp>)

#include <catch2/catch_message.hpp>
#include <catch2/catch_template_test_macros.hpp>
#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators_all.hpp>
#include <catch2/matchers/catch_matchers_all.hpp>

#else

// Assertions compile faster and smaller; an unexpected exception then ends the test case instead of the assertion.
#define CATCH_CONFIG_FAST_COMPILE
#include <catch2/catch.hpp>

#endif

#include <string>

namespace support {

/// Matches a text that holds `part`: `CHECK_THROWS_WITH(f(), contains_text("2 x 3"))`.
inline auto contains_text(const std::string& part) {
#if __has_include(<catch2/catch_all.hpp>)
    return Catch::Matchers::ContainsSubstring(part);
#else
    return Catch::Matchers::Contains(part);
#endif
}

}  // namespace support
