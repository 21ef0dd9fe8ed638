// A loss as the last of the first five arguments of a Gan.
// group: gan
// cause: The objective is the third argument, before the backend and the scalar.
// fix: Make it the third argument; what follows it has defaults.
// expect: Gan, template argument 5: the scalar takes float or double but is given MSELoss
// expect-clang: gan_argument<5>, takes<float_or_double>, but_is_given<other_type<MSELoss>>
#include <ctgan/dcgan.hpp>

using namespace ctgan;

using Generator = Sequential<Linear<8, 64>, ReLU, Reshape<1, 8, 8>, Tanh>;
using Discriminator = Sequential<Input<1, 8, 8>, Flatten, Linear<64, 1>>;

int main() {
#ifdef TWIN
    Gan<Generator, Discriminator, MSELoss> gan(1, 4, {}, {});
#else
    Gan<Generator, Discriminator, LeastSquares, Cpu, MSELoss> gan(1, 4, {}, {});
#endif
    Batch<Image<1, 8, 8>> real(4);
    Batch<Flat<8>> noise(4);
    return gan.train_step(real, noise, 0).generator > 0 ? 0 : 1;
}
