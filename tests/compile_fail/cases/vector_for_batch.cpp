// A std::vector where a batch is expected.
// group: meet
// cause: The type of a std::vector does not state the shape of its samples.
// fix: Copy the values into a Batch, for example by `batch.from_pytorch_order(values)`, or view them: `View<Shape, float>{pointer, samples}`.
// expect: forward: the network takes a Batch or a View of one but is given vector
// expect-clang: forward_of_network, takes<batch_or_view>, but_is_given<other_type<
#include <ctgan/dcgan.hpp>

#include <vector>

using namespace ctgan;

using Generator = Sequential<Linear<8, 64>, ReLU, Reshape<1, 8, 8>, Tanh>;
using Discriminator = Sequential<Input<1, 8, 8>, Flatten, Linear<64, 1>>;

int main() {
    Network<Generator> generator(1);
    Network<Generator>::Workspace workspace(4);
    [[maybe_unused]] std::vector<float> numbers(4 * 8);
#ifdef TWIN
    const auto images = generator.forward(View<Flat<8>, float>{numbers.data(), 4}, workspace);
#else
    const auto images = generator.forward(numbers, workspace);
#endif
    return images.count == 4 ? 0 : 1;
}
