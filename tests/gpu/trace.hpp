#pragma once

#include "backend.hpp"
#include "expect.hpp"
#include "raw_golden.hpp"
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <string_view>
#include <vector>

/// Repeats the recorded steps of the reference's training loop with their noise, dropout masks and initial
/// weights, and checks the distances of the losses and the final weights from PyTorch's.
namespace gpu_tests {

/// How far a run is from the recorded one.
struct TraceDistances {
    double first_fake, discriminator_loss, generator_loss;
};

/// The largest allowed distances, as in tests/golden/trace.hpp. Only double can reach the one of the state.
struct TraceLimits : TraceDistances {
    double state;
};

template <class Generator, class Discriminator, class T>
class Trace {
    using Gan = ctgan::Gan<Generator, Discriminator, ctgan::LeastSquares, Cuda, T>;
    using Index = ctgan::Index;
    static constexpr Index latent = Gan::noise_shape::size, pixels = Gan::image_shape::size;
    static constexpr int mask_channels[] = {Discriminator::template shape<3>::channels,
                                            Discriminator::template shape<6>::channels};
    // The masks are written into the workspace of the discriminator's two dropouts, layers 3 and 6 counted
    // from 0.
    static_assert(ctgan::detail::patterns_of<typename Discriminator::template layer<3>>.drops_channels);
    static_assert(ctgan::detail::patterns_of<typename Discriminator::template layer<6>>.drops_channels);

  public:
    /// Each `variation` but 0 moves two thirds of the initial weights by a unit in the last place.
    explicit Trace(const RawGolden& golden, std::uint32_t variation = 0)
        : golden_(golden),
          steps_(static_cast<int>(golden.tensor("real").shape.at(0))),
          batch_(static_cast<int>(golden.tensor("real").shape.at(1))),
          variation_(variation),
          gan_(0, batch_, ctgan::dcgan::generator_options, ctgan::dcgan::discriminator_options) {
        const Index images = Index{steps_} * batch_;
        auto real = golden.values<T>("real", images * pixels);
        for (T& pixel : real) pixel = (pixel / T(255) - T(0.5)) / T(0.5);
        real_ = on_device(real);
        noise_ = on_device(golden.values<T>("noise", images * latent));
        const char* const passes[] = {"real", "fake", "gen"};
        for (int pass = 0; pass < 3; ++pass)
            for (int k = 0; k < 2; ++k) {
                masks_[pass][k] = golden.values<T>(
                    "mask." + std::string(passes[pass]) + std::to_string(k + 1), images * mask_channels[k]);
                for (T& kept : masks_[pass][k]) kept *= 2; // the file contains 0 and 1, the workspace factors
            }
        load(gan_.generator, ctgan::dcgan::generator_names, "init.generator.");
        load(gan_.discriminator, ctgan::dcgan::discriminator_names, "init.discriminator.");
    }

    /// Takes all steps.
    TraceDistances run() {
        std::vector<double> d_losses, g_losses;
        TraceDistances off{};
        for (int step = 0; step < steps_; ++step) {
            const auto losses = take_step(step);
            d_losses.push_back(losses.discriminator);
            g_losses.push_back(losses.generator);
            if (step > 0) continue;
            const auto fake = gan_.generator_workspace.output();
            off.first_fake =
                distance(on_host(fake.data, fake.size()), golden_.tensor("expect.first_fake").values);
        }
        off.discriminator_loss = distance(d_losses, golden_.tensor("expect.d_loss").values);
        off.generator_loss = distance(g_losses, golden_.tensor("expect.g_loss").values);
        return off;
    }

    /// Checks the final state, after run().
    void check_state(double limit, const std::string& label) {
        compare(gan_.generator, ctgan::dcgan::generator_names, "generator.", limit, label);
        compare(gan_.discriminator, ctgan::dcgan::discriminator_names, "discriminator.", limit, label);
    }

  private:
    ctgan::StepLosses take_step(int step) {
        const auto masks = [&](typename Gan::Pass pass) {
            if (pass == Gan::generating) return ctgan::Randomness{}; // the generator draws nothing
            auto& workspace = gan_.discriminator_workspace;
            T* const places[] = {workspace.template saved<3>(), workspace.template saved<6>()};
            for (int k = 0; k < 2; ++k) {
                const Index size = Index{batch_} * mask_channels[k];
                Cuda::from_host(places[k], masks_[pass][k].data() + step * size, size);
            }
            return ctgan::Randomness::given();
        };
        const Index first = Index{step} * batch_;
        gan_.take_step(
            ctgan::View<typename Gan::image_shape, const T, Cuda>{real_.data() + first * pixels, batch_},
            ctgan::View<typename Gan::noise_shape, const T, Cuda>{noise_.data() + first * latent, batch_},
            masks);
        return gan_.last_losses();
    }

