// What the CPU backend does with threads, to run under a thread sanitizer: training with thread pools of
// several sizes, a step with bad gradients, a function that throws, and threads of the program that share a
// network.   check THREADS [race]

#include <ctgan/ctgan.hpp>

#include <array>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <limits>
#include <thread>
#include <vector>

using namespace ctgan;

namespace {

// Small, but every operation has more than one chunk.
using Generator =
    Sequential<Linear<8, 1024>, ReLU, BatchNorm1d<1024>, Reshape<64, 4, 4>, ConvTranspose2d<64, 20, 4, 2, 1>,
               ReLU, BatchNorm2d<20>, ConvTranspose2d<20, 1, 4, 2, 1>, Tanh>;
using Discriminator =
    Sequential<Input<1, 16, 16>, Conv2d<1, 17, 3, 2>, LeakyReLU<>, Dropout2d<>, Conv2d<17, 20, 3, 2>,
               LeakyReLU<>, BatchNorm2d<20>, Flatten, Linear<20 * 3 * 3, 1>>;
using TheGan = Gan<Generator, Discriminator>;
using TheNetwork = TheGan::Generator;

constexpr int images = 40;

void train(TheGan& gan, GanLoop<TheGan>& loop) {
    std::array<std::uint32_t, images> order{};
    for (std::uint32_t i = 0; i < images; ++i) order[i] = i;
    loop.begin_epoch(order);
    for (const int batch : {4, 16, 3}) loop.step(batch); // 16 uses tiles
    const float first = *gan.generator.parameters();
    const StepLosses last = loop.take_losses().back();
    std::printf("threads %d: losses %.9g %.9g, a weight %.9g\n", cpu::threads(), last.discriminator,
                last.generator, static_cast<double>(first));
}

/// A step of an optimizer whose gradient is bad everywhere, so that all threads report it at the same time.
void take_a_bad_step(TheNetwork network) {
    TheNetwork::Gradients gradients;
    Cpu::fill(gradients.data(), gradients.size(), std::numeric_limits<float>::infinity());
    Adam<TheNetwork> optimizer(network);
    optimizer.step(network, gradients);
    optimizer.step(network, gradients);
    if (optimizer.first_bad_step() != 1) std::puts("FAILED the bad step");
}

/// A function that throws on all threads at the same time: one exception reaches the caller.
void throw_on_all_threads() {
    try {
        Cpu::for_each(4096, [](Index i) { throw i; });
    } catch (Index) {
        return;
    }
    std::puts("FAILED the exception");
}

void use(const TheNetwork& network, int batch) {
    TheNetwork::Workspace workspace(batch);
    BatchOn<Flat<8>, Cpu> noise(batch);
    for (int pass = 0; pass < 3; ++pass) network.forward(noise, workspace);
}

} // namespace

int main(int argc, char** argv) {
    const std::vector<std::uint8_t> pixels(std::size_t{images} * 256, 100);
    const int threads = argc > 1 ? std::atoi(argv[1]) : 2;
    cpu::set_threads(threads);
    TheGan gan(5, 16, {.lr = 1e-3}, {.lr = 1e-3});
    GanLoop<TheGan> loop(gan, GanLoop<TheGan>::Images(pixels), 5, 16);
    train(gan, loop);
    take_a_bad_step(gan.generator);
    throw_on_all_threads();
    std::vector<std::thread> users;
    for (const int batch : {4, 16}) users.emplace_back([&gan, batch] { use(gan.generator, batch); });
    cpu::set_threads(threads + 1);
    for (std::thread& user : users) user.join();
    train(gan, loop);
    if (argc > 2) {                // a race, which the sanitizer must report
        cpu::set_threads(threads); // and forget which were late
        Index last = 0;
        std::atomic<int> inside = 0;
        cpu::parallel_for(64, [&](Index chunk) {
            // On busy cores one thread might run all chunks before the other starts. So the first one waits,
            // but not forever. Relaxed, so that the wait does not order the accesses.
            inside.fetch_add(1, std::memory_order_relaxed);
            for (int waits = 0; inside.load(std::memory_order_relaxed) < 2 && waits < 5000; ++waits)
                std::this_thread::sleep_for(std::chrono::milliseconds(1));
            last = chunk;
        });
        std::printf("raced to %d\n", static_cast<int>(last));
    }
}
