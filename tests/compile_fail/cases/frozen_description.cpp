// A Sequential frozen, which only describes a network.
// group: meet
// cause: Frozen copies the parameters of a Network.
// fix: Give it the Network.
// expect: Frozen takes a Network, such as Network<Sequential<...>>, but is given Sequential
// expect-clang: Mismatch<frozen, takes<a_network>, but_is_given<other_type<
#include <ctgan/dcgan.hpp>

using namespace ctgan;

using Generator = Sequential<Linear<8, 64>, ReLU, Reshape<1, 8, 8>, Tanh>;

int main() {
#ifdef TWIN
    const Network<Generator> generator(0);
#else
    const Generator generator;
#endif
    const Frozen frozen(generator);
    return sizeof frozen > 0 ? 0 : 1;
}
