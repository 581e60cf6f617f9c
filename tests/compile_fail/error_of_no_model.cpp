// rmse asks a model for predictions.
// expect: Predictor
#include <gram/rec/baselines.hpp>
#include <gram/rec/metrics.hpp>

using namespace gram;

double f(const rec::Ratings<double>& ratings) {
#ifdef GRAM_MUST_NOT_COMPILE
    return rec::rmse(3.0, ratings);
#else
    return rec::rmse(rec::fit_mean(ratings), ratings);
#endif
}
