#pragma once

#include <ctgan/dcgan.hpp>
#include <ctgan/gan/byte_images.hpp>
#include <ctgan/io/weights.hpp>

#include "backend.hpp"
#include "distance.hpp"
#include "read.hpp"
#include <algorithm>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <vector>

/// Repeats steps of the published training loop that PyTorch recorded, with the recorded noise, dropout masks
/// and initial weights, and measures how far the losses and the final weights are from PyTorch's.
namespace replay {

/// The relative L2 distance of one tensor.
struct NamedDistance {
    std::string name;
    double distance;
};

/// The results of replay_trace().
struct TraceResult {
    std::vector<double> discriminator_losses, generator_losses;        ///< of each step
    double first_fake = 0, discriminator_loss = 0, generator_loss = 0; ///< relative L2 distances
    std::vector<NamedDistance> state; ///< of each final tensor that the file holds
};

/// Called after each step.
using Steps = std::function<void(int step, double discriminator_loss, double generator_loss)>;

namespace detail {

/// Replays a trace of networks of this size.
template <class Generator, class Discriminator, class T, class Backend>
TraceResult replay_sizes(const ctgan::io::SafetensorsFile& file, const Steps& report) {
    using namespace ctgan;
    using TheGan = Gan<Generator, Discriminator, LeastSquares, Backend, T>;
    constexpr Index latent = TheGan::noise_shape::size, pixels = TheGan::image_shape::size;
    const std::vector<double> expected_d = file.values<double>("expect.d_loss");
    const std::vector<double> expected_g =
        read<double>(file, "expect.g_loss", static_cast<Index>(expected_d.size()));
    const auto real_bytes = file.values<std::uint8_t>("real");
    const int steps = static_cast<int>(expected_d.size());
    const Index images = static_cast<Index>(real_bytes.size()) / pixels;
    if (steps == 0 || images == 0 || images % steps != 0)
        throw io::Error(file.path(),
                        io::counted(static_cast<std::uint64_t>(images), "real image") + " for " +
                            io::counted(expected_d.size(), "step"),
                        "as many for each");
    const int batch = static_cast<int>(images / steps);
    std::vector<T> real_values(real_bytes.size());
    std::transform(real_bytes.begin(), real_bytes.end(), real_values.begin(), normalized<T>);
    const std::vector<T> noise_values = read<T>(file, "noise", latent * images);

    TheGan gan(0, batch, dcgan::generator_options, dcgan::discriminator_options);
    io::load_weights(file, gan.generator, dcgan::generator_names, "init.generator.");
    io::load_weights(file, gan.discriminator, dcgan::discriminator_names, "init.discriminator.");

    // The masks are 0 and 1 in the file and factors 0 and 2 in the workspace. The discriminator's dropout
    // layers are layers 3 and 6, counted from 0.
    static_assert(std::is_base_of_v<Dropout2d<std::ratio<1, 2>, DropoutMode::always>,
                                    typename Discriminator::template layer<3>>);
    static_assert(std::is_base_of_v<Dropout2d<std::ratio<1, 2>, DropoutMode::always>,
                                    typename Discriminator::template layer<6>>);
    const char* const pass_names[] = {"real", "fake", "gen"};
    constexpr int mask_channels[] = {Discriminator::template shape<3>::channels,
                                     Discriminator::template shape<6>::channels};
    std::vector<T> masks[3][2];
    for (int pass = 0; pass < 3; ++pass)
        for (int k = 0; k < 2; ++k) {
            masks[pass][k] = read<T>(file, "mask." + std::string(pass_names[pass]) + std::to_string(k + 1),
                                     images * mask_channels[k]);
            for (T& factor : masks[pass][k]) factor *= 2;
        }

    BatchOn<typename TheGan::image_shape, Backend, T> real(batch);
    BatchOn<typename TheGan::noise_shape, Backend, T> noise(batch);
    TraceResult result;
    for (int step = 0; step < steps; ++step) {
        const auto of_step = [&](const std::vector<T>& values) {
            const std::size_t size = values.size() / expected_d.size();
            return std::span(values).subspan(static_cast<std::size_t>(step) * size, size);
        };
        const auto put_masks = [&](auto pass) {
            if (pass == TheGan::generating) return Randomness{}; // the generator draws nothing
            auto& workspace = gan.discriminator_workspace;
            T* const places[] = {workspace.template saved<3>(), workspace.template saved<6>()};
            for (int k = 0; k < 2; ++k) {
                const auto mask = of_step(masks[pass][k]);
                Backend::from_host(places[k], mask.data(), static_cast<Index>(mask.size()));
            }
            return Randomness::given();
        };
        real.from_pytorch_order(of_step(real_values));
        noise.from_pytorch_order(of_step(noise_values));
        gan.take_step(real, noise, put_masks);
        const StepLosses losses = gan.last_losses();
        if (step == 0) {
            const auto fake = gan.generator_workspace.output();
            result.first_fake =
                distance<T>(in_pytorch_order(fake), read<double>(file, "expect.first_fake", fake.size()));
        }
        result.discriminator_losses.push_back(losses.discriminator);
        result.generator_losses.push_back(losses.generator);
        if (report) report(step, losses.discriminator, losses.generator);
    }
    result.discriminator_loss = distance<double>(result.discriminator_losses, expected_d);
    result.generator_loss = distance<double>(result.generator_losses, expected_g);

    const auto compare = [&](auto& network, std::span<const std::string_view> names,
                             const std::string& side) {
        io::for_each_named_tensor(
            network, names,
            [&](const std::string& name, const TensorSpec& tensor, const T* data) {
                if (!file.tensors().contains("expect." + side + name)) return;
                result.state.push_back(
                    {side + name, distance<T>(store_tensor<Backend>(data, tensor),
                                              read<double>(file, "expect." + side + name, tensor.size()))});
            },
            [&](const std::string& name) {
                const std::vector<double> passes{static_cast<double>(network.training_passes())};
                result.state.push_back(
                    {side + name, distance<double>(passes, read<double>(file, "expect." + side + name, 1))});
            });
    };
    compare(gan.generator, dcgan::generator_names, "generator.");
    compare(gan.discriminator, dcgan::discriminator_names, "discriminator.");
    return result;
}

} // namespace detail

/// Replays a trace of one of the two sizes that are compiled in. Throws io::Error if the file is of another
/// size.
template <class T, class Backend = ctgan::Cpu>
TraceResult replay_trace(const ctgan::io::SafetensorsFile& file, const Steps& report = {}) {
    using namespace ctgan;
    const auto entry = file.metadata().find("latent");
    const std::string latent = entry == file.metadata().end() ? "none" : entry->second;
    if (latent == "16")
        return detail::replay_sizes<dcgan::GeneratorOf<16, 12, 8, 6>, dcgan::DiscriminatorOf<6, 10>, T,
                                    Backend>(file, report);
    if (latent == "100")
        return detail::replay_sizes<dcgan::Generator, dcgan::Discriminator, T, Backend>(file, report);
    throw io::Error(file.path(), "a trace with latent size " + io::in_quotes(latent), "16 or 100");
}

} // namespace replay
