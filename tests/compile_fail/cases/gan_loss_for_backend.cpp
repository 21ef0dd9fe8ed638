// A loss in place of the backend of a Gan.
// group: gan
// cause: The objective is the third argument, the backend the fourth.
// fix: Make the loss the third argument.
// expect: Gan, template argument 4: the backend takes Cpu or Cuda but is given MSELoss
// expect-clang: gan_argument<4>, takes<a_backend>, but_is_given<other_type<MSELoss>>
#include <ctgan/dcgan.hpp>

using namespace ctgan;

using Generator = Sequential<Linear<8, 64>, ReLU, Reshape<1, 8, 8>, Tanh>;
using Discriminator = Sequential<Input<1, 8, 8>, Flatten, Linear<64, 1>>;

int main() {
#ifdef TWIN
    Gan<Generator, Discriminator, MSELoss> gan(1, 4, {}, {});
#else
    Gan<Generator, Discriminator, LeastSquares, MSELoss> gan(1, 4, {}, {});
#endif
    Batch<Image<1, 8, 8>> real(4);
    Batch<Flat<8>> noise(4);
    return gan.train_step(real, noise, 0).generator > 0 ? 0 : 1;
}
