// A layer of your own that is only declared where the network is defined.
// group: own
// cause: The compiler has seen only the name of the layer.
// fix: Define the layer, or include its header, before the network.
// expect: layer 2: Same is declared, but not defined before this line
// expect-clang: Invalid<layer<2, Same>, is_declared_but_not_defined>
#include <ctgan/dcgan.hpp>

using namespace ctgan;

/// y = x.
#ifdef TWIN
struct Same : LayerDefaults {
    template <class Shape>
    static auto out(Shape) -> Shape;
    template <class Pass>
    static void forward(const Pass& p) {
        Pass::Backend::copy(p.output, p.input, Index{p.batch} * Pass::Input::size);
    }
    template <class Pass>
    static void backward(const Pass& p) {
        Pass::Backend::copy(p.input_gradient, p.output_gradient, Index{p.batch} * Pass::Input::size);
    }
};
#else
struct Same;
#endif

using Discriminator = Sequential<Input<1, 28, 28>, Same, Flatten, Linear<784, 1>>;

int main() {
    Network<Discriminator> discriminator(1);
    Network<Discriminator>::TrainingWorkspace workspace(4);
    Network<Discriminator>::Gradients gradients;
    Batch<Image<1, 28, 28>> images(4);
    Batch<Flat<1>> gradient(4);
    discriminator.forward_training(images, workspace);
    discriminator.backward(gradient, workspace, gradients);
}
