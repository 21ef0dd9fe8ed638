// A Dropout2d that drops everything.
// expect: ctgan: Dropout2d's probability is at least 0 and below 1
// expect-clang: ctgan: Dropout2d's probability is at least 0 and below 1
#include <ctgan/dcgan.hpp>

using namespace ctgan;

struct Discriminator : Sequential<Input<1, 28, 28>, Conv2d<1, 8, 3, 2>,
#ifdef TWIN
                                  Dropout2d<std::ratio<1, 4>>,
#else
                                  Dropout2d<std::ratio<1>>,
#endif
                                  Flatten, Linear<8 * 13 * 13, 1>> {
};

int main() {
    Network<Discriminator> discriminator(1);
    Network<Discriminator>::Workspace workspace(4);
    Batch<Image<1, 28, 28>> images(4);
    const auto verdicts = discriminator.forward(images.view(), workspace);
    return verdicts.count == 4 ? 0 : 1;
}
