// A Network of one layer instead of a Sequential.
// group: meet
// cause: A layer does not say what enters the network. Only a Sequential describes a network.
// fix: Put the layer into a Sequential that begins with `Input`.
// expect: Network takes a Sequential, such as Sequential<Input<C, H, W>, ...>, but is given Residual
// expect-clang: takes<description_of_network>, but_is_given<other_type<Residual<
// expect-nvcc: takes<description_of_network>, but_is_given<other_type<
#include <ctgan/dcgan.hpp>

using namespace ctgan;

using Block = Residual<Sequential<ReLU, Conv2d<8, 8, 3, 1, 1>>>;
#ifdef TWIN
using Net = Sequential<Input<8, 4, 4>, Block>;
#else
using Net = Block;
#endif

int main() {
    Network<Net> network(0);
    return network.parameters() ? 0 : 1;
}
