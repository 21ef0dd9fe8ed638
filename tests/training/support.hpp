#pragma once

#include <ctgan/dcgan.hpp>

#include "../backend.hpp"
#include <cstddef>
#include <cstdint>
#include <vector>

/// Shared by the tests of whole training steps.
namespace training {

using namespace ctgan;

template <class Backend>
using SmallGanOn =
    Gan<dcgan::GeneratorOf<16, 12, 8, 6>, dcgan::DiscriminatorOf<6, 10>, LeastSquares, Backend>;
using SmallGan = SmallGanOn<TestBackend>;
using FullGan = Gan<dcgan::Generator, dcgan::Discriminator, LeastSquares, TestBackend>;

/// Networks with branches, for the same images.
using BranchingGenerator =
    Sequential<Linear<10, 8 * 7 * 7>, Reshape<8, 7, 7>,
               Residual<Sequential<BatchNorm2d<8>, ReLU, Conv2d<8, 8, 3, 1, 1>>>,
               ConvTranspose2d<8, 8, 4, 2, 1>, Concat<ReLU, Conv2d<8, 4, 3, 1, 1>, Identity>,
               ConvTranspose2d<20, 1, 4, 2, 1>, Tanh>;
using BranchingDiscriminator =
    Sequential<Input<1, 28, 28>, Conv2d<1, 8, 4, 2, 1>, LeakyReLU<std::ratio<1, 5>>,
               Residual<Sequential<LeakyReLU<std::ratio<1, 5>>, Dropout2d<>, Conv2d<8, 16, 4, 2, 1>>,
                        Conv2d<8, 16, 1, 2>>,
               Add<BatchNorm2d<16>, Identity, Residual<Conv2d<16, 16, 3, 1, 1>>>, Flatten,
               Linear<16 * 7 * 7, 1>>;
template <class Backend>
using BranchingGanOn = Gan<BranchingGenerator, BranchingDiscriminator, LeastSquares, Backend>;

/// Networks with all kinds of normalizations but the reference's, for the same images.
using NormalizedGenerator =
    Sequential<Linear<10, 40>, LayerNorm<40>, ReLU, SpectralNorm<Linear<40, 8 * 7 * 7>>,
               BatchNorm1d<8 * 7 * 7, std::ratio<1, 1000>, std::ratio<1, 100>>, Reshape<8, 7, 7>,
               ConvTranspose2d<8, 34, 4, 2, 1>, LeakyReLU<>,
               BatchNorm2d<34, std::ratio<1, 1000>, std::ratio<1, 10>, false>,
               SpectralNorm<ConvTranspose2d<34, 6, 4, 2, 1>>, LeakyReLU<>, GroupNorm<2, 6>, Conv2d<6, 1, 1>,
               Tanh>;
using NormalizedDiscriminator =
    Sequential<Input<1, 28, 28>, SpectralNorm<Conv2d<1, 8, 4, 2, 1>>, LeakyReLU<>, Dropout2d<>,
               SpectralNorm<Conv2d<8, 40, 4, 2, 1>>, InstanceNorm2d<40>, LeakyReLU<>, LayerNorm<40, 7, 7>,
               GroupNorm<4, 40>, Flatten, SpectralNorm<Linear<40 * 7 * 7, 1>>>;
template <class Backend>
using NormalizedGanOn = Gan<NormalizedGenerator, NormalizedDiscriminator, LeastSquares, Backend>;

/// Networks with pooling, upsampling, and the activations that the others do not have.
using UpsamplingGenerator =
    Sequential<Linear<10, 8 * 7 * 7>, PReLU<1>, Reshape<8, 7, 7>, Upsample<2, Interpolation::bilinear>,
               Conv2d<8, 16, 3, 1, 1>, ELU<>, BatchNorm2d<16>, GELU<>,
               Concat<PixelShuffle<2>, Sequential<Conv2d<16, 4, 1>, SiLU, Upsample<2>>>,
               Conv2d<8, 1, 3, 1, 1>, Tanh>;
using PoolingDiscriminator =
    Sequential<Input<1, 28, 28>, Conv2d<1, 8, 3, 1, 1>, PReLU<8>, MaxPool2d<3, 2, 1>, Dropout<>,
               Residual<Sequential<Mish, Conv2d<8, 20, 3, 1, 1>, Softplus<>, AvgPool2d<2>>,
                        Sequential<Conv2d<8, 20, 1>, AvgPool2d<2>>>,
               GELU<Approximate::tanh>, GlobalAvgPool2d, Softmax, Linear<20, 1>>;
template <class Backend>
using PoolingGanOn = Gan<UpsamplingGenerator, PoolingDiscriminator, LeastSquares, Backend>;

/// Convolutions of every geometry and layers without bias, for the same images.
using GeometriesGenerator = Sequential<
    Linear<10, 8 * 7 * 7, false>, BatchNorm1d<8 * 7 * 7>, Reshape<8, 7, 7>,
    Conv2dWith<Conv2dOptions{
        .in = 8, .out = 8, .kernel = 3, .padding = 1, .groups = 8, .padding_mode = PaddingMode::reflect}>,
    ReLU,
    ConvTranspose2dWith<ConvTranspose2dOptions{
        .in = 8, .out = 12, .kernel = 4, .stride = 2, .padding = 1, .groups = 2, .bias = false}>,
    LeakyReLU<>, Conv2dWith<Conv2dOptions{.in = 12, .out = 18, .kernel = 3, .padding = 2, .dilation = 2}>,
    ReLU, ConvTranspose2d<18, 1, 4, 2, 1>, Tanh>;
using GeometriesDiscriminator = Sequential<
    Input<1, 28, 28>,
    Conv2dWith<Conv2dOptions{
        .in = 1, .out = 8, .kernel = {3, 5}, .stride = {1, 2}, .padding = {1, 2}, .bias = false}>,
    LeakyReLU<>, Dropout2d<>,
    Conv2dWith<Conv2dOptions{.in = 8, .out = 16, .kernel = 3, .stride = {2, 1}, .padding = 1, .groups = 4}>,
    LeakyReLU<>, Dropout2d<>,
    Conv2dWith<Conv2dOptions{.in = 16,
                             .out = 8,
                             .kernel = {2, 3},
                             .stride = 2,
                             .padding = 1,
                             .padding_mode = PaddingMode::reflect}>,
    LeakyReLU<>, Flatten, Linear<8 * 8 * 7, 1, false>>;
template <class Backend>
using GeometriesGanOn = Gan<GeometriesGenerator, GeometriesDiscriminator, LeastSquares, Backend>;

/// A batch of random images and of noise, for one step.
template <class TheGan>
struct StepData {
    using Backend = typename TheGan::Generator::backend;
    BatchOn<typename TheGan::image_shape, Backend> real;
    BatchOn<typename TheGan::noise_shape, Backend> noise;

