// A step of a tiny network on MPI's ranks. Prints their number and the loss, which is the same on any.

#include <ctgan/ctgan.hpp>
#include <ctgan/ranks/run.hpp>
#include <ctgan/ranks/sharded.hpp>

#include <cstdio>

using namespace ctgan;
using OnRanks = Sharded<Cpu>;
using Net = Network<Sequential<Linear<3, 2>, Tanh>, OnRanks>;

static int step(ranks::Exchange& exchange) {
    const ranks::Sharding<Cpu> sharding(exchange, 4);
    Net network(1);
    Net::TrainingWorkspace workspace(8);
    Batch<Flat<3>> x(8);
    Batch<Flat<2>> target(8), gradient(8);
    LossValue<OnRanks> mean;
    const auto share = OnRanks::share_of(8);
    for (int i = 0; i < share.count; ++i) {
        for (int k = 0; k < 3; ++k) x(i, k) = static_cast<float>(share.first + i - k);
        for (int k = 0; k < 2; ++k) target(i, k) = 0;
    }
    loss<MSELoss>(network.forward_training(x.first(share.count), workspace, {}), target.first(share.count),
                  gradient.first(share.count), mean);
    if (exchange.rank() == 0) std::printf("%d ranks, loss %.6f\n", exchange.count(), mean.item());
    return 0;
}

int main() { return ranks::run("on_ranks", 60, step); }
