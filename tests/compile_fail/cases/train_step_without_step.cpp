// A training step without its number.
// group: gan
// cause: The random numbers of a step are a function of the seed and of the number of the step, so that a run can be repeated and resumed.
// fix: Count the steps from 0 and pass the number.
// expect: train_step takes the number of the step but is given none
// expect-clang: train_step_of_gan, takes<number_of_the_step>, but_is_given<none>
#include <ctgan/dcgan.hpp>

using namespace ctgan;

using Generator = Sequential<Linear<8, 64>, ReLU, Reshape<1, 8, 8>, Tanh>;
using Discriminator = Sequential<Input<1, 8, 8>, Flatten, Linear<64, 1>>;

int main() {
    Gan<Generator, Discriminator> gan(1, 4, {.lr = 1e-4}, {.lr = 1e-4});
    Batch<Image<1, 8, 8>> real(4);
    Batch<Flat<8>> noise(4);
#ifdef TWIN
    const StepLosses losses = gan.train_step(real, noise, 0);
#else
    const StepLosses losses = gan.train_step(real, noise);
#endif
    return losses.generator > 0 ? 0 : 1;
}
