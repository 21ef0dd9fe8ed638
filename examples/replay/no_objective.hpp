#pragma once

#include <ctgan/core/config.hpp>

namespace replay {

/// An objective of which only the penalty is left.
struct NoObjective {
    struct Zero {
        template <class T>
        CTGAN_HD static T term(T) {
            return 0;
        }
        template <class T>
        CTGAN_HD static T slope(T) {
            return 0;
        }
    };
    using Real = Zero;
    using Generated = Zero;
    using Generator = Zero;
};

} // namespace replay
