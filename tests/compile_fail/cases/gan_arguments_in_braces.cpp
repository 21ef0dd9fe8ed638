// A Gan whose seed is in braces.
// group: gan
// cause: Only the options of the optimizers are in braces.
// fix: Pass the seed and the largest batch as numbers.
// expect: Gan takes a seed, the size of the largest batch and the options of both optimizers, such as `gan(1, 64, {.lr = 2e-4}, {.lr = 2e-4})`, but is given other arguments
// expect-clang: the_gan, takes<seed_batch_and_options>, but_is_given<other_arguments>
#include <ctgan/dcgan.hpp>

using namespace ctgan;

using Generator = Sequential<Linear<8, 64>, ReLU, Reshape<1, 8, 8>, Tanh>;
using Discriminator = Sequential<Input<1, 8, 8>, Flatten, Linear<64, 1>>;

int main() {
#ifdef TWIN
    Gan<Generator, Discriminator> gan(1, 4, {.lr = 1e-4}, {.lr = 1e-4});
#else
    Gan<Generator, Discriminator> gan({.seed = 1});
#endif
    Batch<Image<1, 8, 8>> real(4);
    Batch<Flat<8>> noise(4);
    return gan.train_step(real, noise, 0).generator > 0 ? 0 : 1;
}
