#pragma once

#include <ctgan/dcgan.hpp>
#include <ctgan/optim/clip_grad_norm.hpp>
#include <ctgan/optim/rmsprop.hpp>
#include <ctgan/optim/sgd.hpp>

#include <boost/test/unit_test.hpp>

#include "../../examples/replay/backend.hpp"
#include "../../examples/replay/branch_cases.hpp"
#include "../../examples/replay/distance.hpp"
#include "../../examples/replay/read.hpp"
#include "../backend.hpp"
#include <algorithm>
#include <cstddef>
#include <span>
#include <string>
#include <vector>

/// Optimizers, clipping and objectives against layers2.safetensors, which PyTorch computed in double.
/// `limit` is the largest allowed relative L2 distance.
namespace golden {

using namespace ctgan;

inline io::SafetensorsFile open() {
    return io::SafetensorsFile::open(std::string(CTGAN_GOLDEN_DIR) + "/layers2.safetensors");
}

/// The distance of `found` from a tensor of the file.
template <class T>
double distance(const io::SafetensorsFile& file, const std::string& name, const std::vector<T>& found) {
    const auto expected = replay::read<double>(file, name, static_cast<Index>(found.size()));
    return replay::distance(std::span<const T>(found), std::span<const double>(expected));
}

/// The values of two tensors of a network or of its gradients, one after the other.
template <class T, class Backend>
struct TwoTensors {
    T* first;
    Index first_size;
    T* second;
    Index second_size;

    void put(const T* from) const {
        Backend::from_host(first, from, first_size);
        Backend::from_host(second, from + first_size, second_size);
    }
    std::vector<T> values() const {
        std::vector<T> all(static_cast<std::size_t>(first_size + second_size));
        Backend::to_host(all.data(), first, first_size);
        Backend::to_host(all.data() + first_size, second, second_size);
        return all;
    }
};

/// The networks with branches.
template <class T>
void check_networks(double limit) {
    std::size_t compared = 0;
    for (const auto& [name, distances] : replay::replay_layers<T, TestBackend>(open(), replay::branch_cases))
        for (const auto& [what, distance] : distances) {
            BOOST_TEST(distance <= limit, name << " " << what << " is off by " << distance);
            ++compared;
        }
    // The residual block has eight parameters and four buffers and two counts, the others six and ten
    // parameters. All but the block in training mode also in a Frozen network.
    BOOST_TEST(compared == 16U + 17 + 9 + 13);
}

/// Ten steps of an optimizer on 60 parameters, compared after each step.
template <template <class> class Optimizer, class T>
void check_optimizer(
    const std::string& name,
    const typename Optimizer<Network<Sequential<Linear<59, 1>>, TestBackend, T>>::Options& options,
    double limit) {
    using TheNetwork = Network<Sequential<Linear<59, 1>>, TestBackend, T>;
    constexpr Index size = TheNetwork::parameter_count, steps = 10;
    const auto file = open();
    TheNetwork network(0);
    typename TheNetwork::Gradients gradients;
    const TwoTensors<T, TestBackend> parameters{network.template parameter<0, 0>(), size - 1,
                                                network.template parameter<0, 1>(), 1};
    const TwoTensors<T, TestBackend> to_gradients{gradients.template tensor<0, 0>(), size - 1,
                                                  gradients.template tensor<0, 1>(), 1};
    parameters.put(replay::read<T>(file, name + ".param", size).data());
    const auto all_gradients = replay::read<T>(file, name + ".grads", steps * size);
    const auto expected = replay::read<double>(file, name + ".params_after_each_step", steps * size);
    Optimizer<TheNetwork> optimizer(network, options);
    for (Index step = 0; step < steps; ++step) {
        to_gradients.put(all_gradients.data() + step * size);
        optimizer.step(network, gradients);
        const std::vector<T> found = parameters.values();
        const double off = replay::distance(std::span<const T>(found),
                                            std::span(expected).subspan(static_cast<std::size_t>(step * size),
                                                                        static_cast<std::size_t>(size)));
        BOOST_TEST(off <= limit, name << ": off by " << off << " after step " << step + 1);
    }
}

template <class T>
void check_optimizers(double limit) {
    check_optimizer<AdamW, T>("adamw", {.lr = 1e-2, .weight_decay = 0.05}, limit);
    check_optimizer<Adam, T>("adam_beta05_decay", {.lr = 1e-2, .betas = {0.5, 0.9}, .weight_decay = 0.01},
                             limit);
    check_optimizer<SGD, T>("sgd_nesterov",
                            {.lr = 0.1, .momentum = 0.9, .weight_decay = 1e-3, .nesterov = true}, limit);
    check_optimizer<RMSprop, T>("rmsprop", {.lr = 1e-2}, limit);
    check_optimizer<RMSprop, T>("rmsprop_momentum",
                                {.lr = 1e-2, .alpha = 0.9, .momentum = 0.5, .centered = true}, limit);
}

/// Two gradients of 40 and 30 values, clipped together to a norm of 1.
template <class T>
void check_clipping(double limit) {
    const auto file = open();
    // Their weights have 40 and 30 values; the gradients of the biases stay zero.
    using TheNetwork = Network<Sequential<Linear<4, 10>, Linear<10, 3>>, TestBackend, T>;
    typename TheNetwork::Gradients gradients;
    const TwoTensors<T, TestBackend> tensors{gradients.template tensor<0, 0>(), 40,
                                             gradients.template tensor<1, 0>(), 30};
    auto values = replay::read<T>(file, "clip_grad_norm_1.grad0", 40);
    const auto second = replay::read<T>(file, "clip_grad_norm_1.grad1", 30);
    values.insert(values.end(), second.begin(), second.end());
    tensors.put(values.data());
    const std::vector<double> norm{grad_norm(gradients)};
    const double norm_is_off = distance(file, "clip_grad_norm_1.total_norm", norm);
    BOOST_TEST(norm_is_off <= limit, "the norm is off by " << norm_is_off);
    clip_grad_norm(gradients, 1);
    const auto clipped = tensors.values();
    const double first_is_off =
        distance(file, "clip_grad_norm_1.clipped0", std::vector<T>(clipped.begin(), clipped.begin() + 40));
    const double second_is_off =
        distance(file, "clip_grad_norm_1.clipped1", std::vector<T>(clipped.begin() + 40, clipped.end()));
    BOOST_TEST(first_is_off <= limit, "the first gradient is off by " << first_is_off);
    BOOST_TEST(second_is_off <= limit, "the second gradient is off by " << second_is_off);
}

/// Gives a Gan the scores of a case. Image i is zero except for value i, which is 1, so its score is weight i
/// of the discriminator, and the gradient of that weight is the gradient of the score. Images 0 to 7 are
/// real. The generator returns its input, images 8 to 15.
template <class Objective, class T>
class ObjectiveCase {
    static constexpr int batch = 8, images = 2 * batch;
    using TheGan = Gan<Sequential<Linear<images, images>>, Sequential<Linear<images, 1>>, Objective,
                       TestBackend, T, SGD>;

