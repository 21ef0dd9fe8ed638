// An Input with height and width but no channels.
// group: arguments
// cause: An image has channels, even if there is only one.
// fix: Write `Input<C, H, W>` for images or `Input<N>` for flat samples.
// expect: layer 1: Input has 2 extents, expected Input<N> or Input<C, H, W>
// expect-clang: argument<extents, found<2>, one_or_three>
#include <ctgan/dcgan.hpp>

using namespace ctgan;

using Discriminator = Sequential<
#ifdef TWIN
    Input<1, 28, 28>,
#else
    Input<28, 28>,
#endif
    Flatten, Linear<784, 1>>;

int main() {
    Network<Discriminator> discriminator(1);
    Network<Discriminator>::Workspace workspace(4);
    Batch<Image<1, 28, 28>> images(4);
    const auto scores = discriminator.forward(images, workspace);
    return scores.count == 4 ? 0 : 1;
}
