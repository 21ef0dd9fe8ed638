// Steps and passes on the CPU backend and on the CUDA backend, from the same seed.

#include <ctgan/dcgan.hpp>

#include <boost/test/unit_test.hpp>

#include "../derived_layer.hpp"
#include "patterns_support.hpp"
#include <array>
#include <cmath>
#include <ratio>
#include <string>

#if CTGAN_HAS_CUDA

using namespace training;

namespace {

constexpr int batch = 8;

/// The losses of a step, and each tensor of both networks after it.
template <class Backend>
std::vector<std::vector<float>> after_a_step() {
    using TheGan = Gan<dcgan::Generator, dcgan::Discriminator, LeastSquares, Backend>;
    TheGan gan(5, batch, dcgan::generator_options, dcgan::discriminator_options);
    const StepData<TheGan> data(batch, 0);
    const StepLosses losses = gan.train_step(data.real, data.noise, 0);
    std::vector<std::vector<float>> tensors{
        {static_cast<float>(losses.discriminator), static_cast<float>(losses.generator)}};
    const auto keep = [&](int, const TensorSpec& tensor, const float* values, bool) {
        tensors.push_back(transfer::values<float, Backend>(values, tensor.size()));
    };
    gan.generator.for_each_tensor(keep);
    gan.discriminator.for_each_tensor(keep);
    return tensors;
}

struct Distance {
    double squares = 0, of_differences = 0;

    void add(const std::vector<float>& found, const std::vector<float>& expected) {
        for (std::size_t i = 0; i < expected.size(); ++i) {
            const double a = static_cast<double>(expected[i]), b = static_cast<double>(found[i]);
            squares += a * a;
            of_differences += (a - b) * (a - b);
        }
    }
    double relative() const { return std::sqrt(of_differences / squares); }
};
double distance(const std::vector<float>& found, const std::vector<float>& expected) {
    Distance distance;
    distance.add(found, expected);
    return distance.relative();
}

} // namespace

// Adam's first step is the sign of the gradient times the learning rate. If a gradient is almost zero,
// rounding determines its sign. So a single tensor may differ more than all tensors together.
BOOST_AUTO_TEST_CASE(a_step_on_both_backends_gives_close_results) {
    const auto cpu = after_a_step<Cpu>(), cuda = after_a_step<Cuda>();
    BOOST_TEST(cpu.size() == cuda.size());
    Distance all;
    for (std::size_t k = 0; k < cpu.size(); ++k) {
        const double off = distance(cuda[k], cpu[k]);
        BOOST_TEST(off <= (k == 0 ? 1e-5 : 1e-4), (k == 0 ? "losses" : "tensor " + std::to_string(k))
                                                      << ": off by " << off);
        all.add(cuda[k], cpu[k]);
    }
    BOOST_TEST(all.relative() <= 1e-5);
}

namespace {

/// The losses and all gradients of a step.
template <class Generator, class Discriminator, class Backend, class Objective = LeastSquares>
std::array<std::vector<float>, 3> gradients_of_a_step() {
    using TheGan = Gan<Generator, Discriminator, Objective, Backend>;
    TheGan gan(5, batch, dcgan::generator_options, dcgan::discriminator_options);
    const StepData<TheGan> data(batch, 0);
    const auto hook = [](auto&, auto&) {}; // with a hook all gradients are stored
    const StepLosses losses = gan.train_step(data.real, data.noise, 0, hook);
    return {std::vector{static_cast<float>(losses.discriminator), static_cast<float>(losses.generator)},
            transfer::values(gan.discriminator_gradients), transfer::values(gan.generator_gradients)};
}

void check_close(const std::array<std::vector<float>, 3>& cuda,
                 const std::array<std::vector<float>, 3>& cpu) {
    for (std::size_t part = 0; part < cpu.size(); ++part) {
        const double off = distance(cuda[part], cpu[part]);
        BOOST_TEST_MESSAGE("part " << part << ": off by " << off);
        BOOST_TEST(off <= 1e-5, "part " << part << ": off by " << off);
    }
}

} // namespace

BOOST_AUTO_TEST_CASE(a_step_with_derived_layers_on_both_backends_gives_close_gradients) {
    ctgan::detail::for_each_index<derived::everywhere + 1>([](auto i) {
        using Generator = derived::GeneratorWith<decltype(i)::value>;
        using Discriminator = derived::DiscriminatorWith<decltype(i)::value>;
        check_close(gradients_of_a_step<Generator, Discriminator, Cuda>(),
                    gradients_of_a_step<Generator, Discriminator, Cpu>());
    });
}

BOOST_AUTO_TEST_CASE(a_step_with_penalties_on_both_backends_gives_close_gradients) {
    using Generator = Sequential<Linear<6, 128>, Tanh, Reshape<2, 8, 8>>;
    using Critic = Sequential<Input<2, 8, 8>, Conv2d<2, 4, 3, 2, 1>, Tanh, LayerNorm<4, 4, 4>,
                              SpectralNorm<Conv2d<4, 4, 3, 1, 1>>, LeakyReLU<>, MaxPool2d<2>, Dropout2d<>,
                              PReLU<4>, Flatten, Linear<16, 1>>;
    using Objective = WithPenalty<Wasserstein, GradientPenalty<>, R1<std::ratio<1>>>;
    check_close(gradients_of_a_step<Generator, Critic, Cuda, Objective>(),
                gradients_of_a_step<Generator, Critic, Cpu, Objective>());
}

BOOST_AUTO_TEST_CASE(passes_through_derived_layers_on_both_backends_give_close_results) {
    derived::for_each_network(
        []<class Net>() { check_close(pass<Net, Cuda>(batch), pass<Net, Cpu>(batch)); });
}

#endif
