// An average of a Sequential, which only describes a network.
// group: training
// cause: Averaged is for a Network, which has parameters.
// fix: Give it the Network.
// expect: Averaged takes a Network, such as Network<Sequential<...>>, but is given Sequential
// expect-clang: Mismatch<average, takes<a_network>, but_is_given<other_type<
#include <ctgan/dcgan.hpp>
#include <ctgan/optim/averaged.hpp>

using namespace ctgan;

using Generator = Sequential<Linear<8, 64>, ReLU, Reshape<1, 8, 8>, Tanh>;

int main() {
#ifdef TWIN
    Network<Generator> generator(0);
#else
    Generator generator;
#endif
    Averaged average(generator, 0.99);
    return average.network().training_passes() == 0 ? 0 : 1;
}