    /// Calls f(name in the file, spec, data) for each tensor of a network.
    template <class Network, class F>
    static void for_each_named(Network& network, std::span<const std::string_view> names,
                               const std::string& prefix, F&& f) {
        int name = -1, last_layer = -1;
        network.for_each_tensor([&](int layer, const ctgan::TensorSpec& tensor, T* data, bool) {
            if (layer != last_layer) ++name;
            last_layer = layer;
            f(prefix + std::string(names[static_cast<std::size_t>(name)]) + "." + tensor.name, tensor, data);
        });
    }

    template <class Network>
    void load(Network& network, std::span<const std::string_view> names, const std::string& prefix) {
        for_each_named(network, names, prefix,
                       [&](const std::string& name, const ctgan::TensorSpec& tensor, T* data) {
                           load_tensor(tensor, varied(golden_.values<T>(name, tensor.size())), data);
                       });
    }

    std::vector<T> varied(std::vector<T> values) {
        for (T& value : values) {
            if (variation_ == 0) break;
            random_ = random_ * 1664525U + 1013904223U + variation_;
            constexpr T infinity = std::numeric_limits<T>::infinity();
            const std::uint32_t direction = (random_ >> 16) % 3;
            if (direction > 0) value = std::nextafter(value, direction == 1 ? infinity : -infinity);
        }
        return values;
    }

    /// Compares those tensors of a network that are in the file, and reports the worst.
    template <class Network>
    void compare(Network& network, std::span<const std::string_view> names, const std::string& side,
                 double limit, const std::string& label) {
        double worst = 0;
        std::string worst_name = "none";
        bool moved = false;
        for_each_named(network, names, side,
                       [&](const std::string& name, const ctgan::TensorSpec& tensor, T* data) {
                           if (!golden_.contains("expect." + name)) return;
                           const auto now = store_tensor(tensor, data);
                           const double off = distance(now, golden_.tensor("expect." + name).values);
                           moved = moved || distance(now, golden_.tensor("init." + name).values) > 0;
                           if (std::isnan(worst) || off <= worst) return; // NaN is the worst
                           worst = off;
                           worst_name = name;
                       });
        expect::that(moved, label + " " + side + "* has changed");
        expect::within(worst, limit, label + " final state, worst is " + worst_name);
    }

    const RawGolden& golden_;
    int steps_, batch_;
    std::uint32_t variation_, random_ = 1;
    Gan gan_;
    Cuda::Memory<T> real_, noise_;
    std::vector<T> masks_[3][2];
};

/// The distances of one run in double, and of the run in the middle of several in float, whose initial
/// weights differ in their last place.
///
/// A bias before a normalization can have a gradient of exactly 0. In float it is a rounding error, from
/// which Adam makes a step like any other. Of 100 such runs of the small networks on the host's threads half
/// were within 1.7e-5 and 6.4e-5, and a tenth were at 1.8e-4 and 9.8e-4, where one such step went the other
/// way.
template <class Generator, class Discriminator, class T>
void check_runs(const RawGolden& golden, const TraceLimits& limits, const std::string& label) {
    Trace<Generator, Discriminator, T> trace(golden);
    std::vector<TraceDistances> runs{trace.run()};
    expect::within(runs[0].first_fake, limits.first_fake, label + " first images");
    trace.check_state(limits.state, label);
    constexpr std::uint32_t count = sizeof(T) == sizeof(float) ? 9 : 1;
    for (std::uint32_t variation = 1; variation < count; ++variation)
        runs.push_back(Trace<Generator, Discriminator, T>(golden, variation).run());
    const auto middle = [&](double TraceDistances::*which) {
        std::vector<double> distances;
        for (const TraceDistances& run : runs) distances.push_back(run.*which);
        std::sort(distances.begin(), distances.end());
        return distances[distances.size() / 2];
    };
    expect::within(middle(&TraceDistances::discriminator_loss), limits.discriminator_loss,
                   label + " discriminator's losses");
    expect::within(middle(&TraceDistances::generator_loss), limits.generator_loss,
                   label + " generator's losses");
}

/// Checks a trace of the small or of the full networks.
template <class T>
void check_trace(const RawGolden& golden, const TraceLimits& limits, const std::string& label) {
    using namespace ctgan::dcgan;
    const std::uint64_t latent = golden.tensor("noise").shape.back();
    if (latent == 100)
        check_runs<Generator, Discriminator, T>(golden, limits, label);
    else if (latent == 16)
        check_runs<GeneratorOf<16, 12, 8, 6>, DiscriminatorOf<6, 10>, T>(golden, limits, label);
    else
        expect::that(false,
                     label + " has a latent size of " + std::to_string(latent) + ", neither 16 nor 100");
}

} // namespace gpu_tests
