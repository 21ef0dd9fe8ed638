// A Gan in which only the generator is told the label.
// group: meet
// cause: The discriminator of a conditional Gan judges an image together with its label, of the same classes.
// fix: Give it the same second input, such as Inputs<Image<1, 4, 4>, Classes<10>>.
// expect: Gan: the discriminator takes [1, 4, 4] but is given [1, 4, 4] and labels of 10 classes
// expect-clang: discriminator_in_gan, takes<Image<1, 4, 4>>, but_is_given<SeveralShapes<Image<1, 4, 4>, Classes<10>>>
#include <ctgan/dcgan.hpp>

using namespace ctgan;

using Generator =
    Sequential<Inputs<Flat<6>, Classes<10>>, Add<Select<0>, Sequential<Select<1>, Embedding<10, 6>>>,
               Linear<6, 16>, Reshape<1, 4, 4>>;
#ifdef TWIN
using Discriminator =
    Sequential<Inputs<Image<1, 4, 4>, Classes<10>>,
               Concat<Sequential<Select<0>, Flatten>, Sequential<Select<1>, Embedding<10, 4>>>,
               Linear<20, 1>>;
#else
using Discriminator = Sequential<Input<1, 4, 4>, Flatten, Linear<16, 1>>;
#endif

int main() {
    Gan<Generator, Discriminator> gan(1, 4, {.lr = 1e-3}, {.lr = 1e-3});
    Batch<Image<1, 4, 4>> real(4);
    Batch<Classes<10>> labels(4);
    Batch<Flat<6>> noise(4);
    return gan.train_step(real, labels, noise, 0).generator > 0 ? 0 : 1;
}
