// A plugin that draws with a network, behind a C interface, for plugin.sh.

#include <ctgan/ctgan.hpp>

using namespace ctgan;

namespace {

using Generator = Sequential<Linear<32, 32 * 7 * 7>, ReLU, Reshape<32, 7, 7>,
                             ConvTranspose2d<32, 16, 4, 2, 1>, ReLU, ConvTranspose2d<16, 1, 4, 2, 1>, Tanh>;

} // namespace

extern "C" float draw(unsigned long seed) {
    cpu::set_threads(3);
    const Network<Generator> network(0);
    Network<Generator>::Workspace workspace(64);
    Batch<Flat<32>> noise(64);
    Cpu::fill_normal(noise.data(), noise.size(), 1.F, {.seed = seed});
    return network.forward(noise, workspace).data[0];
}
