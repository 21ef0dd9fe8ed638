#include "identity.hpp"

#include <ctgan/io/error.hpp>
#include <ctgan/io/tensors_to_write.hpp>

#include <fmt/core.h>

#include <algorithm>
#include <cstddef>
#include <filesystem>
#include <string_view>

namespace train {

namespace {

using Layers = Identity::Layers;
constexpr std::string_view between_layers = "; ";

std::string joined(const Layers& layers) {
    std::string text;
    for (const std::string& layer : layers) {
        if (!text.empty()) text += between_layers;
        text += layer;
    }
    return text;
}

/// Only the name, not the contents: the run may have overwritten the file since.
std::string file(const std::filesystem::path& path) {
    return path.empty() ? "(none)" : ctgan::io::printable(path.native());
}

const std::string& found(const ctgan::io::SafetensorsFile& checkpoint, const std::string& key) {
    const auto entry = checkpoint.metadata().find(key);
    if (entry == checkpoint.metadata().end())
        throw ctgan::io::Error(checkpoint.path(), "no '" + key + "' in __metadata__",
                               "a checkpoint of a run of training");
    return entry->second;
}

void require_same(const ctgan::io::SafetensorsFile& checkpoint, const std::string& key,
                  const std::string& expected, const std::string& found_words,
                  const std::string& expected_words) {
    const std::string& there = found(checkpoint, key);
    if (there != expected)
        throw ctgan::io::Error(checkpoint.path(),
                               fmt::format(fmt::runtime(found_words), ctgan::io::printable(there)),
                               fmt::format(fmt::runtime(expected_words), expected));
}

void require_layers(const ctgan::io::SafetensorsFile& checkpoint, const std::string& network,
                    const Layers& expected) {
    std::string_view remainder = found(checkpoint, network);
    if (remainder == joined(expected)) return;
    for (std::size_t number = 0;; ++number) {
        const auto end = std::min(remainder.find(between_layers), remainder.size());
        const std::string_view there = remainder.substr(0, end);
        if (number < expected.size() && there == expected[number]) {
            remainder.remove_prefix(std::min(end + between_layers.size(), remainder.size()));
            continue;
        }
        throw ctgan::io::Error(checkpoint.path(),
                               fmt::format("a {} whose layer {} is {}", network, number + 1,
                                           there.empty() ? "missing" : ctgan::io::printable(there)),
                               number < expected.size() ? expected[number]
                                                        : fmt::format("{} layers", expected.size()));
    }
}

/// A preset's name does not tell which losses and betas it had when the run began.
std::string preset_of(const Options& options) {
    if (options.preset.empty()) return {};
    return fmt::format("{} (version {})", options.preset, options.preset_version);
}

} // namespace

Identity::Identity(const Options& options, Layers generator, Layers discriminator, std::string numbers,
                   std::string data)
    : generator_(std::move(generator)),
      discriminator_(std::move(discriminator)),
      numbers_(std::move(numbers)),
      data_(std::move(data)),
      flags_{{"batch-size", fmt::format("{}", options.batch_size)},
             {"seed", fmt::format("{}", options.seed)},
             {"generator-lr", fmt::format("{}", options.generator_lr)},
             {"discriminator-lr", fmt::format("{}", options.discriminator_lr)},
             {"init-generator", file(options.init_generator)},
             {"init-discriminator", file(options.init_discriminator)}},
      later_flags_{{"shards", fmt::format("{}", options.shards), "1"},
                   {"preset", preset_of(options), ""},
                   {"batch-statistics", options.batch_statistics, "batch"},
                   {"score-every", fmt::format("{}", options.score_every), "0"},
                   {"rollback", fmt::format("{}", options.rollback), "0"},
                   {"flip", options.flip ? "on" : "off", "off"}} {
    if (options.tf32) numbers_ += ", products in TF32";
}

ctgan::io::SafetensorsFile::Metadata Identity::metadata() const {
    ctgan::io::SafetensorsFile::Metadata metadata{{"generator", joined(generator_)},
                                                  {"discriminator", joined(discriminator_)},
                                                  {"numbers", numbers_},
                                                  {"data", data_}};
    metadata.insert(flags_.begin(), flags_.end());
    for (const LaterFlag& flag : later_flags_)
        if (flag.value != flag.usual) metadata.emplace(flag.name, flag.value);
    return metadata;
}

void Identity::require(const ctgan::io::SafetensorsFile& checkpoint) const {
    require_layers(checkpoint, "generator", generator_);
    require_layers(checkpoint, "discriminator", discriminator_);
    require_same(checkpoint, "numbers", numbers_, "numbers of type {}", "{}");
    require_same(checkpoint, "data", data_, "a run on {}", "{}");
    for (const LaterFlag& flag : later_flags_) {
        const auto entry = checkpoint.metadata().find(flag.name);
        const std::string& there = entry == checkpoint.metadata().end() ? flag.usual : entry->second;
        if (there != flag.value)
            throw ctgan::io::Error(checkpoint.path(),
                                   fmt::format("a run with --{} {}", flag.name, ctgan::io::printable(there)),
                                   fmt::format("--{} {}", flag.name, flag.value));
    }
    for (const auto& [flag, value] : flags_)
        require_same(checkpoint, flag, value, "a run with --" + flag + " {}", "--" + flag + " {}");
}

} // namespace train
