// Training gives the same bits in every run, with recorded and with unrecorded steps:
// gpu_determinism [STEPS [BATCH]].

// Tiled products on the host's threads, too: the launches counted there are then those on a device.
#define CTGAN_TILES_ON_HOST

#include <ctgan/gan/gan_loop.hpp>

#include "backend.hpp"
#include "expect.hpp"
#include <bit>
#include <cmath>
#include <cstdlib>
#include <string>

namespace {

using Gan =
    ctgan::Gan<ctgan::dcgan::Generator, ctgan::dcgan::Discriminator, ctgan::LeastSquares, gpu_tests::Cuda>;
using Loop = ctgan::GanLoop<Gan>;

/// The kernels of a step, listed in docs/gpu.md.
constexpr long max_launches = 153;

struct Run {
    std::vector<float> state; ///< all parameters and running statistics
    std::vector<double> losses;
};

/// A training run from a seed, whose last batch is a short one. Every critic_steps-th step updates the
/// generator, so with more than one there are two kinds of steps to record for each size.
Run train(std::uint64_t seed, int steps, int batch, bool recorded, int critic_steps = 1) {
    ctgan::gpu::record_steps(recorded);
    const int images = steps * batch - batch / 2;
    std::vector<std::uint8_t> pixels(static_cast<std::size_t>(images) * Gan::image_shape::size);
    for (std::size_t i = 0; i < pixels.size(); ++i)
        pixels[i] = static_cast<std::uint8_t>(i * 2654435761U >> 24);
    std::vector<std::uint32_t> order(static_cast<std::size_t>(images));
    for (std::size_t i = 0; i < order.size(); ++i)
        order[i] = static_cast<std::uint32_t>(order.size() - 1 - i);

    Gan gan(seed, batch, ctgan::dcgan::generator_options, ctgan::dcgan::discriminator_options);
    gan.critic_steps = critic_steps;
    Loop loop(gan, Loop::Images(pixels), seed, batch);
    for (int epoch = 0; epoch < 3; ++epoch) { // so that the short batch's step is played back, too
        loop.begin_epoch(order);
        for (int left = images; left > 0; left -= batch) loop.step(left < batch ? left : batch);
    }

    Run run;
    for (const ctgan::StepLosses& losses : loop.take_losses()) {
        run.losses.push_back(losses.discriminator);
        run.losses.push_back(losses.generator);
    }
    const auto keep = [&](int, const ctgan::TensorSpec& tensor, const float* data, bool) {
        const auto values = gpu_tests::on_host(data, tensor.size());
        run.state.insert(run.state.end(), values.begin(), values.end());
    };
    gan.generator.for_each_tensor(keep);
    gan.discriminator.for_each_tensor(keep);
    return run;
}

/// The number of values that differ in any bit.
template <class T>
std::size_t differences(const std::vector<T>& a, const std::vector<T>& b) {
    using Bits = std::conditional_t<sizeof(T) == 4, std::uint32_t, std::uint64_t>;
    if (a.size() != b.size()) return a.size() + b.size();
    std::size_t count = 0;
    for (std::size_t i = 0; i < a.size(); ++i)
        if (std::bit_cast<Bits>(a[i]) != std::bit_cast<Bits>(b[i])) ++count;
    return count;
}
std::string counted(std::size_t different, std::size_t all) {
    return ": " + std::to_string(different) + " of " + std::to_string(all) + " differ";
}
void expect_same(const Run& a, const Run& b, const std::string& what) {
    const std::size_t losses = differences(a.losses, b.losses), state = differences(a.state, b.state);
    expect::that(losses == 0, what + ", losses" + counted(losses, a.losses.size()));
    expect::that(state == 0, what + ", weights" + counted(state, a.state.size()));
}

template <class T>
bool all_finite(const std::vector<T>& values) {
    for (const T value : values)
        if (!std::isfinite(value)) return false;
    return true;
}

void check(int steps, int batch) {
    const std::string label = "batch " + std::to_string(batch) + ": ";
    const Run recorded = train(1, steps, batch, true);
    expect::that(recorded.losses.size() == 6 * static_cast<std::size_t>(steps),
                 label + "losses of each step");
    expect::that(all_finite(recorded.losses) && all_finite(recorded.state), label + "all values are finite");
    expect_same(recorded, train(1, steps, batch, true), label + "a second run");
    expect_same(recorded, train(1, steps, batch, false), label + "recorded and unrecorded steps");
    const Run critic = train(1, steps, batch, true, 2);
    expect_same(critic, train(1, steps, batch, false, 2),
                label + "two updates of the discriminator for each");
    expect::that(differences(critic.state, recorded.state) > 0, label + "which gives other weights");
    const Run other = train(2, steps, batch, true);
    expect::that(differences(recorded.losses, other.losses) > 0, label + "another seed, other losses");
    expect::that(differences(recorded.state, other.state) > recorded.state.size() / 2,
                 label + "another seed, other weights");
}

/// Checks that a step only launches kernels. Counts the second step, because the first allocates scratch
/// memory.
void check_that_a_step_only_launches_kernels(int batch) {
    ctgan::gpu::record_steps(true);
    Gan gan(1, batch, ctgan::dcgan::generator_options, ctgan::dcgan::discriminator_options);
    const std::vector<std::uint8_t> pixels(static_cast<std::size_t>(2 * batch) * Gan::image_shape::size);
    std::vector<std::uint32_t> order(static_cast<std::size_t>(2 * batch));
    Loop loop(gan, Loop::Images(pixels), 1, batch);
    loop.begin_epoch(order);
    loop.step(batch);
    const auto& work = ctgan::gpu::work();
    const long launches = work.launches, waits = work.waits, allocations = work.allocations;
    loop.step(batch);
    const std::string label = "a step of " + std::to_string(batch);
    expect::that(work.waits == waits, label + " does not wait for the device");
    expect::that(work.allocations == allocations, label + " allocates no memory");
    expect::that(work.launches - launches <= max_launches,
                 label + " launches " + std::to_string(work.launches - launches) + " kernels, at most " +
                     std::to_string(max_launches));
}

/// Checks that in evaluation mode an image has the same bits alone as in a batch; a large one has wider
/// tiles.
void check_batch_mates(int batch) {
    constexpr ctgan::Index latent = Gan::noise_shape::size, pixels = Gan::image_shape::size;
    const Gan::Generator generator(1);
    Gan::Generator::Workspace workspace(batch);
    ctgan::BatchOn<Gan::noise_shape, gpu_tests::Cuda> noise(batch);
    gpu_tests::Cuda::fill_normal(noise.data(), noise.size(), 1.0F, {1, 0, 1});
    const auto all = gpu_tests::on_host(generator.forward(noise, workspace).data, batch * pixels);
    for (const int sample : {0, batch / 2, batch - 1}) {
        const ctgan::View<Gan::noise_shape, const float, gpu_tests::Cuda> one{noise.data() + sample * latent,
                                                                              1};
        const auto alone = gpu_tests::on_host(generator.forward(one, workspace).data, pixels);
        const auto begin = all.begin() + sample * pixels;
        expect::that(differences(alone, {begin, begin + pixels}) == 0, "image " + std::to_string(sample) +
                                                                           " of " + std::to_string(batch) +
                                                                           " is the same in a batch of one");
    }
}

} // namespace

int main(int argc, char** argv) {
    const int steps = argc > 1 ? std::atoi(argv[1]) : 30;
    const int batch = argc > 2 ? std::atoi(argv[2]) : 0;
    if (steps < 1 || batch < 0 || batch == 1 || argc > 3) {
        std::fprintf(stderr,
                     "usage: gpu_determinism [STEPS [BATCH]]; BATCH is 4 or more, or 0 for several\n");
        return 2;
    }
    return expect::run([&] {
        check_that_a_step_only_launches_kernels(batch > 0 ? batch : 4);
        check_batch_mates(CTGAN_ON_GPU && batch == 0 ? 3000 : 12);
        if (batch > 0) return check(steps, batch);
        check(steps, ctgan::dcgan::batch_size);
        check(steps, 64);
        if (!ctgan::gpu::has_cublas) return;
        ctgan::gpu::allow_tf32(true); // and with cuBLAS
        check(steps, 64);
    });
}
