// A Reshape to an image with another number of values.
// group: shapes
// cause: Reshape keeps the number of values: C times H times W must be the number of inputs.
// fix: Choose C, H and W so that their product is the number of inputs.
// expect: layer 2: Reshape takes [8192] but is given [6272]
// expect-clang: layer<2, Reshape<128, 8, 8>>, takes<Flat<8192>>, but_is_given<Flat<6272>>
#include <ctgan/dcgan.hpp>

using namespace ctgan;

using Generator = Sequential<Linear<100, 128 * 7 * 7>,
#ifdef TWIN
                             Reshape<128, 7, 7>,
#else
                             Reshape<128, 8, 8>,
#endif
                             ConvTranspose2d<128, 1, 4, 4>, Tanh>;

int main() {
    Network<Generator> generator(1);
    Network<Generator>::Workspace workspace(4);
    Batch<Generator::input_shape> noise(4);
    const auto images = generator.forward(noise, workspace);
    return images.count == 4 ? 0 : 1;
}
