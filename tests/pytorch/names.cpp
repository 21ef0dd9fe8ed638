// Loads the networks of a file that networks.py wrote, strictly and with automatic names, and writes such a
// file of other networks.   names FROM.safetensors TO.safetensors
#include <ctgan/dcgan.hpp>
#include <ctgan/io/safetensors_write.hpp>

#include "networks.hpp"
#include <cstdio>
#include <exception>
#include <filesystem>
#include <string>
#include <vector>

namespace {

using namespace ctgan;

template <class Net>
bool check(const io::SafetensorsFile& file, const std::string& name) {
    Network<Net> network(0);
    pytorch::load(file, name, network);
    const float difference = pytorch::difference(file, name, network);
    std::printf("%s: loaded, largest difference of an output %.1e\n", name.c_str(),
                static_cast<double>(difference));
    return difference < 1e-5F;
}

template <class Net>
void add(io::TensorsToWrite& tensors, const std::string& name, Network<Net>& network) {
    Batch<Image<2, 8, 8>> input(pytorch::samples);
    Cpu::fill_normal(input.data(), input.size(), 1.F, {.seed = 2});
    typename Network<Net>::TrainingWorkspace workspace(pytorch::samples);
    network.forward_training(input, workspace); // changes the running statistics
    const std::vector<float> values = input.to_pytorch_order();
    const std::vector<float> output = pytorch::output_of(network, values);
    io::gather_weights(tensors, network, name + ".");
    tensors.add("input_of_" + name, {pytorch::samples, 2, 8, 8}, values);
    // An image of one channel, or a flat sample.
    using Output = typename Net::output_shape;
    if constexpr (Output::size == 3)
        tensors.add("output_of_" + name, {pytorch::samples, 3}, output);
    else
        tensors.add("output_of_" + name, {pytorch::samples, 1, 8, 8}, output);
}

} // namespace

int main(int argc, char** argv) try {
    if (argc != 3) return 2;
    const auto file = io::SafetensorsFile::open(argv[1]);
    const bool same = check<pytorch::ResNet>(file, "resnet") && check<pytorch::UNet>(file, "unet");
    Network<pytorch::ResNet> resnet(3);
    Network<pytorch::UNet> unet(4);
    io::TensorsToWrite tensors;
    add(tensors, "resnet", resnet);
    add(tensors, "unet", unet);
    io::write_safetensors(argv[2], tensors.list(), {});
    return same ? 0 : 1;
} catch (const std::exception& error) {
    std::fprintf(stderr, "names: %s\n", error.what());
    return 1;
}
