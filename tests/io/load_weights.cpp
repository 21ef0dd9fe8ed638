#include <ctgan/backend/cpu.hpp>
#include <ctgan/io/load_network.hpp>
#include <ctgan/layers/batch_norm.hpp>
#include <ctgan/layers/linear.hpp>
#include <ctgan/network/sequential.hpp>

#include <boost/test/unit_test.hpp>

#include "support.hpp"
#include <array>
#include <cmath>
#include <cstdint>
#include <functional>
#include <limits>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace io = ctgan::io;

namespace {

using Net = ctgan::Network<ctgan::Sequential<ctgan::Linear<3, 2>, ctgan::BatchNorm1d<2>>>;
constexpr std::array<std::string_view, 2> layers{"fc", "bn"};

/// A tensor of a file; tests change tensors before they write the file.
struct Tensor {
    io::Dtype dtype = io::Dtype::F32;
    std::vector<std::uint64_t> shape;
    std::vector<float> values;
    std::vector<std::int64_t> counts = {};
};
using Tensors = std::map<std::string, Tensor>;

const Tensors good{{"fc.weight", {io::Dtype::F32, {2, 3}, {1, 2, 3, 4, 5, 6}}},
                   {"fc.bias", {io::Dtype::F32, {2}, {7, 8}}},
                   {"bn.weight", {io::Dtype::F32, {2}, {1, 1}}},
                   {"bn.bias", {io::Dtype::F32, {2}, {0, 0}}},
                   {"bn.running_mean", {io::Dtype::F32, {2}, {0, 0}}},
                   {"bn.running_var", {io::Dtype::F32, {2}, {1, 1}}},
                   {"bn.num_batches_tracked", {io::Dtype::I64, {}, {}, {3}}}};

std::vector<io::TensorToWrite> list_of(const Tensors& tensors, const std::string& prefix = "") {
    std::vector<io::TensorToWrite> list;
    for (const auto& [name, tensor] : tensors)
        list.push_back({prefix + name, tensor.dtype, tensor.shape,
                        tensor.dtype == io::Dtype::I64 ? std::as_bytes(std::span(tensor.counts))
                                                       : std::as_bytes(std::span(tensor.values))});
    return list;
}

Tensors changed(const std::function<void(Tensors&)>& change) {
    Tensors tensors = good;
    change(tensors);
    return tensors;
}

bool same_parameters(const Net& a, const Net& b) {
    return std::equal(a.parameters(), a.parameters() + a.arena_size(), b.parameters());
}

/// The message, without the path, with which these tensors are refused. Checks that the network stays
/// unchanged.
std::string message_about(const std::vector<io::TensorToWrite>& tensors) {
    const test::TemporaryFolder folder;
    const auto path = folder.path() / "weights";
    io::write_safetensors(path, tensors);
    Net network(1);
    const Net before = network;
    const std::string message =
        test::message_of([&] { io::load_network(path, network, layers, "generator"); });
    BOOST_TEST(same_parameters(network, before));
    BOOST_TEST(message.starts_with(path.string() + ": "), message);
    return message.substr(std::min(message.size(), path.string().size() + 2));
}
std::string message_about(const std::function<void(Tensors&)>& change) {
    return message_about(list_of(changed(change)));
}

/// The message without "offset N: ", where N is the position of the value in the file.
std::string without_offset(const std::string& text) {
    BOOST_TEST(text.starts_with("offset "), text);
    return text.substr(text.find(": ") + 2);
}

} // namespace

BOOST_AUTO_TEST_SUITE(weights_of_strangers)

BOOST_AUTO_TEST_CASE(swapped_dimensions_are_reported_as_such) {
    BOOST_TEST(without_offset(message_about([](Tensors& t) {
                   t["fc.weight"].shape = {3, 2};
               })) ==
               "found tensor 'fc.weight' of shape [3, 2], expected [2, 3]: two dimensions are swapped");
    BOOST_TEST(without_offset(message_about([](Tensors& t) { t["fc.weight"].shape = {6}; })) ==
               "found tensor 'fc.weight' of shape [6], expected [2, 3]");
}

BOOST_AUTO_TEST_CASE(a_common_prefix_of_all_names_is_reported) {
    BOOST_TEST(message_about(list_of(good, "module.")) ==
               "found no tensor 'fc.weight', as all names begin with 'module.', expected names without that");
    auto list = list_of(good, "net.");
    list[0].name = "other.bn.bias";
    BOOST_TEST(message_about(list) == "found no tensor 'fc.weight', but 'net.fc.weight', expected one");
}

