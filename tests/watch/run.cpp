// Trains as train_dcgan does, with networks that it has no flags for: run.cpp is what run.sh compiles.
// usage: run NETWORKS OUT BATCH_SIZE GENERATOR_LR DISCRIMINATOR_LR SEED EPOCHS ROLLBACK SCORED_EPOCHS

#include "../../examples/score/features.hpp"
#include "../../examples/train/networks_on_host.hpp"
#include "../../examples/train/trainer.hpp"
#include <cstdio>
#include <exception>
#include <string>

namespace {

/// Other networks in place of the reference's, with the names of their layers.
template <class G, class D>
struct Networks : train::Reference {
    using Generator = G;
    using Discriminator = D;
    static train::HostNetworks on_host() {
        return train::networks_on_host<Networks>(scoring::digit_features);
    }
};

/// The reference's discriminator without its dropout.
template <int D0, int D1>
using WithoutDropout =
    ctgan::Sequential<ctgan::Input<1, 28, 28>, ctgan::Conv2d<1, D0, 3, 2>, ctgan::LeakyReLU<>,
                      ctgan::Conv2d<D0, D1, 3, 2>, ctgan::LeakyReLU<>, ctgan::BatchNorm2d<D1>, ctgan::Flatten,
                      ctgan::Linear<D1 * 6 * 6, 1>>;
/// Half of the reference's channels, a quarter of its work.
template <int Latent>
using SmallGenerator = ctgan::dcgan::GeneratorOf<Latent, 128, 64, 32>;
using SmallDiscriminator = ctgan::dcgan::DiscriminatorOf<32, 64>;

template <class TheNetworks>
int train_with(const train::Options& options) {
    train::Ranks alone;
    train::Trainer<ctgan::Cpu, TheNetworks> trainer(options, "one process", alone);
    trainer.prepare();
    return trainer.run();
}

int run(const std::string& networks, const train::Options& options) {
    if (networks == "reference") return train_with<train::Reference>(options);
    if (networks == "small") return train_with<Networks<SmallGenerator<100>, SmallDiscriminator>>(options);
    if (networks == "no_dropout")
        return train_with<Networks<SmallGenerator<100>, WithoutDropout<32, 64>>>(options);
    if (networks == "latent_2") return train_with<Networks<SmallGenerator<2>, SmallDiscriminator>>(options);
    std::fprintf(stderr, "run: found the networks '%s', expected reference, small, no_dropout or latent_2\n",
                 networks.c_str());
    return 2;
}

} // namespace

int main(int argc, char** argv) try {
    if (argc != 10) return 2;
    train::Options options;
    options.command.assign(argv, argv + argc);
    options.out = argv[2];
    options.batch_size = std::stoi(argv[3]);
    options.generator_lr = std::stod(argv[4]);
    options.discriminator_lr = std::stod(argv[5]);
    options.seed = std::stoull(argv[6]);
    options.epochs = std::stoi(argv[7]);
    options.rollback = std::stoll(argv[8]);
    options.score_every = std::stoll(argv[9]);
    return run(argv[1], options);
} catch (const std::exception& error) {
    std::fprintf(stderr, "run: %s\n", error.what());
    return 1;
}
