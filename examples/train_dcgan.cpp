// Trains the published DCGAN on MNIST: train_dcgan [--data DIR] [--out DIR] ... (see --help)

#include "cuda/train_dcgan.hpp"

#include "device.hpp"
#include "program.hpp"
#include "train/program_flags.hpp"
#include "train/run.hpp"
#include <string>

/// Returns 0, or the number of the signal that stopped the run.
static int train_on(const std::string& device, const train::Options& options) {
    if (program::chooses_cuda(device)) {
        if constexpr (program::built_with_cuda) return train::run_on_cuda(options);
    }
    return train::run_on_cpu(options);
}

int main(int argc, char** argv) {
    train::Options options;
    options.command.assign(argv, argv + argc);
    std::string device;
    train::ProgramFlags flags;
    program::Arguments arguments{"Trains a DCGAN on handwritten digits", options.program};
    // If a flag is given twice, the last value counts: scripts append flags to their defaults.
    arguments.let_the_last_count();
    train::declare_flags(arguments, options, flags);
    program::add_device(arguments, device);
    arguments.flag("--tf32", options.tf32,
                   "CUDA: multiply in TF32, which is faster, with a relative error of 5e-4 instead of 1e-7");
    arguments.flag("!--no-graph", options.graph,
                   "CUDA: launch each kernel by itself, so that an error names its kernel");
    return arguments.run(
        argc, argv, [&] { return run_program(options, flags, [&] { return train_on(device, options); }); });
}
