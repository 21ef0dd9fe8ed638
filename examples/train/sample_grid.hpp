#pragma once

#include <ctgan/io/picture.hpp>
#include <ctgan/network/network.hpp>

#include <cstddef>
#include <cstdint>
#include <vector>

namespace train {

/// A grid of digits that a generator makes of the same noise each time.
template <class Generator, class Backend>
class SampleGrid {
    using Noise = typename Generator::input_shape;
    using Image = typename Generator::output_shape;

  public:
    static constexpr int images = 16, columns = 4;
    static constexpr std::uint32_t noise_purpose = 2; ///< of its random numbers

    explicit SampleGrid(std::uint64_t seed) : noise_(images) {
        const typename Generator::Workspace fits(images); // if not, the run ends now and not after an epoch
        Backend::fill_normal(noise_.data(), noise_.size(), 1.F, {seed, 0, noise_purpose});
    }

    /// [image][value], for a checkpoint.
    std::vector<float> noise() const {
        std::vector<float> values(static_cast<std::size_t>(noise_.size()));
        Backend::to_host(values.data(), noise_.data(), noise_.size());
        return values;
    }
    /// As many values as noise() returns.
    void set_noise(const std::vector<float>& values) {
        Backend::from_host(noise_.data(), values.data(), noise_.size());
    }

    /// Generates the digits in training mode, as the published code does; there, too, this updates the
    /// running statistics.
    ctgan::io::Picture generate(Generator& generator) {
        typename Generator::Workspace workspace(images); // only now: it is larger than a small batch's
        return picture_of(generator.forward_training(noise_, workspace));
    }
    /// The same in evaluation mode, which changes nothing in the generator.
    ctgan::io::Picture drawn_by(const Generator& generator) const {
        typename Generator::Workspace workspace(images);
        return picture_of(generator.forward(noise_, workspace));
    }

  private:
    template <class View>
    static ctgan::io::Picture picture_of(const View& generated) {
        std::vector<float> pixels(static_cast<std::size_t>(generated.size()));
        Backend::to_host(pixels.data(), generated.data, generated.size());
        const auto grid =
            ctgan::io::tile(pixels, images, Image::channels, Image::height, Image::width, columns);
        return ctgan::io::enlarged(grid, 3);
    }

    ctgan::BatchOn<Noise, Backend> noise_;
};

} // namespace train
