#pragma once

#include <ctgan/network/slopes.hpp>
#include <ctgan/optim/sgd.hpp>

#include "layers.hpp"
#include "no_objective.hpp"
#include <ratio>
#include <type_traits>

namespace replay {
namespace detail {

/// A critic's penalty: its value, its gradients, and the slope of the scores at the images where it is taken.
/// The generator returns its input.
template <class Activation, class Penalty>
struct PenaltyCase {
    std::string_view name;

    static constexpr int size = 2 * 8 * 8;
    using Image = ctgan::Image<2, 8, 8>;
    using Generator = ctgan::Sequential<ctgan::Linear<size, size, false>, ctgan::Reshape<2, 8, 8>>;
    using Critic =
        ctgan::Sequential<ctgan::Input<2, 8, 8>, ctgan::Conv2d<2, 5, 3, 2, 1>, Activation,
                          ctgan::Conv2d<5, 7, 4, 2, 1>, Activation, ctgan::Flatten, ctgan::Linear<28, 1>>;

    template <class T, class Backend>
    void run(Comparison<T>& comparison) const {
        using namespace ctgan;
        constexpr bool between = Penalty::at == PenaltyAt::between;
        using TheGan = Gan<Generator, Critic, WithPenalty<NoObjective, Penalty>, Backend, T, SGD>;
        const int batch = batch_of<Image>(comparison.file(), comparison.full("input"));
        TheGan gan(0, batch, {.lr = 0}, {.lr = 0});
        TensorNames names(std::array<std::string_view, 3>{"0", "2", "5"});
        gan.discriminator.for_each_tensor([&](int layer, const TensorSpec& tensor, T* data, bool) {
            load_tensor<Backend>(
                data, comparison.input("param." + names.name(layer, tensor.name), tensor.size()), tensor);
        });
        gan.generator.for_each_tensor([&](int, const TensorSpec& tensor, T* data, bool) {
            std::vector<T> identity(std::size_t{size} * size);
            for (std::size_t i = 0; i < size; ++i) identity[i * (size + 1)] = 1;
            load_tensor<Backend>(data, identity, tensor);
        });
        BatchOn<Image, Backend, T> real(batch), at(batch);
        BatchOn<Flat<size>, Backend, T> noise(batch);
        const auto input = comparison.input("input", real.size());
        real.from_pytorch_order(input);
        std::vector<T> images = input;
        if constexpr (between) {
            const auto fake = comparison.input("fake", real.size()), eps = comparison.input("eps", batch);
            noise.from_pytorch_order(fake);
            Backend::from_host(gan.real_shares(), eps.data(), batch);
            for (std::size_t i = 0; i < images.size(); ++i) {
                const T share = eps[i / size];
                images[i] = share * input[i] + (1 - share) * fake[i];
            }
        }
        gan.take_step(
            real, noise, [](auto) { return Randomness::given(); }, [](auto&, auto&) {});
        const T penalty = static_cast<T>(gan.last_penalty());
        comparison.add("penalty", std::span(&penalty, 1));

        at.from_pytorch_order(images);
        gan.discriminator.forward_training(at, gan.discriminator_workspace);
        Slopes<typename TheGan::Discriminator> slopes(batch);
        comparison.add("gradient",
                       in_pytorch_order(slopes.compute(gan.discriminator, gan.discriminator_workspace)));
        const std::vector<T> reference = comparison.input("gradient", real.size());
        TensorNames again(std::array<std::string_view, 3>{"0", "2", "5"});
        gan.discriminator.for_each_tensor([&](int layer, const TensorSpec& tensor, T* data, bool) {
            const T* const gradient =
                gan.discriminator_gradients.data() + (data - gan.discriminator.parameters());
            comparison.add_gradient("grad." + again.name(layer, tensor.name),
                                    store_tensor<Backend>(gradient, tensor), reference);
        });
    }
};

} // namespace detail

/// Penalties on the slope of a critic.
inline constexpr std::tuple penalty_cases{
    detail::PenaltyCase<ctgan::LeakyReLU<std::ratio<1, 5>>, ctgan::R1<>>{"r1_leaky_relu"},
    detail::PenaltyCase<ctgan::Tanh, ctgan::R1<>>{"r1_tanh"},
    detail::PenaltyCase<ctgan::LeakyReLU<std::ratio<1, 5>>, ctgan::GradientPenalty<>>{
        "gradient_penalty_leaky_relu"},
    detail::PenaltyCase<ctgan::Tanh, ctgan::GradientPenalty<>>{"gradient_penalty_tanh"}};

} // namespace replay
