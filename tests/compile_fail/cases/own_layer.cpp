// A layer of your own that does not accept the shape: it has no out() for it.
// group: own
// cause: The layer declares out() only for some shapes, and the given shape is not one of them.
// fix: Give it a shape that it accepts, or declare out() for this shape, too.
// expect: layer 4: Halve takes a shape that its out() accepts but is given [1, 13, 13]
// expect-clang: layer<4, Halve>, takes<AShapeThatItsOutAccepts>, but_is_given<Image<1, 13, 13>>
// expect-nvcc: layer<4, Halve>, takes<LayerDefaults::Takes>, but_is_given<Image<1, 13, 13>>
#include <ctgan/dcgan.hpp>

using namespace ctgan;

/// Keeps every second pixel of every second row.
struct Halve : LayerDefaults {
    template <int C, int H, int W>
        requires(H % 2 == 0 && W % 2 == 0)
    static auto out(Image<C, H, W>) -> Image<C, H / 2, W / 2>;

    template <class Pass>
    static void forward(const Pass&);
};

using Discriminator = Sequential<Input<1, 28, 28>,
#ifdef TWIN
                                 Conv2d<1, 1, 3, 1>, ReLU, Halve, Flatten, Linear<13 * 13, 1>>;
#else
                                 Conv2d<1, 1, 3, 2>, ReLU, Halve, Flatten, Linear<36, 1>>;
#endif

int main() {
    Network<Discriminator> discriminator(1);
    Network<Discriminator>::Workspace workspace(4);
    Batch<Image<1, 28, 28>> images(4);
    const auto scores = discriminator.forward(images, workspace);
    return scores.count == 4 ? 0 : 1;
}
