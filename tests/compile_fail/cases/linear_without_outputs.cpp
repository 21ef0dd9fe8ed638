// A Linear layer without outputs.
// group: arguments
// cause: The template arguments are the number of inputs and the number of outputs.
// fix: Use at least one output.
// expect: layer 3: Linear has 0 outputs, expected at least 1
// expect-clang: argument<outputs, found<0>, at_least<1>>
#include <ctgan/dcgan.hpp>

using namespace ctgan;

using Discriminator = Sequential<Input<1, 28, 28>, Flatten,
#ifdef TWIN
                                 Linear<784, 1>
#else
                                 Linear<784, 0>
#endif
                                 >;

int main() {
    Network<Discriminator> discriminator(1);
    Network<Discriminator>::Workspace workspace(4);
    Batch<Image<1, 28, 28>> images(4);
    const auto scores = discriminator.forward(images, workspace);
    return scores.count == 4 ? 0 : 1;
}
