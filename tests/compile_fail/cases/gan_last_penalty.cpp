// The value of the second penalty of an objective that has one.
// group: gan
// cause: Penalties are counted from 0, in the order of the objective's list.
// fix: Ask for a number of the list, or leave it out for the first.
// expect: Gan: found last_penalty<1>(), expected a number from 0 to 0, as the objective has 1 penalty
// expect-clang: penalty_number<1, 1>
#include <ctgan/dcgan.hpp>

using namespace ctgan;

using Generator = Sequential<Linear<8, 16>, Tanh>;
using Discriminator = Sequential<Linear<16, 4>, Tanh, Linear<4, 1>>;

int main() {
    Gan<Generator, Discriminator, WithPenalty<NonSaturating, R1<>>> gan(1, 4, {}, {});
#ifdef TWIN
    return gan.last_penalty<0>() > 0 ? 0 : 1;
#else
    return gan.last_penalty<1>() > 0 ? 0 : 1;
#endif
}
