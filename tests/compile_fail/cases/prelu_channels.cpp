// A PReLU with slopes for other channels than those that it is given.
// group: shapes
// cause: PReLU<16> learns a slope for each of 16 channels.
// fix: Use the number of channels that the layer before it returns, or PReLU<1>, which has one slope for all.
// expect: layer 3: PReLU takes [16] or [16, H, W] but is given [8, 26, 26]
// expect-clang: layer<3, PReLU<16>>, takes<OfChannels<16>>
// expect-clang: but_is_given<Image<8, 26, 26>>
#include <ctgan/dcgan.hpp>

using namespace ctgan;

using Critic = Sequential<Input<1, 28, 28>, Conv2d<1, 8, 3>,
#ifdef TWIN
                          PReLU<1>,
#else
                          PReLU<16>,
#endif
                          Flatten, Linear<8 * 26 * 26, 1>>;

int main() {
    Network<Critic> critic(1);
    Network<Critic>::Workspace workspace(4);
    Batch<Image<1, 28, 28>> images(4);
    const auto scores = critic.forward(images, workspace);
    return scores.count == 4 ? 0 : 1;
}
