#pragma once

#include <ctgan/ranks/agreement.hpp>

#include "identity.hpp"
#include "options.hpp"
#include <vector>

namespace train {

/// What all ranks of a run must have alike, by the names of the flags.
std::vector<ctgan::ranks::Setting> settings_of(const Options& options, const Identity& identity);

} // namespace train
