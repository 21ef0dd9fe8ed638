#pragma once

#include <ctgan/io/error.hpp>
#include <ctgan/io/network_text.hpp>
#include <ctgan/io/safetensors.hpp>
#include <ctgan/io/tensors_to_write.hpp>

#include <fmt/format.h>

#include "options.hpp"
#include <algorithm>
#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace train {

/// What makes a run this one and no other: from the same networks, data, seed, batch size, rates and starting
/// weights the same numbers follow. A checkpoint holds it as metadata.
class Identity {
  public:
    /// `data` tells one data set from another.
    template <class Gan>
    static Identity of(const Options& options, std::string data) {
        Identity identity;
        identity.generator_ = ctgan::io::layers_text<typename Gan::Generator::net>();
        identity.discriminator_ = ctgan::io::layers_text<typename Gan::Discriminator::net>();
        identity.numbers_ = name_of(ctgan::io::detail::dtype_of<typename Gan::Generator::scalar>);
        if (options.tf32) identity.numbers_ += ", products in TF32";
        identity.data_ = std::move(data);
        identity.flags_ = {{"batch-size", fmt::format("{}", options.batch_size)},
                           {"seed", fmt::format("{}", options.seed)},
                           {"generator-lr", fmt::format("{}", options.generator_lr)},
                           {"discriminator-lr", fmt::format("{}", options.discriminator_lr)},
                           {"init-generator", file(options.init_generator)},
                           {"init-discriminator", file(options.init_discriminator)}};
        return identity;
    }

    ctgan::io::SafetensorsFile::Metadata metadata() const {
        ctgan::io::SafetensorsFile::Metadata metadata{{"generator", joined(generator_)},
                                                      {"discriminator", joined(discriminator_)},
                                                      {"numbers", numbers_},
                                                      {"data", data_}};
        metadata.insert(flags_.begin(), flags_.end());
        return metadata;
    }

    /// Throws io::Error with the first thing in which a checkpoint's run differs from this one.
    void require(const ctgan::io::SafetensorsFile& checkpoint) const {
        require_layers(checkpoint, "generator", generator_);
        require_layers(checkpoint, "discriminator", discriminator_);
        require_same(checkpoint, "numbers", numbers_, "numbers of type {}", "{}");
        require_same(checkpoint, "data", data_, "a run on {}", "{}");
        for (const auto& [flag, value] : flags_)
            require_same(checkpoint, flag, value, "a run with --" + flag + " {}", "--" + flag + " {}");
    }

  private:
    using Layers = std::vector<std::string>;
    static inline const std::string between_layers = "; ";

    static std::string joined(const Layers& layers) {
        std::string text;
        for (const std::string& layer : layers) text += (text.empty() ? "" : between_layers) + layer;
        return text;
    }

    /// Only the name: the run may have written over it since.
    static std::string file(const std::filesystem::path& path) {
        return path.empty() ? "(none)" : ctgan::io::printable(path.native());
    }

    static const std::string& found(const ctgan::io::SafetensorsFile& checkpoint, const std::string& key) {
        const auto entry = checkpoint.metadata().find(key);
        if (entry == checkpoint.metadata().end())
            throw ctgan::io::Error(checkpoint.path(), "no '" + key + "' in __metadata__",
                                   "a checkpoint of train_dcgan");
        return entry->second;
    }

    static void require_same(const ctgan::io::SafetensorsFile& checkpoint, const std::string& key,
                             const std::string& expected, const std::string& found_words,
                             const std::string& expected_words) {
        const std::string& there = found(checkpoint, key);
        if (there != expected)
            throw ctgan::io::Error(checkpoint.path(),
                                   fmt::format(fmt::runtime(found_words), ctgan::io::printable(there)),
                                   fmt::format(fmt::runtime(expected_words), expected));
    }

    static void require_layers(const ctgan::io::SafetensorsFile& checkpoint, const std::string& network,
                               const Layers& expected) {
        std::string_view rest = found(checkpoint, network);
        if (rest == joined(expected)) return;
        for (std::size_t number = 0;; ++number) {
            const auto end = std::min(rest.find(between_layers), rest.size());
            const std::string_view there = rest.substr(0, end);
            if (number < expected.size() && there == expected[number]) {
                rest.remove_prefix(std::min(end + between_layers.size(), rest.size()));
                continue;
            }
            throw ctgan::io::Error(checkpoint.path(),
                                   fmt::format("a {} whose layer {} is {}", network, number + 1,
                                               there.empty() ? "missing" : ctgan::io::printable(there)),
                                   number < expected.size() ? expected[number]
                                                            : fmt::format("{} layers", expected.size()));
        }
    }

    Layers generator_, discriminator_;
    std::string numbers_, data_;
    std::vector<std::pair<std::string, std::string>> flags_; ///< that have to be the same, without the dashes
};

} // namespace train
