// A residual block whose body returns more channels than it takes.
// group: branches
// cause: The body's result is added to the block's input, so both must have one shape.
// fix: Give the block a shortcut that changes the shape as the body does, such as a convolution of single pixels.
// expect: layer 3: Residual takes a body that returns [32, 14, 14] but is given one that returns [64, 14, 14]; give it a shortcut, such as Conv2d<32, 64, 1>
// expect-clang: Residual>, takes<body_that_returns<Image<32, 14, 14>>>, but_is_given<body_that_needs_a_shortcut<Image<32, 14, 14>, Image<64, 14, 14>>>
#include <ctgan/dcgan.hpp>

using namespace ctgan;

using Body = Sequential<ReLU, Conv2d<32, 64, 3, 1, 1>, ReLU, Conv2d<64, 64, 3, 1, 1>>;
using Critic = Sequential<Input<1, 28, 28>, Conv2d<1, 32, 4, 2, 1>,
#ifdef TWIN
                          Residual<Body, Conv2d<32, 64, 1>>,
#else
                          Residual<Body>,
#endif
                          Flatten, Linear<64 * 14 * 14, 1>>;

int main() {
    const Network<Critic> critic(0);
    Network<Critic>::Workspace workspace(1);
    Batch<Image<1, 28, 28>> image(1);
    return critic.forward(image, workspace).count;
}
