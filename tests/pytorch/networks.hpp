#pragma once

#include <ctgan/ctgan.hpp>
#include <ctgan/io/weights.hpp>

#include <string>
#include <vector>

/// The networks of networks.py, and what a file has of one: its tensors under the automatic names, an input
/// and the output in evaluation mode.
namespace pytorch {

using namespace ctgan;

using ResNet =
    Sequential<Input<2, 8, 8>, Conv2d<2, 4, 3, 1, 1>,
               Residual<Sequential<BatchNorm2d<4>, ReLU, Conv2d<4, 4, 3, 1, 1>, Residual<Conv2d<4, 4, 1>>>>,
               Identity, Residual<Sequential<Conv2d<4, 6, 4, 2, 1>, LeakyReLU<>>, Conv2d<4, 6, 1, 2>>,
               Sequential<Tanh, Sequential<BatchNorm2d<6>, ReLU>>, Flatten, Linear<6 * 4 * 4, 3>>;

template <int Channels, class... Inner>
using Level = Concat<Identity, Sequential<Conv2d<Channels, 4, 4, 2, 1>, LeakyReLU<>, Inner...,
                                          ConvTranspose2d<4 + 4 * sizeof...(Inner), Channels, 4, 2, 1>>>;
using UNet = Sequential<Input<2, 8, 8>, Level<2, Level<4>>,
                        Concat<Conv2d<4, 2, 1>, Add<Identity, Conv2d<4, 4, 1>, Sequential<Conv2d<4, 4, 1>>>>,
                        Conv2d<6, 1, 1>, Tanh>;

constexpr int samples = 2;

/// The output for an input in PyTorch's order, and in PyTorch's order.
template <class Network>
std::vector<float> output_of(const Network& network, const std::vector<float>& input) {
    using Backend = typename Network::backend;
    BatchOn<typename Network::input_shape, Backend> batch(samples);
    batch.from_pytorch_order(input);
    typename Network::Workspace workspace(samples);
    const auto view = network.forward(batch, workspace);
    BatchOn<typename Network::output_shape, Backend> output(samples);
    Backend::copy(output.data(), view.data, view.size());
    return output.to_pytorch_order();
}

/// Loads the tensors whose names begin with `name` + ".", and no others with such names.
template <class Network>
void load(const io::SafetensorsFile& file, const std::string& name, Network& network) {
    io::load_weights(file, network, name + ".");
}

/// The largest difference of an output from that in the file.
template <class Network>
float difference(const io::SafetensorsFile& file, const std::string& name, const Network& network) {
    const auto expected = file.values<float>("output_of_" + name);
    const auto found = output_of(network, file.values<float>("input_of_" + name));
    float largest = found.size() == expected.size() ? 0.F : 1.F;
    for (std::size_t i = 0; i < found.size() && i < expected.size(); ++i)
        largest = (std::max)(largest, std::abs(found[i] - expected[i]));
    return largest;
}

} // namespace pytorch
