// A training step of a U-Net for images of 28 x 28: two levels of 32 and 64 channels above 128. A worker of
// benchmarks/run (worker.hpp): `bench_unet THREADS`. benchmarks/workers/branching.py has the same network.

#include "regression.hpp"

namespace {

using namespace ctgan;

template <int C, int Below, class... Inner>
using Level = Concat<Identity, Sequential<Conv2d<C, 2 * C, 4, 2, 1>, LeakyReLU<std::ratio<1, 5>>, Inner...,
                                          ConvTranspose2d<Below, C, 4, 2, 1>, ReLU>>;
using UNet = Sequential<Input<1, 28, 28>, Conv2d<1, 32, 3, 1, 1>, LeakyReLU<std::ratio<1, 5>>,
                        Level<32, 128, Level<64, 128>>, Conv2d<64, 1, 1>, Tanh>;

} // namespace

int main(int argc, char** argv) { return serve_regression<UNet>(argc, argv); }
