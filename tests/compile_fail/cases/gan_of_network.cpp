// A Network in place of the discriminator of a Gan.
// group: gan
// cause: The Gan makes the networks itself, from their descriptions.
// fix: Pass the Sequential. `gan.discriminator` is then the Network.
// expect: Gan, template argument 2: the discriminator takes a Sequential but is given Network
// expect-clang: gan_argument<2>, takes<a_sequential>, but_is_given<other_type<Network<
#include <ctgan/dcgan.hpp>

using namespace ctgan;

using Generator = Sequential<Linear<8, 64>, ReLU, Reshape<1, 8, 8>, Tanh>;
using Discriminator = Sequential<Input<1, 8, 8>, Flatten, Linear<64, 1>>;

int main() {
#ifdef TWIN
    Gan<Generator, Discriminator> gan(1, 4, {}, {});
#else
    Gan<Generator, Network<Discriminator>> gan(1, 4, {}, {});
#endif
    Batch<Image<1, 8, 8>> real(4);
    Batch<Flat<8>> noise(4);
    return gan.train_step(real, noise, 0).generator > 0 ? 0 : 1;
}
