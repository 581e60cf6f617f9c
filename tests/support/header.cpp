// Compiles the header of the tests ahead of them.
#include "support/catch.hpp"
