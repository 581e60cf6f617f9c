// The hierarchy of errors and the texts that name shapes.
#include "gram/core/error.hpp"

#include <type_traits>

#include "gram/gram.hpp"
#include "support/catch.hpp"

using namespace gram;

TEST_CASE("errors derive as documented") {
    STATIC_REQUIRE(std::is_base_of_v<std::runtime_error, error>);
    STATIC_REQUIRE(std::is_base_of_v<error, singular_matrix>);
    STATIC_REQUIRE(std::is_base_of_v<error, not_positive_definite>);
    STATIC_REQUIRE(std::is_base_of_v<error, non_finite>);
    STATIC_REQUIRE(std::is_base_of_v<error, no_convergence>);
    STATIC_REQUIRE(std::is_base_of_v<error, format_error>);
    STATIC_REQUIRE(std::is_base_of_v<error, io_error>);
    STATIC_REQUIRE(std::is_base_of_v<std::invalid_argument, shape_error>);
}

TEST_CASE("a shape is written with a cross") {
    CHECK(shape_text(3, 5) == "3x5");
    CHECK(shape_text(0, 0) == "0x0");
    CHECK_THROWS_WITH(throw_shape("solve", 3, 5, "and", 4, 2), "solve: 3x5 and 4x2");
    CHECK_THROWS_AS(throw_shape("solve", 3, 5, "and", 4, 2), shape_error);
}

TEST_CASE("every error keeps its text") {
    CHECK(std::string(error("a").what()) == "a");
    CHECK(std::string(singular_matrix("b").what()) == "b");
    CHECK(std::string(not_positive_definite("c").what()) == "c");
    CHECK(std::string(non_finite("d").what()) == "d");
    CHECK(std::string(no_convergence("e").what()) == "e");
    CHECK(std::string(format_error("f").what()) == "f");
    CHECK(std::string(io_error("g").what()) == "g");
    CHECK(std::string(shape_error("h").what()) == "h");
}
