// Groups of channels that are not of one size.
// group: arguments
// cause: GroupNorm<Groups, Channels> divides the channels into groups of one size. As in PyTorch, the number of groups comes first.
// fix: Use a number of groups that divides the channels.
// expect: layer 3: GroupNorm has 32 channels, expected a multiple of its 6 groups
// expect-clang: argument<channels, found<32>, multiple_of_groups<6>>
#include <ctgan/dcgan.hpp>

using namespace ctgan;

using Critic = Sequential<Input<1, 28, 28>, Conv2d<1, 32, 4, 2, 1>,
#ifdef TWIN
                          GroupNorm<8, 32>,
#else
                          GroupNorm<6, 32>,
#endif
                          Flatten, Linear<32 * 14 * 14, 1>>;

int main() {
    const Network<Critic> critic(0);
    Network<Critic>::Workspace workspace(1);
    Batch<Image<1, 28, 28>> image(1);
    return critic.forward(image, workspace).count;
}
