// An Add of one branch.
// group: branches
// cause: A comma between layers is missing a second branch: the layers of one branch are a Sequential.
// fix: Name each branch; `Identity` is the branch that returns its input. `Residual<Body>` is x + Body(x).
// expect: layer 2: Add has 1 branch, expected at least 2
// expect-clang: Add>, has_few_branches<1>
#include <ctgan/dcgan.hpp>

using namespace ctgan;

using Critic = Sequential<Input<1, 28, 28>,
                          Add<Sequential<Conv2d<1, 1, 3, 1, 1>, Tanh>
#ifdef TWIN
                              ,
                              Identity
#endif
                              >,
                          Flatten, Linear<28 * 28, 1>>;

int main() {
    Network<Critic> critic(0);
    return critic.parameter_count > 0 ? 0 : 1;
}
