/// Ratings as data has them: (user, item, value) triples, held in their own order, by user and by item.
#pragma once

#include <algorithm>
#include <span>
#include <string>
#include <vector>

#include "gram/core/matrix.hpp"
#include "gram/linalg/check.hpp"

namespace gram::rec {

/// One rating.
template <class T>
struct Rating {
    index_t user;
    index_t item;
    T value;
    friend bool operator==(const Rating&, const Rating&) = default;
};
/// A rating by a user who is known from the context.
template <class T>
struct ItemRating {
    index_t item;
    T value;
    friend bool operator==(const ItemRating&, const ItemRating&) = default;
};
/// A rating of an item that is known from the context.
template <class T>
struct UserRating {
    index_t user;
    T value;
    friend bool operator==(const UserRating&, const UserRating&) = default;
};

inline namespace GRAM_ISA {
namespace detail {

/// Throws std::out_of_range "<what>: <name> i of n" unless 0 <= i < n.
inline void require_index(const char* what, const char* name, index_t i, index_t n) {
    if (i >= 0 && i < n) return;
    throw std::out_of_range(std::string(what) + ": " + name + " " + std::to_string(i) + " of " + std::to_string(n));
}

/// Lines of a sparse matrix, compressed: line l holds entries[start[l] .. start[l + 1]).
template <class Entry>
struct Compressed {
    std::vector<index_t> start;
    std::vector<Entry> entries;

    [[nodiscard]] std::span<const Entry> line(index_t l) const {
        const auto i = static_cast<std::size_t>(l);
        return {entries.data() + start[i], static_cast<std::size_t>(start[i + 1] - start[i])};
    }
};

/// Counting sort of the list by line(rating); within a line the order of the list stays.
template <class Entry, class T, class Line, class Make>
Compressed<Entry> compress(const std::vector<Rating<T>>& list, index_t lines, Line line, Make make) {
    Compressed<Entry> c{std::vector<index_t>(static_cast<std::size_t>(lines) + 1, 0), std::vector<Entry>(list.size())};
    for (const auto& r : list) ++c.start[static_cast<std::size_t>(line(r)) + 1];
    for (std::size_t l = 1; l < c.start.size(); ++l) c.start[l] += c.start[l - 1];
    std::vector<index_t> next(c.start.begin(), c.start.end() - 1);
    for (const auto& r : list) {
        c.entries[static_cast<std::size_t>(next[static_cast<std::size_t>(line(r))]++)] = make(r);
    }
    return c;
}

}  // namespace detail

/// A users×items table of which only some entries are known. Immutable once built; a value.
/// Memory: 56 bytes for each rating of doubles.
template <std::floating_point T>
class Ratings {
public:
    Ratings() : Ratings(0, 0, {}) {}
    /// Errors, each naming the position in the list: std::out_of_range for a user or item outside the table,
    /// non_finite for a value that is NaN or infinite, std::invalid_argument for a pair that was there before.
    Ratings(index_t users, index_t items, std::vector<Rating<T>> list)
        : users_(users), items_(items), list_(std::move(list)) {
        if (users < 0 || items < 0) throw shape_error("Ratings: negative extent in " + shape_text(users, items));
        for (std::size_t p = 0; p < list_.size(); ++p) check(p);
        const auto user = [](const Rating<T>& r) { return r.user; };
        const auto item = [](const Rating<T>& r) { return r.item; };
        by_user_ = detail::compress<ItemRating<T>>(list_, users, user, [](const Rating<T>& r) {
            return ItemRating<T>{r.item, r.value};
        });
        by_item_ = detail::compress<UserRating<T>>(list_, items, item, [](const Rating<T>& r) {
            return UserRating<T>{r.user, r.value};
        });
        refuse_duplicates();
    }

    [[nodiscard]] index_t users() const noexcept { return users_; }
    [[nodiscard]] index_t items() const noexcept { return items_; }
    /// Number of ratings.
    [[nodiscard]] index_t size() const noexcept { return static_cast<index_t>(list_.size()); }
    [[nodiscard]] bool empty() const noexcept { return list_.empty(); }
    /// The ratings in the order in which they were given.
    [[nodiscard]] const std::vector<Rating<T>>& list() const noexcept { return list_; }
    [[nodiscard]] auto begin() const noexcept { return list_.begin(); }
    [[nodiscard]] auto end() const noexcept { return list_.end(); }
    /// What a user rated, in the order of the list. std::out_of_range.
    [[nodiscard]] std::span<const ItemRating<T>> by_user(index_t user) const {
        detail::require_index("Ratings", "user", user, users_);
        return by_user_.line(user);
    }
    /// Who rated an item, in the order of the list. std::out_of_range.
    [[nodiscard]] std::span<const UserRating<T>> by_item(index_t item) const {
        detail::require_index("Ratings", "item", item, items_);
        return by_item_.line(item);
    }

    friend bool operator==(const Ratings& a, const Ratings& b) {
        return a.users_ == b.users_ && a.items_ == b.items_ && a.list_ == b.list_;
    }

private:
    [[nodiscard]] std::string place(std::size_t p) const {
        return "Ratings: rating " + std::to_string(p) + " (user " + std::to_string(list_[p].user) + ", item " +
               std::to_string(list_[p].item) + ")";
    }
    void check(std::size_t p) const {
        const auto& r = list_[p];
        if (r.user < 0 || r.user >= users_ || r.item < 0 || r.item >= items_) {
            throw std::out_of_range(place(p) + " is outside the " + shape_text(users_, items_) + " table");
        }
        if (!linalg::detail::is_finite(r.value)) throw non_finite(place(p) + " is not finite");
    }
    /// A user's items in a table of last visitors: O(size + items).
    void refuse_duplicates() const {
        std::vector<index_t> visitor(static_cast<std::size_t>(items_), -1);
        for (index_t u = 0; u < users_; ++u) {
            for (const auto& r : by_user_.line(u)) {
                index_t& last = visitor[static_cast<std::size_t>(r.item)];
                if (last == u) name_duplicate(u, r.item);
                last = u;
            }
        }
    }
    [[noreturn]] void name_duplicate(index_t user, index_t item) const {
        const auto same = [&](const Rating<T>& r) { return r.user == user && r.item == item; };
        const auto first = std::find_if(list_.begin(), list_.end(), same);
        const auto second = std::find_if(first + 1, list_.end(), same);
        throw std::invalid_argument(place(static_cast<std::size_t>(second - list_.begin())) + " was given before, as " +
                                    std::to_string(first - list_.begin()));
    }

    index_t users_ = 0, items_ = 0;
    std::vector<Rating<T>> list_;
    detail::Compressed<ItemRating<T>> by_user_;
    detail::Compressed<UserRating<T>> by_item_;
};

/// Ratings as a loader gives them: columns `user`, `item` and `value`, and what the file calls users and items.
template <class F>
concept RatingColumns = requires(const F& file, std::size_t r) {
    { file.user[r] } -> std::convertible_to<index_t>;
    { file.item[r] } -> std::convertible_to<index_t>;
    { file.value[r] } -> std::convertible_to<double>;
    file.user_ids.size();
    file.item_ids.size();
};

/// The table of a loaded file, as `ratings_from<double>(io::load_ratings(path))`, in its order. Errors: as Ratings.
/// @snippet tables.cpp load_ratings
template <std::floating_point T, RatingColumns F>
[[nodiscard]] Ratings<T> ratings_from(const F& file) {
    std::vector<Rating<T>> list;
    list.reserve(file.value.size());
    for (std::size_t r = 0; r < file.value.size(); ++r) {
        list.push_back({file.user[r], file.item[r], static_cast<T>(file.value[r])});
    }
    return {std::ssize(file.user_ids), std::ssize(file.item_ids), std::move(list)};
}

/// The mean of all ratings; NaN without any.
/// @snippet models.cpp ratings
template <std::floating_point T>
[[nodiscard]] T mean_rating(const Ratings<T>& ratings) {
    // Summed in double, in blocks by user, so that a million ratings in float lose nothing.
    double total = 0;
    for (index_t u = 0; u < ratings.users(); ++u) {
        double sum = 0;
        for (const auto& r : ratings.by_user(u)) sum += static_cast<double>(r.value);
        total += sum;
    }
    return static_cast<T>(total / static_cast<double>(ratings.size()));
}

}  // namespace GRAM_ISA
}  // namespace gram::rec
