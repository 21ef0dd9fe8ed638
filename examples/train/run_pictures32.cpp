#include "picture_presets.hpp"
#include "run.hpp"
#include "train_on_cpu.hpp"

namespace train {

int run_pictures32(const Options& options) { return train_on_cpu<Pictures32>(options); }

} // namespace train
