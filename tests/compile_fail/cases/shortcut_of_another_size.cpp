// A residual block whose shortcut does not reduce the height and width as its body does.
// group: branches
// cause: What body and shortcut return is added, so both must have one shape.
// fix: Give the shortcut the strides of the body.
// expect: layer 2: Residual takes branches that return one shape but is given [8, 14, 14] by the body and [8, 28, 28] by the shortcut
// expect-clang: Residual>, takes<branches_of_one_shape>, but_is_given<shapes_of_branches<0, Image<8, 14, 14>, -1, Image<8, 28, 28>>>
// expect-nvcc: but_is_given<shapes_of_branches<0, Image<8, 14, 14>, -1, Image<8, 28, 28>>>
#include <ctgan/dcgan.hpp>

using namespace ctgan;

#ifdef TWIN
using Shortcut = Conv2d<1, 8, 1, 2>;
#else
using Shortcut = Conv2d<1, 8, 1>;
#endif
using Critic =
    Sequential<Input<1, 28, 28>, Residual<Conv2d<1, 8, 4, 2, 1>, Shortcut>, Flatten, Linear<8 * 14 * 14, 1>>;

int main() {
    Network<Critic> critic(0);
    return critic.parameter_count > 0 ? 0 : 1;
}
