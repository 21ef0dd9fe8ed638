// A PixelShuffle of channels that are no multiple of the factor's square.
// group: shapes
// cause: PixelShuffle<2> makes four pixels of each group of four channels.
// fix: Give the layer before it Factor x Factor times as many channels as PixelShuffle is to return.
// expect: layer 4: PixelShuffle takes [4 C, H, W] but is given [10, 7, 7]
// expect-clang: layer<4, PixelShuffle<2>>, takes<ImageOfMultiple<4>>
// expect-clang: but_is_given<Image<10, 7, 7>>
#include <ctgan/dcgan.hpp>

using namespace ctgan;

using Generator = Sequential<Linear<100, 8 * 7 * 7>, Reshape<8, 7, 7>,
#ifdef TWIN
                             Conv2d<8, 12, 3, 1, 1>,
#else
                             Conv2d<8, 10, 3, 1, 1>,
#endif
                             PixelShuffle<2>, Tanh>;

int main() {
    Network<Generator> generator(1);
    Network<Generator>::Workspace workspace(4);
    Batch<Generator::input_shape> noise(4);
    const auto images = generator.forward(noise, workspace);
    return images.count == 4 ? 0 : 1;
}
