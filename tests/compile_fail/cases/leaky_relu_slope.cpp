// A LeakyReLU whose output does not show the sign of its input.
// group: arguments
// cause: The backward pass derives the sign of the input from the output, which works only for slopes above 0.
// fix: Use a slope above 0, or ReLU instead of a slope of 0.
// expect: layer 3: LeakyReLU has a slope of 0/1, expected above 0
// expect-clang: argument<slope, ratio<0, 1>, above_0>
#include <ctgan/dcgan.hpp>

using namespace ctgan;

using Discriminator = Sequential<Input<1, 28, 28>, Conv2d<1, 8, 3, 2>,
#ifdef TWIN
                                 LeakyReLU<std::ratio<1, 5>>,
#else
                                 LeakyReLU<std::ratio<0>>,
#endif
                                 Flatten, Linear<8 * 13 * 13, 1>>;

int main() {
    Network<Discriminator> discriminator(1);
    Network<Discriminator>::Workspace workspace(4);
    Batch<Image<1, 28, 28>> images(4);
    const auto scores = discriminator.forward(images, workspace);
    return scores.count == 4 ? 0 : 1;
}
