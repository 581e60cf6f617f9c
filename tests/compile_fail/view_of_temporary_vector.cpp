// A view of a temporary std::vector would outlive it.
// expect: deleted
#include <gram/core/convert.hpp>

using namespace gram;

std::vector<double> make();

double f() {
#ifdef GRAM_MUST_NOT_COMPILE
    return view(make())[0];
#else
    const std::vector<double> named = make();
    return view(named)[0];
#endif
}
