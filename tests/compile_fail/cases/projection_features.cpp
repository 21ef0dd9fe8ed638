// A projection of features whose labels have a vector of another size.
// group: inputs
// cause: Projection compares the features of an image with a vector of its label, so both have the same number of values.
// fix: Give Embedding as many values as there are features.
// expect: layer 3, branch 2, layer 1: InnerProduct takes [32] but is given [24]
// expect-clang: takes<Flat<32>>, but_is_given<Flat<24>>
#include <ctgan/dcgan.hpp>

using namespace ctgan;

#ifdef TWIN
using OfLabel = Sequential<Select<1>, Embedding<10, 16>>;
#else
using OfLabel = Sequential<Select<1>, Embedding<10, 8>>;
#endif
using Discriminator =
    Sequential<Inputs<Image<1, 28, 28>, Classes<10>>,
               Concat<Sequential<Select<0>, Conv2d<1, 16, 4, 2, 1>, GlobalAvgPool2d>, OfLabel>,
               Projection<16>>;

int main() {
    Network<Discriminator> discriminator(1);
    Network<Discriminator>::Workspace workspace(4);
    Batch<Image<1, 28, 28>> images(4);
    Batch<Classes<10>> labels(4);
    const auto scores = discriminator.forward(images, labels, workspace);
    return scores.count == 4 ? 0 : 1;
}
