// A penalty with an interval of 0 steps.
// group: gan
// cause: The second argument of a penalty is the number of steps from one that computes it to the next.
// fix: Give at least 1, the default, which computes it in every step.
// expect: Gan: the penalty R1 has an interval of 0, expected at least 1
// expect-clang: penalty_of_gan<R1<ratio<10, 1>, 0>>, argument<every, found<0>, at_least<1>>
#include <ctgan/dcgan.hpp>

using namespace ctgan;

using Generator = Sequential<Linear<8, 16>, Tanh>;
using Discriminator = Sequential<Linear<16, 4>, Tanh, Linear<4, 1>>;

int main() {
#ifdef TWIN
    using Penalty = R1<std::ratio<10>, 16>;
#else
    using Penalty = R1<std::ratio<10>, 0>;
#endif
    Gan<Generator, Discriminator, WithPenalty<NonSaturating, Penalty>> gan(1, 4, {}, {});
    Batch<Flat<16>> real(4);
    Batch<Flat<8>> noise(4);
    return gan.train_step(real, noise, 0).generator > 0 ? 0 : 1;
}
