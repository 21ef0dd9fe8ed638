// Generates digits with a trained generator, as a grid or as a file of images: sample_dcgan --weights FILE
// [--out FILE.png|FILE.idx] ... (see --help)

#include <ctgan/dcgan.hpp>
#include <ctgan/io/idx.hpp>
#include <ctgan/io/picture.hpp>
#include <ctgan/io/png.hpp>
#include <ctgan/score/extract.hpp>

#include "program.hpp"
#include "train/generator_in_file.hpp"
#include "train/networks.hpp"
#include "train/presets.hpp"
#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <vector>

namespace {

struct Options {
    std::filesystem::path weights, out = "samples.png", tensors;
    int count = 16, columns = 4;
    bool allow_non_finite = false;
    std::uint64_t seed = 0;
};

/// Draws from the generator of these networks. Throws io::Error.
template <class Networks>
void sample(const Options& options) {
    constexpr int largest_batch = 64;
    using Generator = ctgan::Network<typename Networks::Generator>;
    using Noise = typename Generator::input_shape;
    using Image = typename Generator::output_shape;
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
        const std::vector<ctgan::io::TensorToWrite> both{
            {"noise", ctgan::io::Dtype::F32, {n, Noise::size}, std::as_bytes(values)},
            {"images",
             ctgan::io::Dtype::F32,
             {n, 1, Image::height, Image::width},
             std::as_bytes(std::span(pixels))}};
        ctgan::io::write_safetensors(options.tensors, both, {});
    }
    if (options.out.extension() == ".idx") {
        const ctgan::View<Image, const float> all{pixels.data(), options.count};
        ctgan::io::write_idx_images(options.out,
                                    {n, Image::height, Image::width, ctgan::score::rounded(all)});
        return;
    }
    const auto grid = ctgan::io::tile(pixels, n, Image::channels, Image::height, Image::width,
                                      static_cast<std::size_t>(options.columns));
    ctgan::io::write_png(options.out, ctgan::io::enlarged(grid, 3));
}

} // namespace

int main(int argc, char** argv) {
    Options options;
    program::Arguments arguments{"Generates digits with a trained generator, in evaluation mode",
                                 "sample_dcgan"};
    arguments
        .option("--weights", options.weights,
                "generator.safetensors from train_dcgan, train_gan or PyTorch, or a checkpoint")
        .required();
    arguments.option("--count", options.count, "number of digits").between(1, 10000).show_default();
    arguments.option("--seed", options.seed, "seed of the noise").at_least(0).show_default();
    arguments
        .option("--out", options.out,
                "file to write: a PNG with a grid, or, if its name ends with .idx, an IDX file of the digits")
        .show_default();
    arguments.option("--columns", options.columns, "digits per row").between(1, 10000).show_default();
    arguments.option("--tensors", options.tensors, "also write noise and images to this safetensors file");
    arguments.flag("--allow-nonfinite", options.allow_non_finite, "accept weights that are infinite or NaN");
    return arguments.run(argc, argv, [&] {
        if (train::has_generator<train::Digits>(ctgan::io::SafetensorsFile::open(options.weights)))
            sample<train::Digits>(options);
        else
            sample<train::Reference>(options);
        return 0;
    });
}
