#include "networks.hpp"
#include "run.hpp"
#include "train_on_cpu.hpp"

namespace train {

int run_on_cpu(const Options& options) { return train_on_cpu<Reference>(options); }

} // namespace train
