// A file that trains the DCGAN but leaves the compilation of the training step to step.cpp.

#include <ctgan/dcgan.hpp>

using namespace ctgan;
using Dcgan = Gan<dcgan::Generator, dcgan::Discriminator>;

StepLosses step(Dcgan& gan, View<Image<1, 28, 28>, const float> real, View<Flat<100>, const float> noise,
                std::uint64_t number);

StepLosses train(Dcgan& gan, View<Image<1, 28, 28>, const float> real, View<Flat<100>, const float> noise) {
    StepLosses last{};
    for (std::uint64_t number = 0; number < 100; ++number) last = step(gan, real, noise, number);
    return last;
}
