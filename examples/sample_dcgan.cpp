// Draws pictures with a trained generator, as a grid or as a file of images: sample_dcgan --weights FILE
// [--out FILE.png|FILE.idx|FILE.bin] ... (see --help)

#include "program.hpp"
#include "sample/sample.hpp"
#include "train/generator_in_file.hpp"
#include "train/picture_presets.hpp"
#include "train/presets.hpp"

int main(int argc, char** argv) {
    sample::Options options;
    program::Arguments arguments{"Draws pictures with a trained generator, in evaluation mode",
                                 "sample_dcgan"};
    arguments
        .option("--weights", options.weights,
                "generator.safetensors from train_dcgan, train_gan or PyTorch, or a checkpoint")
        .required();
    arguments.option("--count", options.count, "number of pictures").between(1, 10000).show_default();
    arguments.option("--seed", options.seed, "seed of the noise").at_least(0).show_default();
    arguments
        .option("--out", options.out,
                "file to write: a PNG with a grid; if its name ends with .idx, an IDX file of grey pictures; "
                "if with .bin, a file in CIFAR-10's format of color pictures of 32 x 32")
        .show_default();
    arguments.option("--columns", options.columns, "pictures per row").between(1, 10000).show_default();
    arguments.option("--tensors", options.tensors, "also write noise and images to this safetensors file");
    arguments.flag("--allow-nonfinite", options.allow_non_finite, "accept weights that are infinite or NaN");
    return arguments.run(argc, argv, [&] {
        const auto file = ctgan::io::SafetensorsFile::open(options.weights);
        // Those with more layers first: the others' names are among theirs.
        if (train::has_generator<train::Pictures64>(file))
            sample::pictures64(options);
        else if (train::has_generator<train::Pictures32>(file))
            sample::pictures32(options);
        else if (train::has_generator<train::Digits>(file))
            sample::digits(options);
        else
            sample::reference(options);
        return 0;
    });
}
