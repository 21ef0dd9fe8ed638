// A Gan of pairs against gan_cases.safetensors, which PyTorch computed in double (record_gan_cases.py).

#include <ctgan/gan/gan.hpp>
#include <ctgan/io/safetensors.hpp>
#include <ctgan/layers/activations.hpp>
#include <ctgan/layers/augment.hpp>
#include <ctgan/layers/convolution.hpp>
#include <ctgan/layers/embedding.hpp>
#include <ctgan/layers/inputs.hpp>
#include <ctgan/layers/projection.hpp>
#include <ctgan/layers/reshape.hpp>
#include <ctgan/network/tensor_names.hpp>
#include <ctgan/optim/sgd.hpp>

#include <boost/test/unit_test.hpp>

#include "../../examples/replay/backend.hpp"
#include "../../examples/replay/distance.hpp"
#include "../../examples/replay/read.hpp"
#include "../backend.hpp"
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <ratio>
#include <span>
#include <string>
#include <string_view>
#include <vector>

using namespace ctgan;

namespace {

constexpr auto file_name = "gan_cases.safetensors";

using Picture = Image<2, 8, 8>;
using Weight = std::ratio<1, 2>;
/// A conditional Gan with everything that a small data set asks for.
using PairsGan =
    Gan<Sequential<Inputs<Flat<6>, Classes<3>>, Concat<Select<0>, Sequential<Select<1>, Embedding<3, 4>>>,
                   Linear<10, 128>, Tanh, Reshape<2, 8, 8>>,
        Sequential<Inputs<Picture, Classes<3>>,
                   Concat<Sequential<Select<0>, DiffAugment, Conv2d<2, 5, 3, 2, 1>,
                                     LeakyReLU<std::ratio<1, 5>>, Conv2d<5, 7, 4, 2, 1>, Tanh, Flatten>,
                          Sequential<Select<1>, Embedding<3, 28>>>,
                   Projection<28>>,
        WithPenalty<RelativisticPairing, R1<Weight>, R2<Weight>>, TestBackend, double, SGD>;

/// Calls f(name in the file, values, tensor) for each tensor of both networks.
template <class F>
void for_each_tensor(PairsGan& gan, const std::string& prefix, const F& f) {
    const auto visit = [&](auto& network, const std::string& name, auto layers) {
        TensorNames names(layers);
        network.for_each_tensor([&](int layer, const TensorSpec& tensor, double* data, bool) {
            f("relativistic_steps." + prefix + "." + name + "." + names.name(layer, tensor.name), data,
              tensor);
        });
    };
    visit(gan.generator, "generator", std::array<std::string_view, 2>{"embedding", "linear"});
    visit(gan.discriminator, "discriminator",
          std::array<std::string_view, 4>{"conv1", "conv2", "embedding", "score"});
}

} // namespace

BOOST_AUTO_TEST_CASE(steps_of_pairs_with_penalties_on_both_equal_pytorch_s) {
    const auto file = io::SafetensorsFile::open(std::string(CTGAN_GOLDEN_DIR) + "/" + file_name);
    constexpr int steps = 4, batch = 5;
    PairsGan gan(0, batch, {.lr = 0.1}, {.lr = 0.1});
    for_each_tensor(gan, "init", [&](const std::string& name, double* data, const TensorSpec& tensor) {
        replay::load_tensor<TestBackend>(data, replay::read<double>(file, name, tensor.size()), tensor);
    });
    const auto is = [](double found, double expected, const std::string& what) {
        BOOST_TEST(std::abs(found - expected) <= 1e-12, what << ": " << found << ", PyTorch's " << expected);
    };
    const auto real =
        replay::read<double>(file, "relativistic_steps.real", Index{steps} * batch * Picture::size);
    const auto noise = replay::read<double>(file, "relativistic_steps.noise", steps * batch * 6);
    BatchOn<Picture, TestBackend, double> images(batch);
    BatchOn<Flat<6>, TestBackend, double> z(batch);
    const auto label = replay::read<std::int64_t>(file, "relativistic_steps.label", steps * batch);
    std::array<std::vector<double>, 4> expected, draws;
    for (std::size_t i = 0; i < 4; ++i)
        expected[i] = replay::read<double>(file,
                                           "relativistic_steps.expect." +
                                               std::array<std::string, 4>{"d_loss", "g_loss", "r1", "r2"}[i],
                                           steps);
    for (std::size_t i = 0; i < 4; ++i)
        draws[i] = replay::read<double>(
            file,
            "relativistic_steps.draws." +
                std::array<std::string, 4>{"real", "generated", "real_for_generator", "for_generator"}[i],
            steps * batch * 7);
    for (std::size_t step = 0; step < steps; ++step) {
        const auto part = [&](const std::vector<double>& all) {
            const std::size_t size = all.size() / steps;
            return std::vector<double>(all.begin() + static_cast<std::ptrdiff_t>(step * size),
                                       all.begin() + static_cast<std::ptrdiff_t>((step + 1) * size));
        };
        images.from_pytorch_order(part(real));
        z.from_pytorch_order(part(noise));
        const std::span<const std::int64_t> all_labels = label;
        const BatchOn<Classes<3>, TestBackend> labels(all_labels.subspan(step * batch, batch));
        // Each pass takes the recorded numbers.
        const auto give = [&](auto& workspace, const std::vector<double>& of_steps) {
            std::vector<double> of_layers[3];
            const auto numbers = part(of_steps);
            for (std::size_t i = 0; i < numbers.size(); ++i)
                of_layers[i % 7 < 3 ? 0 : i % 7 < 5 ? 1 : 2].push_back(numbers[i]);
            transfer::put(of_layers[0], workspace.template saved<2>());
            transfer::put(of_layers[1], workspace.template saved<3>());
            transfer::put(of_layers[2], workspace.template saved<4>());
        };
        gan.take_step(images, labels, z, [&](PairsGan::Pass pass) {
            if (pass == PairsGan::on_real) give(gan.workspace_of_real(), draws[0]);
            if (pass == PairsGan::on_generated) give(gan.discriminator_workspace, draws[1]);
            if (pass == PairsGan::real_for_generator) give(gan.workspace_of_real(), draws[2]);
            if (pass == PairsGan::for_generator) give(gan.discriminator_workspace, draws[3]);
            return Randomness::given();
        });
        const StepLosses losses = gan.last_losses();
        is(losses.discriminator, expected[0][step], "d_loss");
        is(losses.generator, expected[1][step], "g_loss");
        is(gan.last_penalty<0>(), expected[2][step], "R1");
        is(gan.last_penalty<1>(), expected[3][step], "R2");
    }
    int tensors = 0;
    for_each_tensor(gan, "expect", [&](const std::string& name, double* data, const TensorSpec& tensor) {
        const auto found = replay::store_tensor<TestBackend>(data, tensor);
        const auto values = replay::read<double>(file, name, tensor.size());
        const double distance =
            replay::distance(std::span<const double>(found), std::span<const double>(values));
        BOOST_TEST(distance <= 1e-12, name << " is off by " << distance);
        ++tensors;
    });
    BOOST_TEST(tensors == 3 + 7);
}
