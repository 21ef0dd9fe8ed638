#include <ctgan/dcgan.hpp>
#include <ctgan/io/safetensors_write.hpp>

#include <boost/test/unit_test.hpp>

#include "../backend.hpp"
#include "../pytorch/networks.hpp"
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <unistd.h>

using namespace ctgan;

namespace {

/// Loads a network that PyTorch wrote, compares its output, writes it and compares the tensors.
template <class Net>
void check(const std::string& name) {
    const auto file =
        io::SafetensorsFile::open(std::string(CTGAN_GOLDEN_DIR) + "/automatic_names.safetensors");
    Network<Net, TestBackend> network(0);
    pytorch::load(file, name, network);
    BOOST_TEST(pytorch::difference(file, name, network) < 2e-6F);

    io::TensorsToWrite tensors;
    io::gather_weights(tensors, network, name + ".");
    const auto path =
        std::filesystem::temp_directory_path() / ("ctgan_names_" + name + std::to_string(::getpid()));
    io::write_safetensors(path, tensors.list(), {});
    const auto written = io::SafetensorsFile::open(path);
    std::filesystem::remove(path);
    std::size_t of_network = 0;
    for (const auto& [tensor, place] : file.tensors()) {
        if (!tensor.starts_with(name + ".")) continue;
        ++of_network;
        BOOST_REQUIRE_MESSAGE(written.tensors().contains(tensor), tensor << " was not written");
        BOOST_TEST((written.tensors().at(tensor).shape == place.shape), tensor << " has another shape");
        if (tensor.ends_with("num_batches_tracked"))
            BOOST_TEST(written.value<std::int64_t>(tensor) == file.value<std::int64_t>(tensor));
        else
            BOOST_TEST((written.values<float>(tensor) == file.values<float>(tensor)),
                       tensor << " has other values");
    }
    BOOST_TEST(written.tensors().size() == of_network);
}

} // namespace

BOOST_AUTO_TEST_CASE(automatic_names_are_those_of_pytorch_s_nested_sequential) {
    check<pytorch::ResNet>("resnet");
    check<pytorch::UNet>("unet");
}
