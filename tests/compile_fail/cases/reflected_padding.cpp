// A reflected padding that is as large as the image.
// group: shapes
// cause: The padding shows the image in a mirror, without the pixels of its edge, so it is smaller than the image.
// fix: Use less padding, a larger image, or padding with zeros.
// expect: layer 2: Conv2d takes [6, H >= 4, W >= 3] but is given [6, 5, 2]
// expect-clang: takes<ImageOfAtLeast<6, 4, 3>>, but_is_given<Image<6, 5, 2>>
#include <ctgan/dcgan.hpp>

using namespace ctgan;

using Reflected = Conv2dWith<Conv2dOptions{
    .in = 6, .out = 8, .kernel = 5, .padding = {3, 2}, .padding_mode = PaddingMode::reflect}>;
#ifdef TWIN
using Net = Sequential<Input<6, 5, 3>, Reflected, Flatten>;
#else
using Net = Sequential<Input<6, 5, 2>, Reflected, Flatten>;
#endif

int main() {
    Network<Net> net(1);
    Network<Net>::Workspace workspace(4);
    Batch<Net::input_shape> images(4);
    const auto output = net.forward(images, workspace);
    return output.count == 4 ? 0 : 1;
}
