// A layer of your own with a setting in a data member.
// group: own
// cause: PyTorch creates an object for each layer; here a layer is only a type, and no object of it exists.
// fix: Make settings template arguments, and make learned values `parameters`.
// expect: layer 2: Same has data members, but no object of a layer is ever created: its settings are template arguments, what it learns is declared in `parameters`
// expect-clang: Invalid<layer<2, Same>, has_data_members>
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
    float scale = 1;
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
