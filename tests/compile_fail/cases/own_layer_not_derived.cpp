// A layer of your own that is not derived from LayerDefaults.
// group: own
// cause: LayerDefaults provides the members that a layer does not declare itself.
// fix: Derive the layer from LayerDefaults.
// expect: layer 2: Same is not a layer: it is not derived from LayerDefaults.
// expect: A layer is at least: struct Name : LayerDefaults { static auto out(In) -> Out; template <class Pass> static void forward(const Pass&); template <class Pass> static void backward(const Pass&); };
// expect-clang: Invalid<layer<2, Same>, is_not_a_layer<a_layer_has<LayerDefaults, out, forward, backward>>>
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
struct Same {
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
