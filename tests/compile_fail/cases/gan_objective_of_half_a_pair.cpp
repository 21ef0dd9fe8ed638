// An objective of pairs without the generator's term.
// group: gan
// cause: An objective of pairs has two types, DiscriminatorOfPair and GeneratorOfPair; one of them is missing.
// fix: Give both, each with term(r - f) and slope(r - f), as RelativisticPairing does.
// expect: Gan, template argument 3: the objective takes LeastSquares, NonSaturating, Hinge, Wasserstein, RelativisticPairing, a loss with one term for each score, or a struct with the terms Real, Generated and Generator, but is given OfPairs
// expect-clang: gan_argument<3>, takes<an_objective>, but_is_given<other_type<OfPairs>>
#include <ctgan/dcgan.hpp>

using namespace ctgan;

using Generator = Sequential<Linear<8, 16>, Tanh>;
using Discriminator = Sequential<Linear<16, 4>, Tanh, Linear<4, 1>>;

struct OfPairs {
    using DiscriminatorOfPair = Hinge::Real;
#ifdef TWIN
    using GeneratorOfPair = Hinge::Generated;
#endif
};

int main() {
    Gan<Generator, Discriminator, OfPairs> gan(1, 4, {}, {});
    Batch<Flat<16>> real(4);
    Batch<Flat<8>> noise(4);
    return gan.train_step(real, noise, 0).generator > 0 ? 0 : 1;
}
