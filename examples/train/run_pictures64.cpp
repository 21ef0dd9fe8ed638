#include "picture_presets.hpp"
#include "run.hpp"
#include "train_on_cpu.hpp"

namespace train {

int run_pictures64(const Options& options) { return train_on_cpu<Pictures64>(options); }

} // namespace train
