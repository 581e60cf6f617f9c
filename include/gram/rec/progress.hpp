/// What fits report while they run.
#pragma once

#include <type_traits>

#include "gram/config.hpp"

namespace gram::rec {

/// What a callback is told after every epoch, numbered from 0.
struct Epoch {
    index_t number;
    double loss;  ///< each fit says what it is
};

/// The callback that wants to know nothing: no loss is computed for it.
struct Silent {
    void operator()(const Epoch&) const {}
};

inline namespace GRAM_ISA {
namespace detail {

/// Callbacks return whether to go on, or nothing.
template <class Callback>
bool goes_on(Callback& callback, const Epoch& epoch) {
    if constexpr (std::is_void_v<decltype(callback(epoch))>) {
        callback(epoch);
        return true;
    } else {
        return static_cast<bool>(callback(epoch));
    }
}

}  // namespace detail
}  // namespace GRAM_ISA
}  // namespace gram::rec
