// A mistake in a branch of a branch: the message counts the layers of each branch.
// group: branches
// cause: The second layer of the inner body takes other channels than the first one returns.
// fix: As in a network without branches.
// expect: layer 3, branch 2, layer 2, body, layer 3: Conv2d takes [32, H, W] but is given [16, 14, 14]
// expect-clang: layer_in_branch<Conv2d<32, 16, 3, 1, 1>, 3, 2, 2, 0, 3>, takes<ImageOf<32>>, but_is_given<Image<16, 14, 14>>
// expect-nvcc: layer_in_branch<Second, 3, 2, 2, 0, 3>, takes<ImageOf<32>>, but_is_given<Image<16, 14, 14>>
#include <ctgan/dcgan.hpp>

using namespace ctgan;

#ifdef TWIN
using Second = Conv2d<16, 16, 3, 1, 1>;
#else
using Second = Conv2d<32, 16, 3, 1, 1>;
#endif
using Body = Sequential<Conv2d<16, 16, 3, 1, 1>, ReLU, Second>;
using Critic =
    Sequential<Input<1, 28, 28>, Conv2d<1, 16, 4, 2, 1>, Concat<Identity, Sequential<ReLU, Residual<Body>>>,
               Flatten, Linear<32 * 14 * 14, 1>>;

int main() {
    Network<Critic> critic(0);
    return critic.parameter_count > 0 ? 0 : 1;
}
