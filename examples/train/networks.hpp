#pragma once

#include <ctgan/dcgan.hpp>

#include "scorer.hpp"
#include <array>
#include <string_view>

namespace train {

/// The networks that train_dcgan trains. A test trains others.
struct Reference {
    using Generator = ctgan::dcgan::Generator;
    using Discriminator = ctgan::dcgan::Discriminator;
    static constexpr auto generator_names = ctgan::dcgan::generator_names;
    static constexpr auto discriminator_names = ctgan::dcgan::discriminator_names;
    /// How digits of a generator are drawn to be scored: the usual way.
    static Scorer::Draw draw() { return {}; }
};

} // namespace train