    StepData(int batch, std::uint64_t step) : real(batch), noise(batch) {
        Backend::fill_uniform(real.data(), real.size(), 1.0F, {77, step, 1});
        Backend::fill_normal(noise.data(), noise.size(), 1.0F, {77, step, 2});
    }
};

/// Losses and all tensors of both networks, to compare bit for bit.
struct Record {
    std::vector<double> losses;
    std::vector<float> tensors;
    bool operator==(const Record&) const = default;
};

template <class TheNetwork>
void append_tensors(const TheNetwork& network, std::vector<float>& to) {
    network.for_each_tensor([&](int, const TensorSpec& tensor, const float* data, bool) {
        const auto values = transfer::values(data, tensor.size());
        to.insert(to.end(), values.begin(), values.end());
    });
}

/// Training steps with learning rates that change the weights noticeably, on a Gan with a capacity of
/// `capacity` samples.
template <class TheGan>
Record train(int steps, int batch, int capacity) {
    TheGan gan(5, capacity, {.lr = 1e-3}, {.lr = 1e-3});
    Record record;
    for (int step = 0; step < steps; ++step) {
        const StepData<TheGan> data(batch, static_cast<std::uint64_t>(step));
        const auto losses = gan.train_step(data.real, data.noise, static_cast<std::uint64_t>(step));
        record.losses.push_back(losses.discriminator);
        record.losses.push_back(losses.generator);
    }
    append_tensors(gan.generator, record.tensors);
    append_tensors(gan.discriminator, record.tensors);
    return record;
}

} // namespace training
