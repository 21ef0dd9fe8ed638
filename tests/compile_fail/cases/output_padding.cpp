// An output padding that is not less than the stride, which PyTorch refuses, too.
// group: arguments
// cause: A larger output padding would add rows that no input reaches.
// fix: Use an output padding below the stride.
// expect: layer 3: ConvTranspose2d has an output padding of 2, expected at least 0 and less than the stride, 2
// expect-clang: argument<output_padding, found<2>, below_the_stride_of<2>>
#include <ctgan/dcgan.hpp>

using namespace ctgan;

using Generator = Sequential<Linear<100, 64 * 7 * 7>, Reshape<64, 7, 7>,
#ifdef TWIN
                             ConvTranspose2d<64, 1, 3, 2, 1, 1>, Tanh>;
#else
                             ConvTranspose2d<64, 1, 3, 2, 1, 2>, Tanh>;
#endif

int main() {
    Network<Generator> generator(1);
    Network<Generator>::Workspace workspace(4);
    Batch<Generator::input_shape> noise(4);
    const auto images = generator.forward(noise, workspace);
    return images.count == 4 ? 0 : 1;
}
