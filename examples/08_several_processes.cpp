// A training loop of your own on several processes, the ranks: each computes a share of every batch. The
// program tells disks, rings and squares apart. At its end it prints a checksum of the network, which is the
// same on any number of ranks, and it exits with 1 if less than 95 % of new pictures are recognized.
//
// Usage: 08_several_processes
//        mpirun -n 3 08_several_processes     if it was built with MPI

#include <ctgan/dcgan.hpp>
#include <ctgan/io/checksum.hpp>
#include <ctgan/ranks/run.hpp>
#include <ctgan/ranks/sharded.hpp>

#include <cmath>
#include <cstdio>
#include <exception>
#include <span>

using namespace ctgan;

// The only change to the types: Sharded<Cpu> in place of the default, Cpu.
using OnRanks = Sharded<Cpu>;
using Picture = Image<1, 16, 16>;
using Classifier = Network<Sequential<Input<1, 16, 16>, Conv2d<1, 16, 4, 2, 1>, ReLU, BatchNorm2d<16>, //
                                      Conv2d<16, 32, 4, 2, 1>, ReLU, BatchNorm2d<32>,
                                      Dropout2d<std::ratio<1, 4>>, Flatten, Linear<32 * 4 * 4, 3>>,
                           OnRanks>;

constexpr int batch_size = 60, steps = 200;
// A batch is cut into this many parts, and each rank computes some of them. They are added up along a fixed
// tree, so the result depends on their number but not on that of the ranks. A power of two is best.
constexpr int shards = 8;

/// Draws picture number k, a function of k alone, and returns its kind: 0 a disk, 1 a ring, 2 a square.
std::uint8_t draw(float* pixels, Index k) {
    const random::Stream stream{.seed = 1, .pass = static_cast<std::uint64_t>(k)};
    const auto kind = static_cast<std::uint8_t>(random::below(stream.bits(0), 3));
    const double x = 5 + 5 * random::uniform(stream.bits(1)), y = 5 + 5 * random::uniform(stream.bits(2));
    for (int row = 0; row < Picture::height; ++row)
        for (int column = 0; column < Picture::width; ++column) {
            const double dx = std::abs(column - x), dy = std::abs(row - y), distance = std::hypot(dx, dy);
            const bool inside =
                kind == 2 ? std::fmax(dx, dy) < 3.5 : distance < 4 && (kind == 0 || distance > 2);
            *pixels++ = inside ? 1.F : -1.F;
        }
    return kind;
}

/// Trains on the ranks of `exchange`. All ranks make the same calls.
int train(ranks::Exchange& exchange) {
    const bool reports = exchange.rank() == 0;
    const ranks::Sharding<Cpu> sharding(exchange, shards); // Sharded<Cpu> uses it as long as it lives

    // The same seed gives each rank the same weights. Space for a whole batch is enough for any share of it.
    Classifier network(/*seed*/ 0);
    Adam<Classifier> optimizer(network, {.lr = 2e-3});
    Classifier::TrainingWorkspace workspace(batch_size);
    Classifier::Gradients gradients;
    Batch<Picture> x(batch_size);
    Batch<Flat<1>, std::uint8_t> kinds(batch_size);
    Batch<Flat<3>> logit_gradient(batch_size);
    // Of the whole batch. Without this argument loss() would throw: the rank has only a share of it.
    LossValue<OnRanks> mean;
    for (int step = 0; step < steps; ++step) {
        const auto share = OnRanks::share_of(batch_size); // the batch is current until the end of this block
        for (int i = 0; i < share.count; ++i)
            kinds(i, 0) = draw(x.sample(i), Index{step} * batch_size + share.first + i);
        const auto logits = network.forward_training(x.first(share.count), workspace,
                                                     {.seed = 0, .pass = static_cast<std::uint64_t>(step)});
        loss<CrossEntropyLoss>(logits, kinds.first(share.count), logit_gradient.first(share.count), mean);
        // Adds up the gradients of all ranks: each has the whole batch's, so each updates its weights alike.
        network.backward(logit_gradient.first(share.count), workspace, gradients);
        optimizer.step(network, gradients);
        if (reports && step % 50 == 49) std::printf("step %3d: loss %.4f\n", step + 1, mean.item());
    }

    // Between batches Sharded<Cpu> is Cpu: each rank computes all of this.
    int correct = 0;
    constexpr int tested = 500;
    for (int i = 0; i < tested; ++i) {
        const int kind = draw(x.sample(0), Index{steps} * batch_size + i);
        const float* logits = network.forward(x.first(1), workspace).data;
        correct += logits[kind] >= std::fmax(logits[0], std::fmax(logits[1], logits[2]));
    }
    io::Checksum checksum;
    checksum.add(
        std::as_bytes(std::span(network.parameters(), static_cast<std::size_t>(network.arena_size()))));
    checksum.add(
        std::as_bytes(std::span(network.buffers(), static_cast<std::size_t>(network.buffers_size()))));
    if (reports) std::printf("recognized: %d of %d\nweights: %s\n", correct, tested, checksum.text().c_str());
    return correct * 100 >= tested * 95 ? 0 : 1;
}

int main() try {
    return ranks::run("08_several_processes", /*patience in seconds*/ 10, train);
} catch (const std::exception& error) {
    std::fprintf(stderr, "08_several_processes: %s\n", error.what());
    return 1;
}
