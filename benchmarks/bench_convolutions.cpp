// GFLOP/s of the reference's convolutions in each direction: bench_convolutions BATCH THREADS

#include <ctgan/dcgan.hpp>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <vector>

using namespace ctgan;

namespace {

/// The median of 21 runs, in seconds.
template <class F>
double median_seconds(const F& f) {
    std::vector<double> seconds(21);
    for (double& s : seconds) {
        const auto begin = std::chrono::steady_clock::now();
        f();
        s = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
    }
    std::nth_element(seconds.begin(), seconds.begin() + 10, seconds.end());
    return seconds[10];
}

template <class G>
void bench(const char* name, int batch) {
    using Big = Image<G::big_channels, G::big_height, G::big_width>;
    using Small = Image<G::small_channels, G::small_height, G::small_width>;
    Batch<Big> big(batch);
    Batch<Small> small(batch);
    cpu::Memory<float> weight(G::weights), gradient(G::weights),
        bias(std::max(Big::channels, Small::channels));
    cpu::Memory<float> scratch(Cpu::convolution_scratch<float, G>.at(batch));
    Cpu::fill_uniform(big.data(), big.size(), 1.F, {0, 0, 0});
    Cpu::fill_uniform(small.data(), small.size(), 1.F, {0, 0, 1});
    Cpu::fill_uniform(weight.data(), weight.size(), 1.F, {0, 0, 2});
    const double work = 2e-9 * batch * static_cast<double>(G::multiplications());
    const double to_small = median_seconds([&] {
        Cpu::convolution<G>(batch, big.data(), weight.data(), bias.data(), small.data(), scratch.data());
    });
    const double to_big = median_seconds([&] {
        Cpu::transposed_convolution<G>(batch, small.data(), weight.data(), bias.data(), big.data(),
                                       scratch.data());
    });
    const double to_weight = median_seconds([&] {
        Cpu::convolution_weight_gradient<G>(batch, big.data(), small.data(), gradient.data(), false,
                                            scratch.data());
    });
    std::printf("%-8s big to small %6.1f   small to big %6.1f   to weight %6.1f\n", name, work / to_small,
                work / to_big, work / to_weight);
}

/// The geometry of layer I of a network.
template <class Net, int I>
using GeometryOf = typename Net::template layer<I>::template Geometry<typename Net::template shape<I>>;

} // namespace

int main(int argc, char** argv) {
    if (argc != 3) {
        std::fprintf(stderr, "usage: bench_convolutions BATCH THREADS\n");
        return 2;
    }
    const int batch = std::atoi(argv[1]);
    cpu::set_threads(std::atoi(argv[2]));
    bench<GeometryOf<dcgan::Generator, 4>>("decon1", batch);
    bench<GeometryOf<dcgan::Generator, 7>>("decon2", batch);
    bench<GeometryOf<dcgan::Generator, 10>>("decon3", batch);
    bench<GeometryOf<dcgan::Discriminator, 1>>("conv1", batch);
    bench<GeometryOf<dcgan::Discriminator, 4>>("conv2", batch);
}
