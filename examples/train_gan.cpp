// Trains a GAN by one of several recipes: train_gan --preset NAME [--data DIR] [--out DIR] ... (see --help)

#include <fmt/core.h>

#include "program.hpp"
#include "train/preset_list.hpp"
#include "train/program_flags.hpp"
#include "train/record.hpp"
#include <cstddef>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace {

/// The last value of --preset. It sets the defaults of other flags, so it must be known before they are
/// declared; the parser checks it later.
std::string_view given_preset(const std::vector<std::string>& command) {
    constexpr std::string_view flag = "--preset";
    std::string_view name;
    for (std::size_t i = 1; i < command.size(); ++i) {
        const std::string_view word = command[i];
        if (word == flag && i + 1 < command.size())
            name = command[i + 1];
        else if (word.starts_with(flag) && word.substr(flag.size()).starts_with('='))
            name = word.substr(flag.size() + 1);
    }
    return name;
}

} // namespace

int main(int argc, char** argv) {
    train::Options options;
    options.command.assign(argv, argv + argc);
    options.program = "train_gan";
    const auto& presets = train::presets();
    const auto* preset = train::find_preset(given_preset(options.command));
    if (!preset) preset = &presets.front();
    options.preset = preset->name;
    options.preset_version = preset->version;
    preset->set_defaults(options);

    bool list = false;
    std::string device = "cpu";
    train::ProgramFlags flags;
    program::Arguments arguments{"Trains a GAN by one of several recipes", options.program};
    arguments.let_the_last_count();
    std::vector<std::string> names;
    for (const auto& each : presets) names.emplace_back(each.name);
    arguments
        .option("--preset", options.preset,
                "networks, objective and defaults of the other flags; see --list-presets")
        .one_of(names)
        .show_default();
    arguments.flag("--list-presets", list, "list the presets and exit");
    train::declare_flags(arguments, options, flags);
    arguments.flag(
        "--flip", options.flip,
        "mirror each picture, left to right, with a chance of one half in each epoch; not for digits");
    arguments.option("--device", device, "cpu; presets are not compiled for CUDA yet").one_of({"cpu"});
    return arguments.run(argc, argv, [&] {
        if (list) {
            for (const auto& each : presets) train::say("{:12} {}", each.name, each.about);
            return 0;
        }
        if (options.preset != preset->name) // whose defaults and networks these are
            throw std::invalid_argument("--preset: found it in a form that train_gan does not know, expected "
                                        "--preset NAME or --preset=NAME");
        if (options.flip && !preset->may_flip)
            throw std::invalid_argument(
                "--flip: found it with a preset for digits, which mirrored are others, "
                "expected one for pictures");
        if (options.data.empty() && flags.checkpoint.empty())
            throw std::invalid_argument(fmt::format(
                "--data: found none, expected {} for preset {}",
                preset->may_flip ? "a folder of pictures" : "a file of images or a folder", options.preset));
        return run_program(options, flags, [&] { return preset->run(options); });
    });
}
