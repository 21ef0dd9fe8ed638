// A penalty whose weight is no number.
// group: gan
// cause: The first argument of a penalty is a type that stands for a number.
// fix: Give a std::ratio or a Value, such as R1<Value<0.5>>.
// expect: Gan: the penalty R1 has a weight of int, expected a std::ratio or a Value
// expect-clang: penalty_of_gan<R1<int, 1>>, argument<weight, other_type<int>, a_number_for_a_weight>
#include <ctgan/dcgan.hpp>

using namespace ctgan;

using Generator = Sequential<Linear<8, 16>, Tanh>;
using Discriminator = Sequential<Linear<16, 4>, Tanh, Linear<4, 1>>;

int main() {
#ifdef TWIN
    using Objective = WithPenalty<NonSaturating, R1<std::ratio<1>>>;
#else
    using Objective = WithPenalty<NonSaturating, R1<int>>;
#endif
    Gan<Generator, Discriminator, Objective> gan(1, 4, {}, {});
    Batch<Flat<16>> real(4);
    Batch<Flat<8>> noise(4);
    return gan.train_step(real, noise, 0).generator > 0 ? 0 : 1;
}
