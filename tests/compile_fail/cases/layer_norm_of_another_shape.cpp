// A LayerNorm whose height and width are exchanged.
// group: shapes
// cause: LayerNorm<C, H, W> has a weight for each value of an image, so it takes images of one size.
// fix: Use the shape that the layer before it returns.
// expect: layer 3: LayerNorm takes [4, 5, 6] but is given [4, 6, 5]
// expect-clang: LayerNorm<4, 5, 6>>, takes<Image<4, 5, 6>>, but_is_given<Image<4, 6, 5>>
#include <ctgan/dcgan.hpp>

using namespace ctgan;

using Critic = Sequential<Input<1, 12, 10>, Conv2d<1, 4, 4, 2, 1>,
#ifdef TWIN
                          LayerNorm<4, 6, 5>,
#else
                          LayerNorm<4, 5, 6>,
#endif
                          Flatten, Linear<4 * 6 * 5, 1>>;

int main() {
    const Network<Critic> critic(0);
    Network<Critic>::Workspace workspace(1);
    Batch<Image<1, 12, 10>> image(1);
    return critic.forward(image, workspace).count;
}
