#include <ctgan/backend/cpu.hpp>
#include <ctgan/core/value.hpp>
#include <ctgan/io/load_network.hpp>
#include <ctgan/io/network_text.hpp>
#include <ctgan/io/weights.hpp>
#include <ctgan/layers/activations.hpp>
#include <ctgan/layers/batch_norm.hpp>
#include <ctgan/layers/convolution.hpp>
#include <ctgan/layers/dropout.hpp>
#include <ctgan/layers/group_norm.hpp>
#include <ctgan/layers/input.hpp>
#include <ctgan/layers/layer_norm.hpp>
#include <ctgan/layers/linear.hpp>
#include <ctgan/layers/pooling.hpp>
#include <ctgan/layers/reshape.hpp>
#include <ctgan/layers/smooth_activations.hpp>
#include <ctgan/layers/spectral_norm.hpp>
#include <ctgan/layers/upsample.hpp>
#include <ctgan/network/sequential.hpp>

#include <boost/test/unit_test.hpp>

#include "support.hpp"
#include <array>
#include <bit>
#include <cmath>
#include <cstdint>
#include <functional>
#include <limits>
#include <map>
#include <ratio>
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
    BOOST_TEST(message_about(list_of(good, "net.")) ==
               "found no tensor 'fc.weight', as all names begin with 'net.', expected names without that");
    auto list = list_of(good, "net.");
    list[0].name = "other.bn.bias";
    BOOST_TEST(message_about(list) == "found no tensor 'fc.weight', but 'net.fc.weight', expected one");
    list = list_of(good, "module.");
    list[0].name = "bn.bias"; // then it is not a prefix of all names
    BOOST_TEST(message_about(list) == "found no tensor 'fc.weight', but 'module.fc.weight', expected one");
}

/// The names of torch.nn.DataParallel and torch.compile.
BOOST_AUTO_TEST_CASE(the_prefixes_of_pytorch_s_wrappers_are_dropped) {
    const test::TemporaryFolder folder;
    Net expected(1);
    const auto path = folder.path() / "f";
    io::write_safetensors(path, list_of(good));
    io::load_network(path, expected, layers, "generator");
    for (const std::string wrapper : {"module.", "_orig_mod.", "module._orig_mod.", "_orig_mod.module.",
                                      "module.module.", "_orig_mod.module._orig_mod."}) {
        const auto load = [&](const std::vector<io::TensorToWrite>& tensors, const std::string& prefix) {
            Net network(2);
            io::write_safetensors(path, tensors);
            const std::string message = test::message_of(
                [&] { io::load_weights(io::SafetensorsFile::open(path), network, layers, prefix); });
            if (message.empty()) {
                BOOST_TEST(same_parameters(network, expected), wrapper);
                BOOST_TEST(network.training_passes() == 3, wrapper);
            }
            return message;
        };
        BOOST_TEST(load(list_of(good, wrapper), "") == "", wrapper);
        auto both = list_of(good, "g." + wrapper);
        for (auto& tensor : list_of(good, "d." + wrapper)) both.push_back(tensor);
        BOOST_TEST(load(both, "g.") == "", wrapper);
        for (auto& tensor : both)
            tensor.name = wrapper + tensor.name.substr(0, 2) + tensor.name.substr(2 + wrapper.size());
        BOOST_TEST(load(both, "d.") == "", wrapper);
        // Other problems are reported under the names in the file.
        BOOST_TEST(message_about(list_of(changed([](Tensors& t) { t.erase("bn.bias"); }), wrapper)) ==
                   "found no tensor '" + wrapper + "bn.bias', expected one");
        BOOST_TEST(without_offset(message_about(
                       list_of(changed([](Tensors& t) { t["fc.extra"] = t["fc.bias"]; }), wrapper))) ==
                   "found tensor '" + wrapper + "fc.extra', expected only those of this network");
    }
}

