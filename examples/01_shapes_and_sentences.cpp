// A network is a type. What PyTorch finds out when it runs, the compiler knows here: each layer's shape, what
// the network costs, and, in a sentence, where two layers do not fit.

#include <ctgan/ctgan.hpp>

#include <cstdio>
#include <type_traits>

using namespace ctgan;

// As torch.nn.Sequential. Only the input's height and width are told; all others follow.
using Judge = Sequential<                                     //
    Input<1, 28, 28>,                                         //
    Conv2d<1, 16, /*kernel*/ 4, /*stride*/ 2, /*padding*/ 1>, //
    LeakyReLU<std::ratio<1, 5>>,                              // slope 1/5: a type holds no fraction
    Conv2d<16, 32, 4, 2, 1>,                                  //
    LeakyReLU<std::ratio<1, 5>>,                              //
    Flatten,                                                  //
    Linear<32 * 7 * 7, 1>>;

// Shapes are types, too: Image<channels, height, width> or Flat<numbers>, of one sample. How many samples a
// batch holds is the only number that is left to the run.
static_assert(std::is_same_v<Judge::input_shape, Image<1, 28, 28>>);
static_assert(std::is_same_v<Judge::shape<2>, Image<16, 14, 14>>); // behind the second layer
static_assert(std::is_same_v<Judge::output_shape, Flat<1>>);

// Network owns the parameters of what Sequential describes, in a room (Cpu, Cuda) and of a type (float,
// double). sum(p.numel() for p in judge.parameters()) is a constant, and so are the floating-point operations
// for one image and the memory that passes of so many images take: known before anything is allocated.
using JudgeOnCpu = Network<Judge, Cpu, float>;
static_assert(JudgeOnCpu::parameter_count == 10'065);
static_assert(JudgeOnCpu::flops == 788'672);
static_assert(JudgeOnCpu::workspace_bytes(1) < 100'000);
static_assert(JudgeOnCpu::workspace_bytes(64) < 64 * 100'000);

// A mistake to try. With -DTRY_THE_MISTAKE the compiler has one error for you, and in it this sentence:
//
//     layer 4: Conv2d takes [32, H, W] but is given [16, 14, 14]
//
// (before C++26, clang spells it in types: layer<4, Conv2d<...>>, takes<ImageOf<32>>, but_is_given<...>).
#ifdef TRY_THE_MISTAKE
using WouldGive =
    Sequential<Input<1, 28, 28>, Conv2d<1, 16, 4, 2, 1>, ReLU, Conv2d<32, 32, 4, 2, 1>>::output_shape;
#endif

int main() {
    JudgeOnCpu judge(/*seed*/ 0); // starts as torch.nn's layers do, with the same numbers in every run
    JudgeOnCpu::Workspace workspace(/*largest batch*/ 64); // what a pass writes to: forward allocates nothing

    Batch<Image<1, 28, 28>> images(3); // Batch<Image<3, 28, 28>> would be another sentence
    Cpu::fill_uniform(images.data(), images.size(), 1.F, {.seed = 1});
    const View<Flat<1>, const float> scores = judge.forward(images, workspace);
    for (int i = 0; i < scores.count; ++i) std::printf("image %d: %+.4f\n", i, scores.data[i]);
}
