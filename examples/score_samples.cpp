// How good generated pictures are: score_samples --real DIR (--samples FILE | --weights FILE) ... (see
// --help)

#include <ctgan/backend/cpu.hpp>

#include <fmt/core.h>

#include "cifar.hpp"
#include "program.hpp"
#include "score/options.hpp"
#include <stdexcept>

using namespace ctgan;

namespace {

int run(const scoring::Options& options) {
    if (options.samples.empty() == options.weights.empty())
        throw std::invalid_argument(fmt::format("found {} of --samples and --weights, expected one",
                                                options.samples.empty() ? "none" : "both"));
    if (options.threads > 0) cpu::set_threads(options.threads);
    if (cifar::is_cifar(options.real))
        scoring::compare_colors(options);
    else
        scoring::compare_digits(options);
    return 0;
}

} // namespace

int main(int argc, char** argv) {
    scoring::Options options;
    program::Arguments arguments{"Compares generated digits or color pictures with real ones",
                                 "score_samples"};
    arguments.let_the_last_count();
    arguments
        .option("--real", options.real,
                "real pictures: an IDX file, or a folder with one; or a .bin file "
                "of CIFAR-10's binary version, or the folder with its files")
        .required();
    arguments.option("--samples", options.samples,
                     "generated pictures: an IDX file, or one in the format of CIFAR-10's");
    arguments.option("--weights", options.weights,
                     "generator that draws them: generator.safetensors from train_dcgan, or a checkpoint");
    arguments
        .option("--count", options.count, "pictures of each set (10000, or as many as the smaller set has)")
        .between(2, 1000000);
    arguments.option("--seed", options.seed, "seed of the noise and of which pictures are taken")
        .at_least(0)
        .show_default();
    arguments.option("--k", options.k, "neighbours for precision, recall, density and coverage")
        .between(1, 1000)
        .show_default();
    arguments.option("--threads", options.threads, "number of threads (all cores)").between(1, 1024);
    arguments.option("--network", options.network,
                     "weights of the feature network, from train_lenet (those shipped with ctgan)");
    arguments.option("--cache", options.cache,
                     "folder that keeps the statistics of real pictures, so that they are computed once");
    arguments.option("--pairs", options.pairs,
                     "PNG file for the samples that are nearest to a real picture, each with it");
    return arguments.run(argc, argv, [&] { return run(options); });
}
