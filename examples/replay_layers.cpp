// Runs single layers on inputs that PyTorch recorded and prints how far the results are from PyTorch's:
// replay_layers FILE

#include "cuda/replay_layers.hpp"

#include <fmt/core.h>

#include "device.hpp"
#include "program.hpp"
#include "replay/cases.hpp"
#include "replay/on_cpu.hpp"
#include <set>
#include <string>

int main(int argc, char** argv) {
    program::Arguments arguments{
        "Runs single layers on recorded inputs and prints the relative L2 distances to PyTorch's results",
        "replay_layers"};
    std::string path, scalar = "float", device;
    arguments.option("file", path, "safetensors file with the cases").required();
    arguments.option("--scalar", scalar, "scalar type: float or double").one_of({"float", "double"});
    program::add_device(arguments, device);
    return arguments.run(argc, argv, [&] {
        const bool on_cuda = program::chooses_cuda(device), in_double = scalar == "double";
        const auto file = ctgan::io::SafetensorsFile::open(path);
        const auto results = [&] {
            if (on_cuda) {
                if constexpr (program::built_with_cuda) return replay::replay_layers_on_cuda(file, in_double);
            }
            return in_double ? replay::replay_layers_in_double(file) : replay::replay_layers_in_float(file);
        }();
        if (results.empty())
            throw ctgan::io::Error(path, "no case that is compiled into this program", "at least one");
        std::set<std::string> unknown; // the names of cases, up to the first dot
        for (const std::string& tensor : replay::unknown_tensors(file, replay::cases))
            unknown.insert(tensor.substr(0, tensor.find('.')));
        for (const std::string& name : unknown)
            fmt::print(stderr, "replay_layers: {}: left out {}, a case that is not compiled in\n", path,
                       name);
        for (const auto& [name, distances] : results) {
            fmt::print("{}", name);
            for (const auto& [what, distance] : distances) fmt::print(" {} {:.3e}", what, distance);
            fmt::print("\n");
        }
        return 0;
    });
}
