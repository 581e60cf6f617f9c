// The runner of the tests, for the packages of Catch2 2 that do not bring one.
#define CATCH_CONFIG_MAIN
#include <catch2/catch.hpp>
