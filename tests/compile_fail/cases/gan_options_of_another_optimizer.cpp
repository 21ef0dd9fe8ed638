// A Gan that is given the options of an optimizer that it does not have.
// group: gan
// cause: A Gan has Adam unless its template arguments name other optimizers.
// fix: Pass the options in braces, or name the optimizer: `Gan<Generator, Discriminator, LeastSquares, Cpu, float, SGD>`.
// expect: Gan takes a seed, the size of the largest batch and the options of both optimizers, such as `gan(1, 64, {.lr = 2e-4}, {.lr = 2e-4})`, but is given other arguments
// expect-clang: the_gan, takes<seed_batch_and_options>, but_is_given<other_arguments>
#include <ctgan/dcgan.hpp>

using namespace ctgan;

using Generator = Sequential<Linear<8, 64>, ReLU, Reshape<1, 8, 8>, Tanh>;
using Discriminator = Sequential<Input<1, 8, 8>, Flatten, Linear<64, 1>>;

int main() {
#ifdef TWIN
    Gan<Generator, Discriminator> gan(1, 4, AdamOptions{}, AdamOptions{});
#else
    Gan<Generator, Discriminator> gan(1, 4, SGDOptions{}, SGDOptions{});
#endif
    Batch<Image<1, 8, 8>> real(4);
    Batch<Flat<8>> noise(4);
    return gan.train_step(real, noise, 0).generator > 0 ? 0 : 1;
}
