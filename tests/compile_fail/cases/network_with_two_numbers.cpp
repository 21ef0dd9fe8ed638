// A Network that is given a number as its initialization.
// group: meet
// cause: The second argument is the initialization. The third, which most programs leave out, distinguishes networks with the same seed.
// fix: Leave the second argument out, or pass an initialization.
// expect: Network takes a seed and possibly an initialization, such as `network(0, init::Dcgan{})`, but is given other arguments
// expect-clang: the_network, takes<seed_and_initialization>, but_is_given<other_arguments>
#include <ctgan/dcgan.hpp>

using namespace ctgan;

using Generator = Sequential<Linear<8, 64>, ReLU, Reshape<1, 8, 8>, Tanh>;

int main() {
#ifdef TWIN
    Network<Generator> generator(0, init::PyTorch{}, 1);
#else
    Network<Generator> generator(0, 1);
#endif
    return generator.parameter_count > 0 ? 0 : 1;
}
