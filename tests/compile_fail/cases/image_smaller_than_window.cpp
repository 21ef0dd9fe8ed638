// A pooling layer on an image that is smaller than its kernel.
// group: shapes
// cause: No window fits into the image.
// fix: Use a smaller kernel, or fewer layers that halve the image.
// expect: layer 4: AvgPool2d takes [C, H >= 4, W >= 4] but is given [8, 3, 3]
// expect-clang: layer<4, AvgPool2d<4, 4, 0>>, takes<AnyImageOfAtLeast<4, 4>>
// expect-clang: but_is_given<Image<8, 3, 3>>
#include <ctgan/dcgan.hpp>

using namespace ctgan;

using Critic = Sequential<Input<1, 28, 28>, Conv2d<1, 8, 4, 4>, MaxPool2d<2>,
#ifdef TWIN
                          AvgPool2d<3>,
#else
                          AvgPool2d<4>,
#endif
                          Flatten, Linear<8, 1>>;

int main() {
    Network<Critic> critic(1);
    Network<Critic>::Workspace workspace(4);
    Batch<Image<1, 28, 28>> images(4);
    const auto scores = critic.forward(images, workspace);
    return scores.count == 4 ? 0 : 1;
}
