// A Network without a seed.
// group: meet
// cause: A Network initializes its parameters, and a run can be repeated only if its seed is known.
// fix: Pass a seed.
// expect: Network takes a seed, such as in `network(0)`, but is given none
// expect-clang: the_network, takes<seed_of_network>, but_is_given<none>
#include <ctgan/dcgan.hpp>

using namespace ctgan;

using Generator = Sequential<Linear<8, 64>, ReLU, Reshape<1, 8, 8>, Tanh>;

int main() {
#ifdef TWIN
    Network<Generator> generator(0);
#else
    Network<Generator> generator;
#endif
    return generator.parameter_count > 0 ? 0 : 1;
}
