#pragma once

#include <ctgan/optim/sgd.hpp>

#include "layers.hpp"

namespace replay {
namespace detail {

/// Gives a Gan the scores of a case. Image i is zero except for value i, which is 1, so its score is weight i
/// of the discriminator, and the gradient of that weight is the gradient of the score. Images 0 to 7 are
/// real. The generator returns its input, images 8 to 15.
template <class Objective, bool of_discriminator>
struct ObjectiveCase {
    std::string_view name;

    template <class T, class Backend>
    void run(Comparison<T>& comparison) const {
        using namespace ctgan;
        constexpr int batch = 8, images = 2 * batch;
        using TheGan = Gan<Sequential<Linear<images, images>>, Sequential<Linear<images, 1>>, Objective,
                           Backend, T, SGD>;
        TheGan gan(0, batch, {.lr = 0}, {.lr = 0});
        auto scores = comparison.input("real", batch);
        const auto fake = comparison.input("fake", batch);
        scores.insert(scores.end(), fake.begin(), fake.end());
        set_weight<T, Backend>(gan.discriminator, scores);
        std::vector<T> identity(std::size_t{images} * images);
        for (std::size_t i = 0; i < images; ++i) identity[i * images + i] = 1;
        set_weight<T, Backend>(gan.generator, identity);
        BatchOn<Flat<images>, Backend, T> real(batch), noise(batch);
        Backend::from_host(real.data(), identity.data(), real.size());
        Backend::from_host(noise.data(), identity.data() + real.size(), noise.size());
        const auto losses =
            gan.train_step(real, noise, 0, [](auto&, auto&) {}); // a hook, for whole gradients

        const T loss = static_cast<T>(of_discriminator ? losses.discriminator : losses.generator);
        comparison.add("loss", std::span(&loss, 1));
        if constexpr (of_discriminator) {
            const auto gradient = weight_gradient<T, Backend>(gan.discriminator, gan.discriminator_gradients);
            comparison.add("grad_real", std::span(gradient).first(batch));
            comparison.add("grad_fake", std::span(gradient).subspan(batch));
        } else {
            // Row o of the generator's weight gives value o of an image. Its gradient with respect to column
            // 8 + i is that of score i times weight o of the discriminator.
            const auto gradient = weight_gradient<T, Backend>(gan.generator, gan.generator_gradients);
            for (const std::size_t o : {std::size_t{0}, std::size_t{11}}) {
                std::vector<T> of_score;
                for (std::size_t i = batch; i < images; ++i)
                    of_score.push_back(gradient[o * images + i] / scores[o]);
                comparison.add("grad_fake", of_score);
            }
        }
    }

  private:
    template <class T, class Backend, class TheNetwork>
    static void set_weight(TheNetwork& network, const std::vector<T>& values) {
        network.for_each_tensor([&](int, const ctgan::TensorSpec& tensor, T* data, bool) {
            const std::vector<T> zeros(static_cast<std::size_t>(tensor.size()));
            load_tensor<Backend>(data, tensor.role == ctgan::Role::weight ? values : zeros, tensor);
        });
    }
    template <class T, class Backend, class TheNetwork, class TheGradients>
    static std::vector<T> weight_gradient(const TheNetwork& network, const TheGradients& gradients) {
        std::vector<T> values;
        network.for_each_tensor([&](int, const ctgan::TensorSpec& tensor, const T* data, bool) {
            if (tensor.role == ctgan::Role::weight)
                values = store_tensor<Backend>(gradients.data() + (data - network.parameters()), tensor);
        });
        return values;
    }
};

} // namespace detail

/// What discriminator and generator minimize.
inline constexpr std::tuple objective_cases{
    detail::ObjectiveCase<ctgan::Hinge, true>{"hinge_discriminator"},
    detail::ObjectiveCase<ctgan::Hinge, false>{"hinge_generator"},
    detail::ObjectiveCase<ctgan::Wasserstein, true>{"wasserstein_discriminator"},
    detail::ObjectiveCase<ctgan::NonSaturating, true>{"non_saturating_discriminator"},
    detail::ObjectiveCase<ctgan::NonSaturating, false>{"non_saturating_generator"}};

} // namespace replay