/// A network may have a layer of that name.
BOOST_AUTO_TEST_CASE(a_layer_called_module_keeps_its_name) {
    const test::TemporaryFolder folder;
    for (const std::array<std::string_view, 2>& names :
         {std::array<std::string_view, 2>{"module.fc", "module.bn"}, {"module", "module.module"}})
        for (const std::string wrapper : {"", "module.", "_orig_mod.module."}) {
            Net network(1), loaded(2);
            const auto path = folder.path() / "f";
            io::TensorsToWrite tensors;
            io::gather_weights(tensors, network, names, wrapper);
            io::write_safetensors(path, tensors.list());
            io::load_network(path, loaded, names, "generator");
            BOOST_TEST(same_parameters(network, loaded), names[0] << " in " << wrapper);
        }
}

BOOST_AUTO_TEST_CASE(a_name_of_very_many_wrappers_is_read) {
    std::string name;
    while (name.size() < (std::size_t{3} << 20)) name += "module.";
    const Tensors one{{"fc.bias", good.at("fc.bias")}};
    BOOST_TEST(message_about(list_of(one, name)).starts_with("found no tensor 'fc.weight'"));
}

BOOST_AUTO_TEST_CASE(weights_of_half_precision_load) {
    const test::TemporaryFolder folder;
    const auto path = folder.path() / "f";
    const std::vector<std::uint16_t> f16{0x3c00, 0xc000, 0x3555, 0x0001, 0x7bff, 0x8000}; // 1, -2, 1/3 ...
    const std::vector<std::uint16_t> bf16{0x3f80, 0xc000, 0x3eab, 0x0001, 0x7f7f, 0x8000};
    const std::vector<std::int32_t> count{12};
    for (const bool brain : {false, true}) {
        auto list = list_of(good);
        for (auto& tensor : list) {
            if (tensor.name == "fc.weight")
                tensor = {tensor.name,
                          brain ? io::Dtype::BF16 : io::Dtype::F16,
                          {2, 3},
                          std::as_bytes(std::span(brain ? bf16 : f16))};
            if (tensor.name == "bn.num_batches_tracked")
                tensor = {tensor.name, io::Dtype::I32, {}, std::as_bytes(std::span(count))};
        }
        io::write_safetensors(path, list);
        Net network(1);
        io::load_network(path, network, layers, "generator");
        BOOST_TEST(network.training_passes() == 12);
        io::save_weights(path, network, layers);
        const auto values = io::SafetensorsFile::open(path).values<float>("fc.weight");
        const std::vector<float> expected =
            brain ? std::vector<float>{1, -2, 0x1.56p-2F, 0x1p-133F, 0x1.fep127F, -0.0F}
                  : std::vector<float>{1, -2, 0x1.554p-2F, 0x1p-24F, 65504, -0.0F};
        BOOST_TEST(values == expected, boost::test_tools::per_element());
        BOOST_TEST((std::bit_cast<std::uint32_t>(values[5]) == 0x80000000U));
    }
    const std::vector<std::uint16_t> infinite{0x7c00, 0, 0, 0, 0, 0};
    auto list = list_of(good);
    for (auto& tensor : list)
        if (tensor.name == "fc.weight")
            tensor = {tensor.name, io::Dtype::F16, {2, 3}, std::as_bytes(std::span(infinite))};
    BOOST_TEST(without_offset(message_about(list)) ==
               "found a number in tensor 'fc.weight' that is infinite or NaN, expected finite weights");
}

BOOST_AUTO_TEST_CASE(missing_and_extra_tensors_are_named) {
    for (const auto& [name, tensor] : good)
        if (name != "bn.num_batches_tracked")
            BOOST_TEST(message_about([&, missing = name](Tensors& t) { t.erase(missing); }) ==
                       "found no tensor '" + name + "', expected one");
    BOOST_TEST(without_offset(message_about([](Tensors& t) { t["fc2.bias"] = t["fc.bias"]; })) ==
               "found tensor 'fc2.bias', expected only those of this network");
}

