// A user's program with loops of its own: optimizers, schedules, clipped gradients, an average, losses in
// float and double, an objective, a loop over a data set. run.sh compiles it with many warnings.
#include <ctgan/optim/averaged.hpp>
#include <ctgan/optim/clip_grad_norm.hpp>
#include <ctgan/optim/rmsprop.hpp>
#include <ctgan/optim/schedule.hpp>
#include <ctgan/testing/check_gradient.hpp>

#include "networks.hpp"
#include <cstdint>
#include <cstdio>
#include <vector>

namespace {

using Classifier = ctgan::Sequential<ctgan::Input<1, 8, 8>, ctgan::Conv2d<1, 16, 3, 2>, ctgan::ReLU,
                                     ctgan::Flatten, ctgan::Linear<16 * 3 * 3, 10>>;

template <class Scalar, template <class> class Optimizer>
double train_classifier() {
    using TheNetwork = ctgan::Network<Classifier, ctgan::Cpu, Scalar>;
    constexpr int batch = 4, steps = 10;
    TheNetwork network{/*seed*/ 0};
    typename TheNetwork::TrainingWorkspace workspace(batch);
    typename TheNetwork::Gradients gradients;
    Optimizer<TheNetwork> optimizer(network);
    ctgan::Averaged<TheNetwork> average(network);
    ctgan::Batch<ctgan::Image<1, 8, 8>, Scalar> images(batch);
    ctgan::Batch<ctgan::Flat<1>, std::uint8_t> labels(batch);
    ctgan::Batch<ctgan::Flat<10>, Scalar> slope(batch);
    const ctgan::LinearLR warm_up{.lr = 1e-2, .steps = steps / 2};
    double loss = 0;
    for (std::uint64_t step = 0; step < steps; ++step) {
        for (int i = 0; i < batch; ++i) {
            labels(i, 0) = static_cast<std::uint8_t>(i);
            images(i, 0, i, i) = 1;
        }
        optimizer.set_lr(warm_up(step));
        const auto logits = network.forward_training(images, workspace);
        loss = ctgan::loss<ctgan::CrossEntropyLoss>(logits, labels, slope, {.scale = 0.5});
        loss += ctgan::loss<ctgan::BCEWithLogitsLoss>(logits, slope, slope);
        network.backward(slope, workspace, gradients);
        ctgan::clip_grad_norm(gradients, 1.0);
        optimizer.step(network, gradients);
        average.update(network);
    }
    return loss + ctgan::grad_norm(gradients);
}

template <class Objective>
double train_gan() {
    using TheGan =
        ctgan::Gan<Generator, Discriminator, Objective, ctgan::Cpu, float, ctgan::AdamW, ctgan::RMSprop>;
    constexpr int batch = 4;
    TheGan gan(/*seed*/ 0, batch, {.lr = 1e-3, .decays = ctgan::Decays::weights}, {.lr = 1e-3});
    gan.critic_steps = 2;
    const std::vector<std::uint8_t> pixels(8 * 64);
    ctgan::GanLoop<TheGan> loop(gan, ctgan::ByteImages<ctgan::Image<1, 8, 8>, ctgan::Cpu>(pixels), /*seed*/ 0,
                                batch);
    const std::vector<std::uint32_t> order{0, 1, 2, 3, 4, 5, 6, 7};
    loop.begin_epoch(order);
    while (loop.left() > 0)
        loop.step(batch, [](auto&, auto& gradients) { ctgan::clip_grad_norm(gradients, 1.0); });
    return loop.take_losses().back().generator;
}

} // namespace

int main() {
    std::printf("%g %g %g\n", train_classifier<float, ctgan::SGD>(), train_classifier<double, ctgan::Adam>(),
                train_classifier<double, ctgan::RMSprop>());
    std::printf("%g %g\n", train_gan<ctgan::Hinge>(), train_gan<ctgan::NonSaturating>());
    std::printf("%s\n", ctgan::testing::check_gradient<ctgan::Tanh, ctgan::Flat<3>>(2).text().c_str());
}
