// A residual block with nothing in its body.
// group: branches
// cause: An empty Sequential computes nothing, which is hardly meant.
// fix: Put layers into the body. For a branch that returns its input, write `Identity`.
// expect: layer 2: Residual has nothing in its body, expected at least one layer, which may be Identity
// expect-clang: Residual>, has_empty_branch<0>
#include <ctgan/dcgan.hpp>

using namespace ctgan;

#ifdef TWIN
using Body = Sequential<ReLU, Conv2d<1, 1, 3, 1, 1>>;
#else
using Body = Sequential<>;
#endif
using Critic = Sequential<Input<1, 28, 28>, Residual<Body>, Flatten, Linear<28 * 28, 1>>;

int main() {
    Network<Critic> critic(0);
    return critic.parameter_count > 0 ? 0 : 1;
}
