// A training step of a ResNet generator of 32 x 32 images, with 128 channels and three residual blocks, each
// of which doubles height and width. A worker of benchmarks/run (worker.hpp): `bench_resnet THREADS`.
// benchmarks/workers/branching.py has the same network.

#include "regression.hpp"

namespace {

using namespace ctgan;

template <int C>
using Up = Residual<Sequential<BatchNorm2d<C>, ReLU, Upsample<2>, Conv2d<C, C, 3, 1, 1>, BatchNorm2d<C>, ReLU,
                               Conv2d<C, C, 3, 1, 1>>,
                    Sequential<Upsample<2>, Conv2d<C, C, 1>>>;
using Generator = Sequential<Linear<128, 128 * 4 * 4>, Reshape<128, 4, 4>, Up<128>, Up<128>, Up<128>,
                             BatchNorm2d<128>, ReLU, Conv2d<128, 3, 3, 1, 1>, Tanh>;

} // namespace

int main(int argc, char** argv) { return serve_regression<Generator>(argc, argv); }
