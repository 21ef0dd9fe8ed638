// Builds the DCGAN's networks and trains them for one step.

#include <ctgan/dcgan.hpp>

using namespace ctgan;
using Dcgan = Gan<dcgan::Generator, dcgan::Discriminator>;

Dcgan build(std::uint64_t seed) {
    return {seed, dcgan::batch_size, dcgan::generator_options, dcgan::discriminator_options};
}

StepLosses step(Dcgan& gan, View<Image<1, 28, 28>, const float> real, View<Flat<100>, const float> noise,
                std::uint64_t number) {
    return gan.train_step(real, noise, number);
}
