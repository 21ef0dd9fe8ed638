// An optimizer of a Sequential, which only describes a network.
// group: training
// cause: The parameters that an optimizer updates are in a Network.
// fix: Write `Adam<Network<Discriminator>>`.
// expect: Adam takes a Network, such as Network<Sequential<...>>, but is given Sequential
// expect-clang: optimizer<AdamRule>, takes<a_network>, but_is_given<other_type<Sequential<
// expect-nvcc: optimizer<AdamRule>, takes<a_network>, but_is_given<other_type<Discriminator>>
#include <ctgan/dcgan.hpp>

using namespace ctgan;

using Discriminator = Sequential<Input<1, 8, 8>, Flatten, Linear<64, 1>>;

int main() {
    Network<Discriminator> discriminator(1);
#ifdef TWIN
    Adam<Network<Discriminator>> optimizer(discriminator);
#else
    Adam<Discriminator> optimizer(discriminator);
#endif
    return optimizer.steps() == 0 ? 0 : 1;
}
