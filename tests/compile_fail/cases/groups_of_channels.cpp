// A number of groups that does not divide the channels.
// group: arguments
// cause: Each group has as many input channels as any other, and as many output channels.
// fix: Use a number of groups that divides both numbers of channels.
// expect: layer 2: Conv2d has 4 groups, expected a number that divides its channels, 6 and 8
// expect-clang: argument<groups, found<4>, a_divisor_of_channels<6, 8>>
#include <ctgan/dcgan.hpp>

using namespace ctgan;

#ifdef TWIN
using Convolution = Conv2dWith<Conv2dOptions{.in = 6, .out = 8, .kernel = 3, .padding = 1, .groups = 2}>;
#else
using Convolution = Conv2dWith<Conv2dOptions{.in = 6, .out = 8, .kernel = 3, .padding = 1, .groups = 4}>;
#endif
using Net = Sequential<Input<6, 5, 5>, Convolution, ReLU>;

int main() {
    Network<Net> net(1);
    Network<Net>::Workspace workspace(4);
    Batch<Image<6, 5, 5>> images(4);
    const auto output = net.forward(images, workspace);
    return output.count == 4 ? 0 : 1;
}
