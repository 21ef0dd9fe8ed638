// A penalty in the place of the objective, and the objective in that of the penalty.
// group: gan
// cause: WithPenalty takes an objective first, and then penalties.
// fix: Exchange the arguments.
// expect: Gan, template argument 3: the objective takes LeastSquares, NonSaturating, Hinge, Wasserstein, RelativisticPairing, a loss with one term for each score, or a struct with the terms Real, Generated and Generator, but is given GradientPenalty
// expect-clang: gan_argument<3>, takes<an_objective>, but_is_given<other_type<GradientPenalty<ratio<10, 1>, 1>>>
#include <ctgan/dcgan.hpp>

using namespace ctgan;

using Generator = Sequential<Linear<8, 16>, Tanh>;
using Discriminator = Sequential<Linear<16, 4>, Tanh, Linear<4, 1>>;

int main() {
#ifdef TWIN
    using Objective = WithPenalty<Wasserstein, GradientPenalty<>>;
#else
    using Objective = WithPenalty<GradientPenalty<>, Wasserstein>;
#endif
    Gan<Generator, Discriminator, Objective> gan(1, 4, {}, {});
    Batch<Flat<16>> real(4);
    Batch<Flat<8>> noise(4);
    return gan.train_step(real, noise, 0).generator > 0 ? 0 : 1;
}
