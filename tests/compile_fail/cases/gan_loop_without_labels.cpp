// A loop on a conditional Gan without the labels of its images.
// group: gan
// cause: Both networks of a conditional Gan are told the label of each image.
// fix: Give the labels behind the images, one for each.
// expect: GanLoop: a conditional Gan takes the labels of the images behind them but is given no labels
// expect-clang: gan_loop, takes<labels_of_images>, but_is_given<no_labels>
#include <ctgan/dcgan.hpp>

#include <cstdint>
#include <vector>

using namespace ctgan;

using Generator =
    Sequential<Inputs<Flat<6>, Classes<10>>, Concat<Select<0>, Sequential<Select<1>, Embedding<10, 2>>>,
               Linear<8, 16>, Tanh, Reshape<1, 4, 4>>;
using Discriminator =
    Sequential<Inputs<Image<1, 4, 4>, Classes<10>>,
               Concat<Sequential<Select<0>, Flatten>, Sequential<Select<1>, Embedding<10, 2>>>,
               Linear<18, 1>>;

int main() {
    Gan<Generator, Discriminator> gan(/*seed*/ 0, /*largest_batch*/ 4, {.lr = 1e-3}, {.lr = 1e-3});
    const ByteImages<Image<1, 4, 4>> images(std::vector<std::uint8_t>(10 * 16));
#ifdef TWIN
    GanLoop loop(gan, images, Batch<Classes<10>>(std::vector<int>(10)), /*seed*/ 0, /*largest_batch*/ 4);
#else
    GanLoop loop(gan, images, /*seed*/ 0, /*largest_batch*/ 4);
#endif
    return static_cast<int>(loop.steps());
}
