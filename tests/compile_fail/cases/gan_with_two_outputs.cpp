// A Gan whose discriminator has two outputs.
// group: gan
// cause: A Gan computes its losses from one score for each image.
// fix: Give the network one output, or write the training step yourself: each loss writes the gradient of one output.
// expect: Gan, template argument 2: the discriminator takes a network with one output but is given one that ends with Outputs
// expect-clang: gan_argument<2>, takes<one_output>, but_is_given<several_outputs>
#include <ctgan/dcgan.hpp>

using namespace ctgan;

using Generator = Sequential<Linear<8, 16>, Tanh>;
#ifdef TWIN
using Discriminator = Sequential<Linear<16, 8>, ReLU, Linear<8, 1>>;
#else
using Discriminator = Sequential<Linear<16, 8>, ReLU, Outputs<Linear<8, 1>, Linear<8, 10>>>;
#endif

int main() {
    Gan<Generator, Discriminator> gan(/*seed*/ 0, /*largest_batch*/ 4, {.lr = 1e-3}, {.lr = 1e-3});
    Batch<Flat<16>> real(4);
    Batch<Flat<8>> noise(4);
    return gan.train_step(real, noise, 0).generator < 0 ? 1 : 0;
}
