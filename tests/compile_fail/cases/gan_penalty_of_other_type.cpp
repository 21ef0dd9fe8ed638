// An objective in the place of a penalty.
// group: gan
// cause: What follows the objective are penalties, structs like R1.
// fix: Give a penalty, such as GradientPenalty<> or R1<>, or one of your own with all of these members.
// expect: Gan: the penalty Hinge lacks a member, expected Weight, every, at, term(norm) and slope(norm)
// expect-clang: penalty_of_gan<Hinge>, lacks_a_member
#include <ctgan/dcgan.hpp>

using namespace ctgan;

using Generator = Sequential<Linear<8, 16>, Tanh>;
using Discriminator = Sequential<Linear<16, 4>, Tanh, Linear<4, 1>>;

int main() {
#ifdef TWIN
    using Objective = WithPenalty<Wasserstein, R1<>>;
#else
    using Objective = WithPenalty<Wasserstein, Hinge>;
#endif
    Gan<Generator, Discriminator, Objective> gan(1, 4, {}, {});
    Batch<Flat<16>> real(4);
    Batch<Flat<8>> noise(4);
    return gan.train_step(real, noise, 0).generator > 0 ? 0 : 1;
}
