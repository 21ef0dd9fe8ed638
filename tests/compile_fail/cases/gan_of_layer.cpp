// A single layer in place of the generator of a Gan.
// group: gan
// cause: A network is a Sequential, even one of a single layer.
// fix: Write `Sequential<...>` around the layers.
// expect: Gan, template argument 1: the generator takes a Sequential but is given Linear
// expect-clang: gan_argument<1>, takes<a_sequential>, but_is_given<other_type<Linear<8, 64, true>>>
#include <ctgan/dcgan.hpp>

using namespace ctgan;

using Generator = Sequential<Linear<8, 64>, ReLU, Reshape<1, 8, 8>, Tanh>;
using Discriminator = Sequential<Input<1, 8, 8>, Flatten, Linear<64, 1>>;

int main() {
#ifdef TWIN
    Gan<Generator, Discriminator> gan(1, 4, {}, {});
#else
    Gan<Linear<8, 64>, Discriminator> gan(1, 4, {}, {});
#endif
    Batch<Image<1, 8, 8>> real(4);
    Batch<Flat<8>> noise(4);
    return gan.train_step(real, noise, 0).generator > 0 ? 0 : 1;
}
