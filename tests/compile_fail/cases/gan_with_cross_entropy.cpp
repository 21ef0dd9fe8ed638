// A Gan with CrossEntropyLoss, which compares scores of several classes with the index of one.
// group: gan
// cause: A discriminator gives scores without classes. The objective has one term for each score.
// fix: Use NonSaturating, or a loss with one term for each score, such as BCEWithLogitsLoss.
// expect: Gan, template argument 3: the objective takes LeastSquares, NonSaturating, Hinge, Wasserstein, RelativisticPairing, a loss with one term for each score, or a struct with the terms Real, Generated and Generator, but is given CrossEntropyLoss
// expect-clang: gan_argument<3>, takes<an_objective>, but_is_given<other_type<CrossEntropyLoss>>
#include <ctgan/dcgan.hpp>

using namespace ctgan;

using Generator = Sequential<Linear<8, 64>, ReLU, Reshape<1, 8, 8>, Tanh>;
using Discriminator = Sequential<Input<1, 8, 8>, Flatten, Linear<64, 1>>;

int main() {
#ifdef TWIN
    Gan<Generator, Discriminator, BCEWithLogitsLoss> gan(1, 4, {}, {});
#else
    Gan<Generator, Discriminator, CrossEntropyLoss> gan(1, 4, {}, {});
#endif
    Batch<Image<1, 8, 8>> real(4);
    Batch<Flat<8>> noise(4);
    return gan.train_step(real, noise, 0).generator > 0 ? 0 : 1;
}
