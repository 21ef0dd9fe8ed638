#include <ctgan/dcgan.hpp>
#include <ctgan/io/weights.hpp>

#include <boost/test/unit_test.hpp>

#include "../backend.hpp"
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <limits>
#include <string>
#include <unistd.h>
#include <vector>

using namespace ctgan;

namespace {

using Net = Network<dcgan::DiscriminatorOf<6, 10>, TestBackend>;

struct Folder {
    std::filesystem::path path =
        std::filesystem::temp_directory_path() / ("ctgan-weights-" + std::to_string(::getpid()));
    Folder() { std::filesystem::create_directory(path); }
    ~Folder() { std::filesystem::remove_all(path); }
    std::filesystem::path operator/(const char* name) const { return path / name; }
};

std::string content(const std::filesystem::path& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

/// Compares bit for bit, which also works for values that are not finite.
bool same_parameters(const Net& a, const Net& b) {
    const auto of_a = transfer::values(a.parameters(), a.arena_size());
    const auto of_b = transfer::values(b.parameters(), b.arena_size());
    return std::memcmp(of_a.data(), of_b.data(), sizeof(float) * of_a.size()) == 0;
}

Net trained(std::uint64_t seed) {
    Net network(seed);
    network.set_training_passes(12345);
    std::uint32_t purpose = 0;
    network.for_each_tensor([&](int, const TensorSpec& tensor, float* data, bool) {
        if (tensor.role == Role::running_variance)
            TestBackend::fill(data, tensor.size(), 0.5F); // never negative
        else
            TestBackend::fill_normal(data, tensor.size(), 1.0F, {seed, 1, purpose++});
    });
    return network;
}

/// A file of a network's tensors after `change` has edited their list.
template <class Change>
std::filesystem::path changed_file(const Folder& folder, const Change& change) {
    const auto good = folder / "good.safetensors";
    io::save_weights(good, trained(1), dcgan::discriminator_names);
    const auto file = io::SafetensorsFile::open(good);
    std::vector<io::TensorToWrite> tensors;
    for (const auto& [name, tensor] : file.tensors())
        tensors.push_back({name, tensor.dtype, tensor.shape, tensor.bytes});
    change(tensors);
    const auto bad = folder / "bad.safetensors";
    io::write_safetensors(bad, tensors, {});
    return bad;
}

io::TensorToWrite& named(std::vector<io::TensorToWrite>& tensors, const std::string& name) {
    for (auto& tensor : tensors)
        if (tensor.name == name) return tensor;
    throw std::logic_error("no tensor " + name);
}

/// The message with which loading fails. Checks that the network stays unchanged.
std::string failure(const std::filesystem::path& path) {
    Net network(2);
    const Net before = network;
    std::string message;
    try {
        io::load_weights(io::SafetensorsFile::open(path), network, dcgan::discriminator_names);
    } catch (const io::Error& error) {
        message = error.what();
    }
    BOOST_TEST(same_parameters(network, before));
    return message;
}

bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

} // namespace

BOOST_AUTO_TEST_CASE(saved_weights_are_loaded_byte_for_byte) {
    const Folder folder;
    io::save_weights(folder / "a", trained(1), dcgan::discriminator_names);
    Net other(2);
    io::load_weights(io::SafetensorsFile::open(folder / "a"), other, dcgan::discriminator_names);
    io::save_weights(folder / "b", other, dcgan::discriminator_names);
    BOOST_TEST(content(folder / "a") == content(folder / "b"));
    BOOST_TEST(other.training_passes() == 12345);
    const Net expected = trained(1);
    BOOST_TEST(same_parameters(other, expected));
}

BOOST_AUTO_TEST_CASE(the_file_has_pytorch_s_names) {
    const Folder folder;
    io::save_weights(folder / "a", trained(1), dcgan::discriminator_names);
    const auto file = io::SafetensorsFile::open(folder / "a");
    std::string names;
    for (const auto& [name, tensor] : file.tensors()) names += name + " ";
    BOOST_TEST(names == "bn.bias bn.num_batches_tracked bn.running_mean bn.running_var bn.weight conv1.bias "
                        "conv1.weight conv2.bias conv2.weight fc.bias fc.weight ");
    BOOST_TEST(file.tensor("conv2.weight").shape == (std::vector<std::uint64_t>{10, 6, 3, 3}),
               boost::test_tools::per_element());
    BOOST_TEST(file.tensor("bn.num_batches_tracked").shape.size() == 0U);
}

BOOST_AUTO_TEST_CASE(an_unchanged_copy_loads) {
    const Folder folder;
    const auto file = changed_file(folder, [](auto&) {});
    Net network(2);
    io::load_weights(io::SafetensorsFile::open(file), network, dcgan::discriminator_names);
    BOOST_TEST(network.training_passes() == 12345);
}

BOOST_AUTO_TEST_CASE(a_missing_tensor_is_named) {
    const Folder folder;
    const auto message = failure(changed_file(folder, [](auto& tensors) {
        std::erase_if(tensors, [](const auto& tensor) { return tensor.name == "conv2.bias"; });
    }));
    BOOST_TEST(has(message, "'conv2.bias'"), message);
}

BOOST_AUTO_TEST_CASE(an_extra_tensor_is_named) {
    const Folder folder;
    const auto message = failure(changed_file(folder, [](auto& tensors) {
        auto extra = named(tensors, "fc.bias");
        extra.name = "fc2.bias";
        tensors.push_back(extra);
    }));
    BOOST_TEST(has(message, "'fc2.bias'"), message);
}

BOOST_AUTO_TEST_CASE(a_wrong_shape_is_reported_with_the_right_one) {
    const Folder folder;
    const auto message = failure(changed_file(folder, [](auto& tensors) {
        named(tensors, "conv2.weight").shape = {6, 10, 3, 3};
    }));
    BOOST_TEST(has(message, "'conv2.weight'"), message);
    BOOST_TEST(has(message, "[6, 10, 3, 3]"), message);
    BOOST_TEST(has(message, "[10, 6, 3, 3]"), message);
}

BOOST_AUTO_TEST_CASE(values_that_are_not_finite_are_refused) {
    for (const float bad :
         {std::numeric_limits<float>::quiet_NaN(), std::numeric_limits<float>::infinity()}) {
        const Folder folder;
        std::vector<std::byte> bytes;
        const auto message = failure(changed_file(folder, [&](auto& tensors) {
            auto& tensor = named(tensors, "fc.weight");
            bytes.assign(tensor.bytes.begin(), tensor.bytes.end());
            std::memcpy(bytes.data() + 40, &bad, sizeof bad);
            tensor.bytes = bytes;
        }));
        BOOST_TEST(has(message, "'fc.weight'"), message);
        BOOST_TEST(has(message, "offset"), message);
    }
}
