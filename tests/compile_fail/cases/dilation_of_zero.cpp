// A dilation of 0.
// group: arguments
// cause: The dilation is the distance of adjacent positions of the kernel; PyTorch's default is 1.
// fix: Use a dilation of at least 1.
// expect: layer 2: ConvTranspose2d has a dilation of 0, expected at least 1
// expect-clang: argument<dilation, found<0>, at_least<1>>
#include <ctgan/dcgan.hpp>

using namespace ctgan;

#ifdef TWIN
using Convolution =
    ConvTranspose2dWith<ConvTranspose2dOptions{.in = 6, .out = 8, .kernel = 3, .dilation = {1, 2}}>;
#else
using Convolution =
    ConvTranspose2dWith<ConvTranspose2dOptions{.in = 6, .out = 8, .kernel = 3, .dilation = {1, 0}}>;
#endif
using Net = Sequential<Input<6, 5, 5>, Convolution, ReLU>;

int main() {
    Network<Net> net(1);
    Network<Net>::Workspace workspace(4);
    Batch<Image<6, 5, 5>> images(4);
    const auto output = net.forward(images, workspace);
    return output.count == 4 ? 0 : 1;
}
