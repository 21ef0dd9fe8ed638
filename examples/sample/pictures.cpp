#include "../train/picture_presets.hpp"
#include "draw.hpp"
#include "sample.hpp"

namespace sample {

void pictures32(const Options& options) { draw<train::Pictures32>(options); }

void pictures64(const Options& options) { draw<train::Pictures64>(options); }

} // namespace sample
