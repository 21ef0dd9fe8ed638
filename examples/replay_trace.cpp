// Repeats the steps of a training run that PyTorch recorded and prints how far the results are from
// PyTorch's: replay_trace FILE

#include "cuda/replay_trace.hpp"

#include <fmt/core.h>

#include "device.hpp"
#include "program.hpp"
#include "replay/on_cpu.hpp"

int main(int argc, char** argv) {
    program::Arguments arguments{
        "Repeats the steps of a recorded training run and prints the relative L2 distances to "
        "PyTorch's results",
        "replay_trace"};
    std::string file, scalar = "float", device;
    int threads = 0;
    arguments.option("file", file, "safetensors file with the trace").required();
    arguments.option("--scalar", scalar, "scalar type: float or double").one_of({"float", "double"});
    program::add_device(arguments, device);
    arguments.option("--threads", threads, "number of threads (all cores)").between(1, 1024);
    return arguments.run(argc, argv, [&] {
        const bool on_cuda = program::chooses_cuda(device), in_double = scalar == "double";
        if (threads > 0) ctgan::cpu::set_threads(threads);
        const auto trace = ctgan::io::SafetensorsFile::open(file);
        const auto print_step = [](int step, double d, double g) {
            fmt::print("{} {:.17g} {:.17g}\n", step, d, g);
        };
        const auto result = [&] {
            if (on_cuda) {
                if constexpr (program::built_with_cuda)
                    return replay::replay_trace_on_cuda(trace, in_double, print_step);
            }
            return replay::replay_trace_on_cpu(trace, in_double, print_step);
        }();
        fmt::print("first_fake {:.3e}\nd_loss {:.3e}\ng_loss {:.3e}\n", result.first_fake,
                   result.discriminator_loss, result.generator_loss);
        for (const auto& [name, distance] : result.state) fmt::print("state {} {:.3e}\n", name, distance);
        return 0;
    });
}
