// A layer of your own without out().
// group: own
// cause: out() states which shapes the layer takes and which shape it gives for each; it is declared and never defined.
// fix: Declare out() as the message shows. `examples/03_a_layer_of_your_own.cpp` is an example.
// expect: layer 2: Same has no static out() that can be called.
// expect: A layer is at least: struct Name : LayerDefaults { static auto out(In) -> Out; template <class Pass> static void forward(const Pass&); template <class Pass> static void backward(const Pass&); };
// expect-clang: Invalid<layer<2, Same>, has_no<out, a_layer_has<LayerDefaults, out, forward, backward>>>
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
struct Same : LayerDefaults {
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
