// A padding that is more than half of a pooling layer's kernel, which PyTorch refuses, too.
// group: arguments
// cause: With a larger padding there are windows that have no pixel of the image.
// fix: Use a padding of at most half of the kernel, or a larger kernel.
// expect: layer 3: MaxPool2d has a padding of 2, expected at least 0 and at most half of the kernel, 1
// expect-clang: argument<padding, found<2>, at_most_half_of_the_kernel<3>>
#include <ctgan/dcgan.hpp>

using namespace ctgan;

using Critic = Sequential<Input<1, 28, 28>, Conv2d<1, 8, 3>,
#ifdef TWIN
                          MaxPool2d<3, 2, 1>,
#else
                          MaxPool2d<3, 2, 2>,
#endif
                          GlobalAvgPool2d, Linear<8, 1>>;

int main() {
    Network<Critic> critic(1);
    Network<Critic>::Workspace workspace(4);
    Batch<Image<1, 28, 28>> images(4);
    const auto scores = critic.forward(images, workspace);
    return scores.count == 4 ? 0 : 1;
}
