// Dropout2d after Flatten.
// group: shapes
// cause: Dropout2d drops whole channels, and flat samples have no channels.
// fix: Use Dropout2d before Flatten.
// expect: layer 4: Dropout2d takes [C, H, W] but is given [1352]
// expect-clang: layer<4, Dropout2d<ratio<1, 2>, ctgan::DropoutMode::training_only>>, takes<AnyImage>
// expect-clang: but_is_given<Flat<1352>>
#include <ctgan/dcgan.hpp>

using namespace ctgan;

using Discriminator = Sequential<Input<1, 28, 28>, Conv2d<1, 8, 3, 2>,
#ifdef TWIN
                                 Dropout2d<>, Flatten,
#else
                                 Flatten, Dropout2d<>,
#endif
                                 Linear<8 * 13 * 13, 1>>;

int main() {
    Network<Discriminator> discriminator(1);
    Network<Discriminator>::Workspace workspace(4);
    Batch<Image<1, 28, 28>> images(4);
    const auto scores = discriminator.forward(images, workspace);
    return scores.count == 4 ? 0 : 1;
}
