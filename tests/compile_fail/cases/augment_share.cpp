// An augmentation that moves images by more than their size.
// group: arguments
// cause: The argument of AugmentTranslation and AugmentCutout is the share of the height and of the width by which images are moved, or that is cut out.
// fix: Use a share above 0 and at most 1, as a std::ratio.
// expect: layer 2: AugmentTranslation has a share of 8/1, expected above 0 and at most 1
// expect-clang: argument<share, ratio<8, 1>, above_0_and_at_most_1>
#include <ctgan/dcgan.hpp>

using namespace ctgan;

#ifdef TWIN
using Discriminator =
    Sequential<Input<1, 28, 28>, AugmentTranslation<std::ratio<1, 8>>, Flatten, Linear<784, 1>>;
#else
using Discriminator =
    Sequential<Input<1, 28, 28>, AugmentTranslation<std::ratio<8>>, Flatten, Linear<784, 1>>;
#endif

int main() {
    Network<Discriminator> discriminator(1);
    Network<Discriminator>::TrainingWorkspace workspace(4);
    Batch<Image<1, 28, 28>> images(4);
    const auto scores = discriminator.forward_training(images, workspace, Randomness{.seed = 1});
    return scores.count == 4 ? 0 : 1;
}
