// A transposed convolution directly after Linear.
// group: shapes
// cause: A transposed convolution takes images, but Linear gives flat samples.
// fix: Put `Reshape<C, H, W>` between them.
// expect: layer 3: ConvTranspose2d takes [128, H, W] but is given [6272]
// expect-clang: layer<3, ConvTranspose2d<128, 1, 4, 4, 0, 0>>, takes<ImageOf<128>>, but_is_given<Flat<6272>>
#include <ctgan/dcgan.hpp>

using namespace ctgan;

using Generator = Sequential<Linear<100, 128 * 7 * 7>, ReLU,
#ifdef TWIN
                             Reshape<128, 7, 7>,
#endif
                             ConvTranspose2d<128, 1, 4, 4>, Tanh>;

int main() {
    Network<Generator> generator(1);
    Network<Generator>::Workspace workspace(4);
    Batch<Generator::input_shape> noise(4);
    const auto images = generator.forward(noise, workspace);
    return images.count == 4 ? 0 : 1;
}
