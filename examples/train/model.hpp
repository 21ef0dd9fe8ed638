#pragma once

#include <ctgan/gan/gan.hpp>
#include <ctgan/io/gan_state.hpp>
#include <ctgan/io/load_network.hpp>
#include <ctgan/io/picture.hpp>
#include <ctgan/io/weights.hpp>
#include <ctgan/optim/averaged.hpp>

#include "folder.hpp"
#include "naming_step.hpp"
#include "options.hpp"
#include <optional>
#include <type_traits>

namespace train {

/// What a run trains: a Gan and, if its networks ask for it (Networks::average), an average of the
/// generator's weights, from which pictures are drawn.
template <class Networks, class Backend>
class Model {
    struct NoAverage {};

  public:
    using Gan = ctgan::Gan<typename Networks::Generator, typename Networks::Discriminator,
                           typename Networks::Objective, Backend>;
    static constexpr ctgan::io::GanNames names{Networks::generator_names, Networks::discriminator_names};
    static constexpr bool averages = Networks::average > 0;

    explicit Model(const Options& options)
        : gan(options.seed, options.batch_size, with_rate(Networks::generator_options, options.generator_lr),
              with_rate(Networks::discriminator_options, options.discriminator_lr),
              typename Networks::Init{}) {
        begin_average();
    }
    Model(const Model&) = delete;
    Model& operator=(const Model&) = delete;

    /// Loads the weights of --init-generator and --init-discriminator, if given. Throws io::Error.
    void load_initial_weights(const Options& options) {
        const auto non_finite =
            options.allow_non_finite ? ctgan::io::NonFinite::allow : ctgan::io::NonFinite::refuse;
        if (const auto& path = options.init_generator; !path.empty()) {
            ctgan::io::load_network(path, gan.generator, names.generator, "generator", non_finite);
            begin_average();
        }
        if (const auto& path = options.init_discriminator; !path.empty())
            ctgan::io::load_network(path, gan.discriminator, names.discriminator, "discriminator",
                                    non_finite);
    }

    /// To be called after each step.
    void after_step() {
        if constexpr (averages) average_->update(gan.generator);
    }

    /// The generator that pictures are drawn from: the average, if there is one.
    const typename Gan::Generator& drawn_from() const {
        if constexpr (averages)
            return average_->network();
        else
            return gan.generator;
    }

    /// The picture of a SampleGrid. Without an average it moves the generator's running statistics, as in the
    /// published code.
    template <class Grid>
    ctgan::io::Picture picture(Grid& grid) {
        if constexpr (averages)
            return grid.drawn_by(drawn_from());
        else
            return grid.generate(gan.generator);
    }

    /// Calls f(name, network, names of its layers) for each network, the average included.
    template <class F>
    void for_each_network(const F& f) const {
        f("generator", gan.generator, names.generator);
        f("discriminator", gan.discriminator, names.discriminator);
        if constexpr (averages) f("average", average_->network(), names.generator);
    }

    /// Adds everything to the tensors of a checkpoint.
    void gather(ctgan::io::TensorsToWrite& tensors) const {
        ctgan::io::gather_gan(tensors, gan, names);
        if constexpr (averages)
            ctgan::io::gather_weights(tensors, average_->network(), names.generator, "average.");
    }
    /// Restores it. Throws io::Error if tensors are missing or do not fit.
    void restore(const ctgan::io::SafetensorsFile& checkpoint) {
        if constexpr (averages)
            ctgan::io::load_weights(checkpoint, average_->network(), names.generator, "average.");
        ctgan::io::restore_gan(checkpoint, gan, names);
    }

    /// Writes the files of the weights of discriminator and drawn_from(), after step `step`. Throws
    /// std::exception.
    void save_weights(const Folder& folder, long long step) const {
        naming_step(step, "generator: ", [&] {
            ctgan::io::save_weights(folder.generator(), drawn_from(), names.generator);
        });
        naming_step(step, "discriminator: ", [&] {
            ctgan::io::save_weights(folder.discriminator(), gan.discriminator, names.discriminator);
        });
    }

    Gan gan;

  private:
    static ctgan::AdamOptions with_rate(ctgan::AdamOptions options, double lr) {
        options.lr = lr;
        return options;
    }
    void begin_average() {
        if constexpr (averages) average_.emplace(gan.generator, Networks::average);
    }

    using Average = std::conditional_t<averages, ctgan::Averaged<typename Gan::Generator>, NoAverage>;
    std::optional<Average> average_;
};

} // namespace train
