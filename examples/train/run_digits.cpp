#include "presets.hpp"
#include "run.hpp"
#include "train_on_cpu.hpp"

namespace train {

int run_digits(const Options& options) { return train_on_cpu<Digits>(options); }

} // namespace train
