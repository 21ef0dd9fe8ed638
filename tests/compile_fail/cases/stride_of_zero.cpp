// A transposed convolution without a stride.
// expect: ctgan: ConvTranspose2d's channels, kernel and stride are at least 1, its padding at least 0
// expect-clang: ctgan: ConvTranspose2d's channels, kernel and stride are at least 1, its padding at least 0
#include <ctgan/dcgan.hpp>

using namespace ctgan;

using Generator = Sequential<Linear<100, 64 * 7 * 7>, Reshape<64, 7, 7>,
#ifdef TWIN
    ConvTranspose2d<64, 1, 3, 1, 1>, Tanh>;
#else
    ConvTranspose2d<64, 1, 3, 0, 1>, Tanh>;
#endif

int main() {
    Network<Generator> generator(1);
    Network<Generator>::Workspace workspace(4);
    Batch<Generator::input_shape> noise(4);
    const auto images = generator.forward(noise.view(), workspace);
    return images.count == 4 ? 0 : 1;
}