  public:
    explicit ObjectiveCase(const std::string& name)
        : file_(open()), name_(name), gan_(0, batch, {.lr = 0}, {.lr = 0}), real_(batch), noise_(batch) {
        scores_ = replay::read<T>(file_, name + ".real", batch);
        const auto fake = replay::read<T>(file_, name + ".fake", batch);
        scores_.insert(scores_.end(), fake.begin(), fake.end());
        set_weight(gan_.discriminator, scores_);
        std::vector<T> identity(std::size_t{images} * images);
        for (std::size_t i = 0; i < images; ++i) identity[i * images + i] = 1;
        set_weight(gan_.generator, identity);
        TestBackend::from_host(real_.data(), identity.data(), real_.size());
        TestBackend::from_host(noise_.data(), identity.data() + real_.size(), noise_.size());
        losses_ = gan_.train_step(real_, noise_, 0, [](auto&, auto&) {}); // a hook, for whole gradients
    }

    void check_discriminator(double limit) const {
        check("loss", {static_cast<T>(losses_.discriminator)}, limit);
        const auto gradient = weight_gradient(gan_.discriminator, gan_.discriminator_gradients);
        check("grad_real", {gradient.begin(), gradient.begin() + batch}, limit);
        check("grad_fake", {gradient.begin() + batch, gradient.end()}, limit);
    }
    void check_generator(double limit) const {
        check("loss", {static_cast<T>(losses_.generator)}, limit);
        // Row o of the generator's weight gives value o of an image. Its gradient with respect to column
        // 8 + i is that of score i times weight o of the discriminator.
        const auto gradient = weight_gradient(gan_.generator, gan_.generator_gradients);
        for (const std::size_t o : {std::size_t{0}, std::size_t{11}}) {
            std::vector<T> of_score;
            for (std::size_t i = batch; i < images; ++i)
                of_score.push_back(gradient[o * images + i] / scores_[o]);
            check("grad_fake", of_score, limit);
        }
    }

  private:
    void check(const std::string& what, const std::vector<T>& found, double limit) const {
        const double off = distance(file_, name_ + "." + what, found);
        BOOST_TEST(off <= limit, name_ << "." << what << " is off by " << off);
    }
    template <class TheNetwork>
    static void set_weight(TheNetwork& network, const std::vector<T>& values) {
        network.for_each_tensor([&](int, const TensorSpec& tensor, T* data, bool) {
            replay::load_tensor<TestBackend>(data,
                                             tensor.role == Role::weight
                                                 ? values
                                                 : std::vector<T>(static_cast<std::size_t>(tensor.size())),
                                             tensor);
        });
    }
    template <class TheNetwork, class TheGradients>
    static std::vector<T> weight_gradient(const TheNetwork& network, const TheGradients& gradients) {
        std::vector<T> values;
        network.for_each_tensor([&](int, const TensorSpec& tensor, const T* data, bool) {
            if (tensor.role == Role::weight)
                values = replay::store_tensor<TestBackend>(gradients.data() + (data - network.parameters()),
                                                           tensor);
        });
        return values;
    }

    io::SafetensorsFile file_;
    std::string name_;
    TheGan gan_;
    BatchOn<Flat<images>, TestBackend, T> real_, noise_;
    std::vector<T> scores_;
    StepLosses losses_{};
};

template <class T>
void check_objectives(double limit) {
    ObjectiveCase<Hinge, T>("hinge_discriminator").check_discriminator(limit);
    ObjectiveCase<Hinge, T>("hinge_generator").check_generator(limit);
    ObjectiveCase<Wasserstein, T>("wasserstein_discriminator").check_discriminator(limit);
    ObjectiveCase<NonSaturating, T>("non_saturating_discriminator").check_discriminator(limit);
    ObjectiveCase<NonSaturating, T>("non_saturating_generator").check_generator(limit);
}

} // namespace golden
