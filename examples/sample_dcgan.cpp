// Generates digits with a trained generator, as a grid or as a file of images: sample_dcgan --weights FILE
// [--out FILE.png|FILE.idx] ... (see --help)

#include <ctgan/dcgan.hpp>
#include <ctgan/io/idx.hpp>
#include <ctgan/io/load_network.hpp>
#include <ctgan/io/picture.hpp>
#include <ctgan/io/png.hpp>
#include <ctgan/score/extract.hpp>

#include "program.hpp"
#include <algorithm>
#include <filesystem>
#include <vector>

constexpr int largest_batch = 64;

int main(int argc, char** argv) {
    std::filesystem::path weights, out = "samples.png", tensors;
    int count = 16, columns = 4;
    bool allow_non_finite = false;
    std::uint64_t seed = 0;
    program::Arguments arguments{"Generates digits with a trained generator, in evaluation mode",
                                 "sample_dcgan"};
    arguments
        .option("--weights", weights, "generator.safetensors from train_dcgan or PyTorch, or a checkpoint")
        .required();
    arguments.option("--count", count, "number of digits").between(1, 10000).show_default();
    arguments.option("--seed", seed, "seed of the noise").at_least(0).show_default();
    arguments
        .option("--out", out,
                "file to write: a PNG with a grid, or, if its name ends with .idx, an IDX file of the digits")
        .show_default();
    arguments.option("--columns", columns, "digits per row").between(1, 10000).show_default();
    arguments.option("--tensors", tensors, "also write noise and images to this safetensors file");
    arguments.flag("--allow-nonfinite", allow_non_finite, "accept weights that are infinite or NaN");
    return arguments.run(argc, argv, [&] {
        using Generator = ctgan::Network<ctgan::dcgan::Generator>;
        using Image = Generator::output_shape;
        Generator generator(seed);
        ctgan::io::load_network(weights, generator, ctgan::dcgan::generator_names, "generator",
                                allow_non_finite ? ctgan::io::NonFinite::allow
                                                 : ctgan::io::NonFinite::refuse);
        ctgan::Batch<Generator::input_shape> noise(count);
        ctgan::Cpu::fill_normal(noise.data(), noise.size(), 1.F, {.seed = seed});
        const auto n = static_cast<std::size_t>(count);
        std::vector<float> pixels(n * Image::size);
        // In small batches, to save memory. In evaluation mode no image depends on the others in its batch.
        Generator::Workspace workspace(largest_batch);
        for (int first = 0; first < count; first += largest_batch) {
            const ctgan::View<Generator::input_shape, const float> part{
                noise.sample(first), std::min(largest_batch, count - first)};
            const auto images = generator.forward(part, workspace);
            std::copy_n(images.data, images.size(), pixels.data() + std::ptrdiff_t{first} * Image::size);
        }
        if (!tensors.empty()) {
            const std::span<const float> values(noise.data(), n * Generator::input_shape::size);
            const std::vector<ctgan::io::TensorToWrite> both{
                {"noise", ctgan::io::Dtype::F32, {n, Generator::input_shape::size}, std::as_bytes(values)},
                {"images",
                 ctgan::io::Dtype::F32,
                 {n, 1, Image::height, Image::width},
                 std::as_bytes(std::span(pixels))}};
            ctgan::io::write_safetensors(tensors, both, {});
        }
        if (out.extension() == ".idx") {
            const ctgan::View<Image, const float> all{pixels.data(), count};
            ctgan::io::write_idx_images(out, {n, Image::height, Image::width, ctgan::score::rounded(all)});
            return 0;
        }
        const auto grid = ctgan::io::tile(pixels, n, Image::channels, Image::height, Image::width,
                                          static_cast<std::size_t>(columns));
        ctgan::io::write_png(out, ctgan::io::enlarged(grid, 3));
        return 0;
    });
}