/// PyTorch before 0.4.1 did not store it.
BOOST_AUTO_TEST_CASE(a_missing_number_of_passes_is_zero) {
    const test::TemporaryFolder folder;
    for (const std::string prefix : {"", "module."}) {
        io::write_safetensors(
            folder.path() / "f",
            list_of(changed([](Tensors& t) { t.erase("bn.num_batches_tracked"); }), prefix));
        Net network(1);
        network.set_training_passes(5);
        io::load_network(folder.path() / "f", network, layers, "generator");
        BOOST_TEST(network.training_passes() == 0);
    }
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

BOOST_AUTO_TEST_CASE(a_network_is_described_layer_by_layer) {
    using Described = ctgan::Sequential<ctgan::Linear<3, 2>, ctgan::BatchNorm1d<2>, ctgan::Tanh>;
    BOOST_TEST((io::layers_text<Described>() ==
                std::vector<std::string>{"Linear<3, 2> to [2]", "BatchNorm1d<2> to [2]", "Tanh to [2]"}));
    using Normalized = ctgan::Sequential<ctgan::SpectralNorm<ctgan::Linear<3, 2>>,
                                         ctgan::BatchNorm1d<2, std::ratio<1, 1000>, std::ratio<1, 10>, false>,
                                         ctgan::GroupNorm<1, 2>, ctgan::LayerNorm<2>>;
    BOOST_TEST((io::layers_text<Normalized>() ==
                std::vector<std::string>{"SpectralNorm<Linear<3, 2>> to [2]",
                                         "BatchNorm1d<2, 1/1000, 1/10, not affine> to [2]",
                                         "GroupNorm<1, 2, 1/100000, affine> to [2]", "LayerNorm<2> to [2]"}));
}

/// Both of PyTorch's forms load, and the newer one is written: v in the order of the weight's columns in
/// PyTorch, which is [in][row][column].
BOOST_AUTO_TEST_CASE(spectral_normalization_loads_in_both_forms) {
    using Normalized =
        ctgan::Network<ctgan::Sequential<ctgan::Input<2, 3, 3>, ctgan::SpectralNorm<ctgan::Conv2d<2, 3, 2>>,
                                         ctgan::BatchNorm2d<3>>>;
    constexpr std::array<std::string_view, 2> names{"conv", "bn"};
    const auto counted = [](std::vector<std::uint64_t> shape, std::size_t n, float first) {
        Tensor tensor{io::Dtype::F32, std::move(shape), {}};
        for (std::size_t i = 0; i < n; ++i) tensor.values.push_back(first + static_cast<float>(i));
        return tensor;
    };
    Tensors tensors{{"conv.parametrizations.weight.original", counted({3, 2, 2, 2}, 24, 100)},
                    {"conv.parametrizations.weight.0._u", counted({3}, 3, 200)},
                    {"conv.parametrizations.weight.0._v", counted({8}, 8, 300)},
                    {"conv.bias", counted({3}, 3, 400)},
                    {"bn.weight", counted({3}, 3, 1)},
                    {"bn.bias", counted({3}, 3, 1)},
                    {"bn.running_mean", counted({3}, 3, 1)},
                    {"bn.running_var", counted({3}, 3, 1)},
                    {"bn.num_batches_tracked", {io::Dtype::I64, {}, {}, {3}}}};
    const test::TemporaryFolder folder;
    const auto newer = folder.path() / "newer", older = folder.path() / "older",
               saved = folder.path() / "saved";
    io::write_safetensors(newer, list_of(tensors, "module."));
    const auto rename = [&](const std::string& from, const std::string& to) {
        auto node = tensors.extract("conv.parametrizations.weight." + from);
        node.key() = to;
        tensors.insert(std::move(node));
    };
    rename("original", "conv.weight_orig");
    rename("0._u", "conv.weight_u");
    rename("0._v", "conv.weight_v");
    io::write_safetensors(older, list_of(tensors, "module."));

    Normalized of_newer(1), of_older(2);
    io::load_weights(io::SafetensorsFile::open(newer), of_newer, names);
    io::load_weights(io::SafetensorsFile::open(older), of_older, names);
    BOOST_TEST(of_newer.training_passes() == 3);
    const float* const v = of_newer.buffer<1, 1>();
    BOOST_TEST((std::vector<float>(v, v + 8) == std::vector<float>{300, 304, 301, 305, 302, 306, 303, 307}));
    io::save_weights(saved, of_older, names);
    const auto file = io::SafetensorsFile::open(saved), expected = io::SafetensorsFile::open(newer);
    BOOST_TEST(file.tensors().size() == expected.tensors().size());
    for (const auto& [name, tensor] : file.tensors())
        if (!name.ends_with("num_batches_tracked"))
            BOOST_TEST((file.values<float>(name) == expected.values<float>("module." + name)), name);
    BOOST_TEST(file.values<float>("conv.parametrizations.weight.0._v")[1] == 301);

    tensors.erase("conv.weight_v");
    io::write_safetensors(older, list_of(tensors, "module."));
    BOOST_CHECK_THROW(io::load_weights(io::SafetensorsFile::open(older), of_older, names), io::Error);
}

BOOST_AUTO_TEST_CASE(options_are_described_by_name_and_without_defaults) {
    using namespace ctgan;
    using Described = Sequential<
        Input<4, 9, 9>,
        Conv2dWith<Conv2dOptions{.in = 4, .out = 8, .kernel = {3, 5}, .stride = 2, .bias = false}>,
        Conv2dWith<Conv2dOptions{
            .in = 8, .out = 8, .kernel = 3, .padding = {1, 0}, .padding_mode = PaddingMode::reflect}>,
        ConvTranspose2dWith<ConvTranspose2dOptions{.in = 8,
                                                   .out = 2,
                                                   .kernel = 3,
                                                   .stride = {1, 2},
                                                   .output_padding = {0, 1},
                                                   .dilation = 2,
                                                   .groups = 2}>,
        Flatten, Linear<2 * 8 * 6, 1, false>>;
    BOOST_TEST(
        (io::layers_text<Described>() ==
         std::vector<std::string>{
             "Input<4, 9, 9> to [4, 9, 9]", "Conv2d<in 4, out 8, kernel 3x5, stride 2, no bias> to [8, 4, 3]",
             "Conv2d<in 8, out 8, kernel 3, padding 1x0, reflected> to [8, 4, 1]",
             "ConvTranspose2d<in 8, out 2, kernel 3, stride 1x2, output padding 0x1, dilation 2, groups "
             "2> to [2, 8, 6]",
             "Flatten to [96]", "Linear<96, 1, no bias> to [1]"}));

    using OtherArguments =
        ctgan::Sequential<ctgan::Input<4, 1, 1>, ctgan::GELU<ctgan::Approximate::tanh>, ctgan::MaxPool2d<1>,
                          ctgan::Upsample<2, ctgan::Interpolation::bilinear>, ctgan::Dropout<>,
#if CTGAN_NUMBERS_AS_ARGUMENTS
                          ctgan::LeakyReLU<ctgan::Value<0.2>>>;
#else
                          ctgan::LeakyReLU<std::ratio<1, 5>>>;
#endif
    BOOST_TEST(
        (io::layers_text<OtherArguments>() ==
         std::vector<std::string>{"Input<4, 1, 1> to [4, 1, 1]", "GELU<tanh> to [4, 1, 1]",
                                  "MaxPool2d<1, 1, 0> to [4, 1, 1]", "Upsample<2, bilinear> to [4, 2, 2]",
                                  "Dropout<1/2, in training> to [4, 2, 2]", "LeakyReLU<1/5> to [4, 2, 2]"}));
}

BOOST_AUTO_TEST_CASE(values_that_are_not_finite_are_not_saved) {
    const test::TemporaryFolder folder;
    const auto path = folder.put("weights", "of another run");
    Net network(1);
    network.parameters()[2] = std::numeric_limits<float>::infinity();
    BOOST_CHECK_EXCEPTION(io::save_weights(path, network, layers), io::NotFinite, [](const io::NotFinite& e) {
        return e.what() == std::string("tensor 'fc.weight': found a number that is infinite or NaN, expected "
                                       "finite numbers");
    });
    BOOST_TEST(test::content(path) == "of another run");
    BOOST_TEST(folder.entries() == 1u);
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
