// A network is a type. The compiler knows every layer's shape and the cost of the network, and if two layers
// do not fit together, it reports that in one message. The program prints the scores that an untrained
// network gives three random images; compile it with -DTRY_THE_MISTAKE to see the message.
//
// Usage: 01_shapes_and_errors

#include <ctgan/dcgan.hpp>

#include <cstdio>
#include <type_traits>

using namespace ctgan;

// Like torch.nn.Sequential. Only the shape of the input is given; all other shapes follow from it. The slope
// of LeakyReLU is a std::ratio because not every C++20 compiler accepts 0.2 as a template argument. The empty
// // keep clang-format from joining lines.
using Layers = Sequential<                                    //
    Input<1, 28, 28>,                                         //
    Conv2d<1, 16, /*kernel*/ 4, /*stride*/ 2, /*padding*/ 1>, //
    LeakyReLU<std::ratio<1, 5>>,                              // slope 0.2
    Conv2d<16, 32, 4, 2, 1>,                                  //
    LeakyReLU<std::ratio<1, 5>>,                              //
    Flatten,                                                  //
    Linear<32 * 7 * 7, 1>>;

// Shapes are types, too: Image<channels, height, width> or Flat<values>, for one sample. Only the number of
// samples in a batch is known at run time.
static_assert(std::is_same_v<Layers::input_shape, Image<1, 28, 28>>);
static_assert(std::is_same_v<Layers::shape<2>, Image<16, 14, 14>>); // after the second layer
static_assert(std::is_same_v<Layers::output_shape, Flat<1>>);

// Network owns the parameters of a Sequential, on a backend (Cpu, Cuda) and in a scalar type (float, double).
// Its costs are constants, known before anything is allocated: the number of parameters (in PyTorch
// sum(p.numel() for p in model.parameters())), the floating-point operations for one image, and the bytes
// of memory that a forward pass takes, given the number of images.
using Discriminator = Network<Layers, Cpu, float>;
static_assert(Discriminator::parameter_count == 10'065);
static_assert(Discriminator::flops == 788'672);
static_assert(Discriminator::workspace_bytes(1) < 100'000);
static_assert(Discriminator::workspace_bytes(64) < 64 * 100'000);

// A mistake to try: with -DTRY_THE_MISTAKE the compiler reports one error, with this message:
//
//     layer 4: Conv2d takes [32, H, W] but is given [16, 14, 14]
//
// g++ prints this text, and so does clang 19 with -std=c++26. Otherwise clang and nvcc print it as a type:
// Mismatch<layer<4, Conv2d<...>>, takes<ImageOf<32>>, but_is_given<Image<16, 14, 14>>>.
#ifdef TRY_THE_MISTAKE
using Output =
    Sequential<Input<1, 28, 28>, Conv2d<1, 16, 4, 2, 1>, ReLU, Conv2d<32, 32, 4, 2, 1>>::output_shape;
#endif

int main() {
    // Initialized like torch.nn's layers, with the same values in every run.
    Discriminator discriminator(/*seed*/ 0);
    // Holds the activations of a pass, so that forward allocates nothing.
    Discriminator::Workspace workspace(/*capacity*/ 64);

    Batch<Image<1, 28, 28>> images(3); // Batch<Image<3, 28, 28>> would be another compile-time error
    // Images are in [-1, 1] and stored channels last: [sample][row][column][channel].
    Cpu::fill_uniform(images.data(), images.size(), 1.F, {.seed = 1});
    const View<Flat<1>, const float> scores = discriminator.forward(images, workspace);
    for (int i = 0; i < scores.count; ++i) std::printf("image %d: score %+.4f\n", i, scores.data[i]);
}
