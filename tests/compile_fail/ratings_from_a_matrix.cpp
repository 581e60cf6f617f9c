// Ratings come from columns: users, items, values.
// expect: RatingColumns
#include <string>
#include <vector>

#include <gram/rec/ratings.hpp>

using namespace gram;

struct File {
    std::vector<index_t> user, item;
    std::vector<double> value;
    std::vector<std::string> user_ids, item_ids;
};

auto f([[maybe_unused]] const File& file) {
#ifdef GRAM_MUST_NOT_COMPILE
    return rec::ratings_from<double>(Matrix<double>(3, 3));
#else
    return rec::ratings_from<double>(file);
#endif
}
