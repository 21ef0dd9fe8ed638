#pragma once

#include "options.hpp"
#include <string_view>
#include <vector>

namespace train {

/// A recipe of train_gan.
struct Preset {
    const char* name;
    int version;       ///< grows when a change gives other results
    const char* about; ///< data, time and score, in a line
    bool may_flip;     ///< whether a mirrored picture is one of the data, too
    /// Sets the flags' defaults.
    void (*set_defaults)(Options& options);
    /// Trains. Returns 0, or the number of the signal that stopped the run.
    int (*run)(const Options& options);
};

/// All of them. The first is the default.
const std::vector<Preset>& presets();
/// The one of this name, or null.
const Preset* find_preset(std::string_view name);

} // namespace train
