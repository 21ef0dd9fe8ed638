// One step of the reference's networks on the CPU backend and on the CUDA backend, from the same seed.

#include <ctgan/dcgan.hpp>

#include <boost/test/unit_test.hpp>

#include "support.hpp"
#include <cmath>
#include <string>

#if CTGAN_HAS_CUDA

using namespace training;

namespace {

constexpr int batch = 8;

/// The losses of a step, and each tensor of both networks after it.
template <class Backend>
std::vector<std::vector<float>> after_a_step() {
    Gan<dcgan::Generator, dcgan::Discriminator, LeastSquares, Backend> gan(5, batch, dcgan::generator_options,
                                                                           dcgan::discriminator_options);
    BatchOn<Image<1, 28, 28>, Backend> real(batch);
    BatchOn<Flat<100>, Backend> noise(batch);
    Backend::fill_uniform(real.data(), real.size(), 1.0F, {77, 0, 1});
    Backend::fill_normal(noise.data(), noise.size(), 1.0F, {77, 0, 2});
    const StepLosses losses = gan.train_step(real, noise, 0);
    std::vector<std::vector<float>> tensors{
        {static_cast<float>(losses.discriminator), static_cast<float>(losses.generator)}};
    const auto keep = [&](int, const TensorSpec& tensor, const float* data, bool) {
        Backend::to_host(tensors.emplace_back(static_cast<std::size_t>(tensor.size())).data(), data,
                         tensor.size());
    };
    gan.generator.for_each_tensor(keep);
    gan.discriminator.for_each_tensor(keep);
    return tensors;
}

} // namespace

// Adam's first step is the sign of the gradient times the learning rate. If a gradient is almost zero,
// rounding determines its sign. So a single tensor may differ more than all tensors together.
BOOST_AUTO_TEST_CASE(a_step_on_both_backends_gives_close_results) {
    const auto cpu = after_a_step<Cpu>(), cuda = after_a_step<Cuda>();
    BOOST_TEST(cpu.size() == cuda.size());
    double all_squares = 0, all_difference = 0;
    for (std::size_t k = 0; k < cpu.size(); ++k) {
        double squares = 0, difference = 0;
        for (std::size_t i = 0; i < cpu[k].size(); ++i) {
            const double a = static_cast<double>(cpu[k][i]), b = static_cast<double>(cuda[k][i]);
            squares += a * a;
            difference += (a - b) * (a - b);
        }
        const double off = std::sqrt(difference / squares);
        BOOST_TEST(off <= (k == 0 ? 1e-5 : 1e-4), (k == 0 ? "losses" : "tensor " + std::to_string(k))
                                                      << ": off by " << off);
        all_squares += squares;
        all_difference += difference;
    }
    BOOST_TEST(std::sqrt(all_difference / all_squares) <= 1e-5);
}

#endif
