#pragma once

#include <ctgan/io/checksum.hpp>
#include <ctgan/io/gan_state.hpp>
#include <ctgan/io/network_text.hpp>
#include <ctgan/io/safetensors.hpp>

#include <fmt/format.h>

#include "options.hpp"
#include <algorithm>
#include <cstddef>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace train {

/// What makes a run this one and no other: from the same networks, data, starting weights, seed, batch size
/// and rates the same numbers follow. A checkpoint holds it as metadata.
class Identity {
  public:
    /// Of a Gan that has not been trained yet.
    template <class Gan>
    Identity(const Options& options, const Gan& gan, ctgan::io::GanNames names, std::string data)
        : generator_(ctgan::io::layers_text<typename Gan::Generator::net>()),
          discriminator_(ctgan::io::layers_text<typename Gan::Discriminator::net>()),
          numbers_(name_of(ctgan::io::detail::dtype_of<typename Gan::Generator::scalar>)),
          data_(std::move(data)),
          flags_{{"batch-size", fmt::format("{}", options.batch_size)},
                 {"seed", fmt::format("{}", options.seed)},
                 {"generator-lr", fmt::format("{}", options.generator_lr)},
                 {"discriminator-lr", fmt::format("{}", options.discriminator_lr)}},
          start_(checksum_of_weights(gan, names)) {}

    ctgan::io::SafetensorsFile::Metadata metadata() const {
        ctgan::io::SafetensorsFile::Metadata metadata{{"generator", joined(generator_)},
                                                      {"discriminator", joined(discriminator_)},
                                                      {"numbers", numbers_},
                                                      {"data", data_},
                                                      {"starting-weights", start_}};
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
        require_same(checkpoint, "starting-weights", start_, "a run from weights of CRC-32 {}",
                     "{}: the same --init-generator and --init-discriminator");
    }

  private:
    using Layers = std::vector<std::string>;
    static inline const std::string between_layers = "; ";

    static std::string joined(const Layers& layers) {
        std::string text;
        for (const std::string& layer : layers) text += (text.empty() ? "" : between_layers) + layer;
        return text;
    }

    template <class Gan>
    static std::string checksum_of_weights(const Gan& gan, ctgan::io::GanNames names) {
        ctgan::io::TensorsToWrite tensors;
        gather_weights(tensors, gan.generator, names.generator);
        gather_weights(tensors, gan.discriminator, names.discriminator, "discriminator.");
        ctgan::io::Checksum sum;
        for (const auto& tensor : tensors.list()) sum.add(tensor.on_demand());
        return sum.text();
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
    std::string start_;
};

} // namespace train