BOOST_AUTO_TEST_CASE(missing_and_extra_tensors_are_named) {
    BOOST_TEST(message_about([](Tensors& t) { t.erase("fc.bias"); }) ==
               "found no tensor 'fc.bias', expected one");
    BOOST_TEST(message_about([](Tensors& t) { t.erase("bn.num_batches_tracked"); }) ==
               "found no tensor 'bn.num_batches_tracked', expected one");
    BOOST_TEST(without_offset(message_about([](Tensors& t) { t["fc2.bias"] = t["fc.bias"]; })) ==
               "found tensor 'fc2.bias', expected only those of this network");
}

BOOST_AUTO_TEST_CASE(impossible_counts_and_variances_are_refused) {
    const std::string name = "bn.num_batches_tracked";
    for (const std::int64_t bad : {std::int64_t{-1}, std::numeric_limits<std::int64_t>::max()})
        BOOST_TEST(without_offset(message_about([&](Tensors& t) { t[name].counts = {bad}; })) ==
                   "found " + std::to_string(bad) + " as '" + name + "', expected 0 to 9007199254740992");
    BOOST_TEST(without_offset(message_about([&](Tensors& t) {
                   t[name].shape = {2};
                   t[name].counts = {1, 2};
               })) == "found 2 numbers in tensor '" + name + "', expected 1");
    BOOST_TEST(without_offset(message_about([](Tensors& t) { t["bn.running_var"].values[1] = -1; })) ==
               "found a number in tensor 'bn.running_var' that is negative, expected a variance");
}

BOOST_AUTO_TEST_CASE(values_that_are_not_finite_load_only_on_request) {
    constexpr float infinity = std::numeric_limits<float>::infinity();
    for (const float bad : {std::numeric_limits<float>::quiet_NaN(), infinity, -infinity}) {
        const auto tensors = changed([&](Tensors& t) { t["fc.weight"].values[4] = bad; });
        BOOST_TEST(without_offset(message_about(list_of(tensors))) ==
                   "found a number in tensor 'fc.weight' that is infinite or NaN, expected finite weights");
        const test::TemporaryFolder folder;
        io::write_safetensors(folder.path() / "weights", list_of(tensors));
        Net network(1);
        io::load_network(folder.path() / "weights", network, layers, "generator", io::NonFinite::allow);
        int not_finite = 0;
        network.for_each_tensor([&](int, const ctgan::TensorSpec& tensor, const float* data, bool) {
            for (ctgan::Index i = 0; i < tensor.size(); ++i) not_finite += !ctgan::is_finite(data[i]);
        });
        BOOST_TEST(not_finite == 1);
    }
}

BOOST_AUTO_TEST_CASE(a_network_loads_from_a_checkpoint_as_from_a_file_of_weights) {
    const test::TemporaryFolder folder;
    io::write_safetensors(folder.path() / "weights", list_of(good));
    Net expected(1), network(2);
    io::load_network(folder.path() / "weights", expected, layers, "generator");
    auto tensors = list_of(good, "generator.");
    const std::vector<float> other{9};
    tensors.push_back({"discriminator.fc.weight", io::Dtype::F32, {1}, std::as_bytes(std::span(other))});
    const auto path = folder.path() / "checkpoint";
    io::write_checkpoint(path, tensors, {});
    io::load_network(path, network, layers, "generator");
    BOOST_TEST(same_parameters(network, expected));
    BOOST_TEST(network.training_passes() == 3);

    std::string damaged = test::content(path);
    damaged[damaged.size() - 6] ^= 1;
    const auto bad = folder.put("damaged", damaged);
    const std::string message =
        test::message_of([&] { io::load_network(bad, network, layers, "generator"); });
    BOOST_TEST(message.find("a checksum that differs") != message.npos, message);
}

/// Counting the elements of a tensor costs nothing; converting them would take eight times the file's size.
BOOST_AUTO_TEST_CASE(a_count_with_many_elements_is_refused_before_it_is_converted) {
    const std::vector<std::byte> bytes(std::size_t{1} << 20);
    auto list = list_of(good);
    for (auto& tensor : list)
        if (tensor.name == "bn.num_batches_tracked")
            tensor = {tensor.name, io::Dtype::U8, {bytes.size()}, bytes};
    BOOST_TEST(without_offset(message_about(list)) ==
               "found 1048576 numbers in tensor 'bn.num_batches_tracked', expected 1");
}

BOOST_AUTO_TEST_SUITE_END()
