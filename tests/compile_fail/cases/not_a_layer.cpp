// A type that is not a layer.
// group: own
// cause: Every template argument of Sequential must be a layer: a type that is derived from LayerDefaults.
// fix: Replace it by a layer.
// expect: layer 2: int is not a layer: it is not derived from LayerDefaults.
// expect: A layer is at least: struct Name : LayerDefaults { static auto out(In) -> Out; template <class Pass> static void forward(const Pass&); template <class Pass> static void backward(const Pass&); };
// expect-clang: Invalid<layer<2, int>, is_not_a_layer<a_layer_has<LayerDefaults, out, forward, backward>>>
#include <ctgan/dcgan.hpp>

using namespace ctgan;

using Discriminator = Sequential<Input<1, 28, 28>,
#ifdef TWIN
                                 Flatten,
#else
                                 int,
#endif
                                 Linear<784, 1>>;

int main() {
    Network<Discriminator> discriminator(1);
    Network<Discriminator>::Workspace workspace(4);
    Batch<Image<1, 28, 28>> images(4);
    const auto scores = discriminator.forward(images, workspace);
    return scores.count == 4 ? 0 : 1;
}
