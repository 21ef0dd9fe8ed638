#pragma once

#include <ctgan/gan/gan_loop.hpp>
#include <ctgan/optim/clip_grad_norm.hpp>

#include "backend.hpp"
#include "expect.hpp"
#include "threads.hpp"
#include <atomic>
#include <cstdint>
#include <thread>
#include <vector>

/// Several host threads that use the backend at the same time, each for itself.
namespace gpu_tests {

/// The weights after some recorded steps, of batches of two sizes, with the generator updated in every second
/// one.
inline std::vector<float> train_a_gan(std::uint64_t seed) {
    using Gan = ctgan::Gan<ctgan::dcgan::GeneratorOf<16, 12, 8, 6>, ctgan::dcgan::DiscriminatorOf<6, 10>,
                           ctgan::LeastSquares, Cuda>;
    using Loop = ctgan::GanLoop<Gan>;
    constexpr int batch = 8, images = 28;
    std::vector<std::uint8_t> pixels(std::size_t{images} * Gan::image_shape::size);
    for (std::size_t i = 0; i < pixels.size(); ++i)
        pixels[i] = static_cast<std::uint8_t>((i + seed) * 2654435761U >> 24);
    std::vector<std::uint32_t> order(images);
    for (std::uint32_t i = 0; i < images; ++i) order[i] = images - 1 - i;

    Gan gan(seed, batch, ctgan::dcgan::generator_options, ctgan::dcgan::discriminator_options);
    gan.critic_steps = 2;
    Loop loop(gan, Loop::Images(pixels), seed, batch);
    const auto clip = [](auto&, auto& gradients) { ctgan::clip_grad_norm(gradients, 1.0); };
    for (int epoch = 0; epoch < 3; ++epoch) {
        loop.begin_epoch(order);
        while (loop.left() > 0) loop.step(loop.left() < batch ? static_cast<int>(loop.left()) : batch, clip);
    }
    std::vector<float> weights;
    const auto keep = [&](int, const ctgan::TensorSpec& tensor, const float* data, bool) {
        const auto values = on_host(data, tensor.size());
        weights.insert(weights.end(), values.begin(), values.end());
    };
    gan.generator.for_each_tensor(keep);
    gan.discriminator.for_each_tensor(keep);
    return weights;
}

/// The output of a convolution that reads the settings: cuBLAS could compute it.
inline std::vector<float> convolve() {
    using Net = ctgan::Network<ctgan::Sequential<ctgan::Input<32, 5, 5>, ctgan::Conv2d<32, 32, 3>>, Cuda>;
    Net net(1);
    Net::TrainingWorkspace workspace(2);
    ctgan::BatchOn<Net::input_shape, Cuda> x(2);
    Cuda::fill_normal(x.data(), x.size(), 1.F, {3, 0, 1});
    const auto y = net.forward_training(x, workspace);
    return on_host(y.data, y.size());
}

/// Two threads train, a third changes settings, which makes the others record again, and a fourth allocates,
/// copies, computes and frees memory.
inline void check_host_threads() {
    const std::vector<float> alone[] = {train_a_gan(1), train_a_gan(2)};
    std::vector<float> together[2];
    const std::vector<float> convolved = convolve();
    std::atomic<bool> done = false, copies_are_right = true;
    std::thread settings([&] {
        for (int i = 0; !done; ++i) {
            ctgan::gpu::record_steps(i % 3 != 0);
            ctgan::gpu::use_cublas(false);
            ctgan::gpu::allow_tf32(false);
            std::this_thread::yield();
        }
        ctgan::gpu::record_steps(true);
    });
    std::thread copies([&] {
        for (int i = 0; !done; ++i) {
            const std::vector<int> values(1000, i);
            copies_are_right = copies_are_right && on_host(on_device(values).data(), 1000) == values &&
                               same_bits(convolve(), convolved);
        }
    });
    std::thread first([&] { together[0] = train_a_gan(1); });
    together[1] = train_a_gan(2);
    first.join();
    done = true;
    settings.join();
    copies.join();
    for (int i = 0; i < 2; ++i)
        expect::that(same_bits(alone[i], together[i]),
                     "training number " + std::to_string(i) + " gives the same bits beside other threads");
    expect::that(!same_bits(alone[0], alone[1]), "the two trainings differ");
    expect::that(copies_are_right, "copies and convolutions beside other threads");
}

} // namespace gpu_tests
