// A Value that is no fraction of two whole numbers of 64 bits.
// group: arguments
// cause: Value<0.2> has the members of std::ratio<1, 5>. The denominator of 1e-30 does not fit into them.
// fix: Use 0, or a number that is not that close to 0.
// expect: layer 3: LeakyReLU has a slope of too many digits, expected a fraction of two whole numbers of 64 bits, such as 0.2 or 1e-5
// expect-clang: argument<slope, too_many_digits, a_fraction>
#include <ctgan/dcgan.hpp>

#include <cstdint>

using namespace ctgan;

#if defined(TWIN)
using Slope = std::ratio<1, 1000000000>;
#elif CTGAN_NUMBERS_AS_ARGUMENTS
using Slope = Value<1e-30>;
#else // what it would be
struct Slope {
    static constexpr std::intmax_t num = 1, den = 0;
};
#endif
using Discriminator =
    Sequential<Input<1, 28, 28>, Conv2d<1, 8, 3, 2>, LeakyReLU<Slope>, Flatten, Linear<8 * 13 * 13, 1>>;

int main() {
    Network<Discriminator> discriminator(1);
    Network<Discriminator>::Workspace workspace(4);
    Batch<Image<1, 28, 28>> images(4);
    const auto scores = discriminator.forward(images, workspace);
    return scores.count == 4 ? 0 : 1;
}
