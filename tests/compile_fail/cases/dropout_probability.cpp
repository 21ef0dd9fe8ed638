// A Dropout2d that drops everything.
// group: arguments
// cause: Dropout multiplies what it keeps by 1 / (1 - P), which is infinite for P = 1.
// fix: Use a probability P below 1, as a std::ratio.
// expect: layer 3: Dropout2d has a probability of 1/1, expected at least 0 and below 1
// expect-clang: argument<probability, ratio<1, 1>, at_least_0_and_below_1>
#include <ctgan/dcgan.hpp>

using namespace ctgan;

using Discriminator = Sequential<Input<1, 28, 28>, Conv2d<1, 8, 3, 2>,
#ifdef TWIN
                                 Dropout2d<std::ratio<1, 4>>,
#else
                                 Dropout2d<std::ratio<1>>,
#endif
                                 Flatten, Linear<8 * 13 * 13, 1>>;

int main() {
    Network<Discriminator> discriminator(1);
    Network<Discriminator>::Workspace workspace(4);
    Batch<Image<1, 28, 28>> images(4);
    const auto scores = discriminator.forward(images, workspace);
    return scores.count == 4 ? 0 : 1;
}
