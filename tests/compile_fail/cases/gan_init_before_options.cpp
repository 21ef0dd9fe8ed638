// A Gan with the initialization before the options of the optimizers.
// group: gan
// cause: The initialization is the last argument, because most programs leave it out.
// fix: Move it to the end.
// expect: Gan takes the initialization after the options but is given it before them
// expect-clang: the_gan, takes<init_after_options>, but_is_given<init_before_options>
#include <ctgan/dcgan.hpp>

using namespace ctgan;

using Generator = Sequential<Linear<8, 64>, ReLU, Reshape<1, 8, 8>, Tanh>;
using Discriminator = Sequential<Input<1, 8, 8>, Flatten, Linear<64, 1>>;

int main() {
#ifdef TWIN
    Gan<Generator, Discriminator> gan(1, 4, {.lr = 1e-4}, {.lr = 1e-4}, init::Dcgan{});
#else
    Gan<Generator, Discriminator> gan(1, 4, init::Dcgan{}, {.lr = 1e-4}, {.lr = 1e-4});
#endif
    Batch<Image<1, 8, 8>> real(4);
    Batch<Flat<8>> noise(4);
    return gan.train_step(real, noise, 0).generator > 0 ? 0 : 1;
}
