// A training step of a const Gan.
// group: gan
// cause: A training step changes both networks.
// fix: Call it on the Gan itself.
// expect: train_step takes a Gan that it may change but is given a const one
// expect-clang: train_step_of_gan, takes<gan_to_change>, but_is_given<const_gan>
#include <ctgan/dcgan.hpp>

using namespace ctgan;

using Generator = Sequential<Linear<8, 64>, ReLU, Reshape<1, 8, 8>, Tanh>;
using Discriminator = Sequential<Input<1, 8, 8>, Flatten, Linear<64, 1>>;

int main() {
    Gan<Generator, Discriminator> gan(1, 4, {.lr = 1e-4}, {.lr = 1e-4});
    Batch<Image<1, 8, 8>> real(4);
    Batch<Flat<8>> noise(4);
    [[maybe_unused]] const auto& fixed = gan;
#ifdef TWIN
    const StepLosses losses = gan.train_step(real, noise, 0);
#else
    const StepLosses losses = fixed.train_step(real, noise, 0);
#endif
    return losses.generator > 0 ? 0 : 1;
}
