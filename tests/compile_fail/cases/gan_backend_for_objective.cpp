// A backend in place of the objective of a Gan.
// group: gan
// cause: The backend is the fourth argument, after the objective.
// fix: Name the objective, too.
// expect: Gan, template argument 3: the objective takes LeastSquares, NonSaturating, Hinge, Wasserstein, RelativisticPairing, a loss with one term for each score, or a struct with the terms Real, Generated and Generator, but is given Cpu
// expect-clang: gan_argument<3>, takes<an_objective>, but_is_given<other_type<Cpu>>
#include <ctgan/dcgan.hpp>

using namespace ctgan;

using Generator = Sequential<Linear<8, 64>, ReLU, Reshape<1, 8, 8>, Tanh>;
using Discriminator = Sequential<Input<1, 8, 8>, Flatten, Linear<64, 1>>;

int main() {
#ifdef TWIN
    using Both = Gan<Generator, Discriminator, LeastSquares, Cpu>;
    Both gan(1, 4, {}, {});
#else
    using Both = Gan<Generator, Discriminator, Cpu>;
    Both gan(1, 4, {}, {});
#endif
    Batch<Both::image_shape> real(4);
    Batch<Flat<8>> noise(4);
    return gan.train_step(real, noise, 0).generator > Both::image_shape::height ? 0 : 1;
}
