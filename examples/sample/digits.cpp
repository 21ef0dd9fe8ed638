#include "../train/networks.hpp"
#include "../train/presets.hpp"
#include "draw.hpp"
#include "sample.hpp"

namespace sample {

void digits(const Options& options) { draw<train::Digits>(options); }

void reference(const Options& options) { draw<train::Reference>(options); }

} // namespace sample
