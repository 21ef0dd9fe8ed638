// A struct derived from Residual in a network.
// group: branches
// cause: A layer with branches and a nested Sequential are recognized by their own names; a derived struct is another type.
// fix: Write `using Block = Residual<...>;`.
// expect: layer 2: Block is derived from Residual, expected a name for it, such as `using Name = Residual<...>;`
// expect-clang: Invalid<layer<2, Block>, is_derived_from<
// expect-clang: Residual>>
#include <ctgan/dcgan.hpp>

using namespace ctgan;

#ifdef TWIN
using Block = Residual<Sequential<ReLU, Conv2d<8, 8, 3, 1, 1>>>;
#else
struct Block : Residual<Sequential<ReLU, Conv2d<8, 8, 3, 1, 1>>> {};
#endif
using Critic = Sequential<Input<8, 28, 28>, Block, Flatten, Linear<8 * 28 * 28, 1>>;

int main() {
    Network<Critic> critic(0);
    return critic.parameter_count > 0 ? 0 : 1;
}
