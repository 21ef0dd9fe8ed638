#pragma once

#include <ctgan/dcgan.hpp>
#include <ctgan/io/cifar.hpp>
#include <ctgan/io/idx.hpp>
#include <ctgan/io/picture.hpp>
#include <ctgan/io/png.hpp>
#include <ctgan/io/safetensors_write.hpp>
#include <ctgan/score/extract.hpp>

#include "../train/generator_in_file.hpp"
#include "sample.hpp"
#include <algorithm>
#include <cstddef>
#include <span>
#include <stdexcept>
#include <string>
#include <vector>

namespace sample {

/// Channels first, as PyTorch has them.
template <class Image>
std::vector<float> channels_first(const std::vector<float>& pixels) {
    std::vector<float> planes(pixels.size());
    constexpr std::size_t plane = std::size_t{Image::height} * Image::width;
    for (std::size_t first = 0; first < pixels.size(); first += Image::size)
        for (std::size_t pixel = 0; pixel < plane; ++pixel)
            for (std::size_t c = 0; c < Image::channels; ++c)
                planes[first + c * plane + pixel] = pixels[first + pixel * Image::channels + c];
    return planes;
}

/// Draws from the generator of these networks. Throws io::Error, and std::invalid_argument if --out is a file
/// of images of another shape.
template <class Networks>
void draw(const Options& options) {
    constexpr int largest_batch = 64;
    using Generator = ctgan::Network<typename Networks::Generator>;
    using Noise = typename Generator::input_shape;
    using Image = typename Generator::output_shape;
    constexpr bool as_idx = Image::channels == 1,
                   as_cifar = Image::channels == 3 && Image::height == 32 && Image::width == 32;
    const std::string ending = options.out.extension().string();
    if ((ending == ".idx" && !as_idx) || (ending == ".bin" && !as_cifar))
        throw std::invalid_argument("--out: found a name that ends with " + ending + " for pictures of " +
                                    std::to_string(Image::channels) + " x " + std::to_string(Image::height) +
                                    " x " + std::to_string(Image::width) + ", expected .png" +
                                    (as_idx     ? " or .idx"
                                     : as_cifar ? " or .bin"
                                                : ""));
    Generator generator(options.seed);
    train::load_generator<Networks>(options.weights, generator,
                                    options.allow_non_finite ? ctgan::io::NonFinite::allow
                                                             : ctgan::io::NonFinite::refuse);
    ctgan::Batch<Noise> noise(options.count);
    ctgan::Cpu::fill_normal(noise.data(), noise.size(), 1.F, {.seed = options.seed});
    const auto n = static_cast<std::size_t>(options.count);
    std::vector<float> pixels(n * Image::size);
    // In small batches, to save memory. In evaluation mode no image depends on the others in its batch.
    typename Generator::Workspace workspace(largest_batch);
    for (int first = 0; first < options.count; first += largest_batch) {
        const ctgan::View<Noise, const float> part{noise.sample(first),
                                                   std::min(largest_batch, options.count - first)};
        const auto images = generator.forward(part, workspace);
        std::copy_n(images.data, images.size(), pixels.data() + std::ptrdiff_t{first} * Image::size);
    }
    if (!options.tensors.empty()) {
        const std::span<const float> values(noise.data(), n * Noise::size);
        const auto planes = channels_first<Image>(pixels);
        const std::vector<ctgan::io::TensorToWrite> both{
            {"noise", ctgan::io::Dtype::F32, {n, Noise::size}, std::as_bytes(values)},
            {"images",
             ctgan::io::Dtype::F32,
             {n, Image::channels, Image::height, Image::width},
             std::as_bytes(std::span(planes))}};
        ctgan::io::write_safetensors(options.tensors, both, {});
    }
    const ctgan::View<Image, const float> all{pixels.data(), options.count};
    if (as_idx && ending == ".idx") {
        ctgan::io::write_idx_images(options.out,
                                    {n, Image::height, Image::width, ctgan::score::rounded(all)});
        return;
    }
    if (as_cifar && ending == ".bin") {
        ctgan::io::write_cifar(options.out, ctgan::score::rounded(all));
        return;
    }
    const auto grid = ctgan::io::tile(pixels, n, Image::channels, Image::height, Image::width,
                                      static_cast<std::size_t>(options.columns));
    ctgan::io::write_png(options.out, ctgan::io::enlarged(grid, 3));
}

} // namespace sample
