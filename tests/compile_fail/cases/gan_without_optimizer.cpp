// A template that is not an optimizer in an optimizer's place of a Gan.
// group: gan
// cause: Arguments 6 and 7 are the templates of the optimizers, of the generator and of the discriminator. The second defaults to the first.
// fix: Name an optimizer, such as AdamW. `Averaged` averages a network after each step, beside an optimizer.
// expect: Gan, template argument 6: the optimizer of the generator takes the template of an optimizer, such as Adam, AdamW, SGD or RMSprop, but is given Averaged
// expect-clang: gan_argument<6>, takes<an_optimizer>, but_is_given<other_type<Averaged<
#include <ctgan/dcgan.hpp>

using namespace ctgan;

using Generator = Sequential<Linear<8, 64>, ReLU, Reshape<1, 8, 8>, Tanh>;
using Discriminator = Sequential<Input<1, 8, 8>, Flatten, Linear<64, 1>>;

int main() {
#ifdef TWIN
    Gan<Generator, Discriminator, Hinge, Cpu, float, AdamW, SGD> gan(1, 4, {}, {});
#else
    Gan<Generator, Discriminator, Hinge, Cpu, float, Averaged, SGD> gan(1, 4, {}, {});
#endif
    Batch<Image<1, 8, 8>> real(4);
    Batch<Flat<8>> noise(4);
    return gan.train_step(real, noise, 0).generator > 0 ? 0 : 1;
}
