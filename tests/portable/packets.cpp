// Trains small GANs, in float and in double, and prints a checksum of all parameters and statistics after
// each step. packets.sh compares ctgan's own packets with Eigen's. The numbers of channels are no multiples
// of a register's lanes, and the batches have remainders, too.

#include <ctgan/dcgan.hpp>

#include <cstdint>
#include <cstdio>

using namespace ctgan;

namespace {

using Generator =
    Sequential<Linear<8, 18 * 4 * 4>, ReLU, BatchNorm1d<18 * 4 * 4>, Reshape<18, 4, 4>,
               ConvTranspose2d<18, 9, 4, 2, 1>, BatchNorm2d<9>, ReLU, ConvTranspose2d<9, 1, 5, 1, 2>, Tanh>;
using Discriminator = Sequential<Input<1, 8, 8>, Conv2d<1, 17, 4, 2, 1>, LeakyReLU<std::ratio<1, 5>>,
                                 Dropout2d<>, Conv2d<17, 33, 3, 1, 1>, BatchNorm2d<33>, LeakyReLU<>, Flatten,
                                 Linear<33 * 4 * 4, 3>, Tanh, Linear<3, 1>>;

/// FNV-1a of the bytes of the network's tensors.
template <class Network>
std::uint64_t checksum(const Network& network) {
    std::uint64_t hash = 0xCBF29CE484222325;
    network.for_each_tensor([&](int, const TensorSpec& tensor, const auto* values, bool) {
        const auto* bytes = reinterpret_cast<const unsigned char*>(values);
        const auto size = static_cast<Index>(sizeof *values) * tensor.size();
        for (Index i = 0; i < size; ++i) hash = (hash ^ bytes[i]) * 0x100000001B3;
    });
    return hash;
}

template <class T>
void train(const char* scalar, int batch) {
    Gan<Generator, Discriminator, LeastSquares, Cpu, T> gan(3, batch, {.lr = 1e-3}, {.lr = 1e-3});
    BatchOn<Image<1, 8, 8>, Cpu, T> real(batch);
    BatchOn<Flat<8>, Cpu, T> noise(batch);
    for (std::uint64_t step = 0; step < 3; ++step) {
        Cpu::fill_uniform(real.data(), real.size(), T(2), {7, step, 0});
        Cpu::fill_normal(noise.data(), noise.size(), T(1), {7, step, 1});
        const StepLosses losses = gan.train_step(real, noise, step);
        std::printf("%s, batch %d, step %d: losses %.17g %.17g, networks %016llx %016llx\n", scalar, batch,
                    static_cast<int>(step), losses.discriminator, losses.generator,
                    static_cast<unsigned long long>(checksum(gan.generator)),
                    static_cast<unsigned long long>(checksum(gan.discriminator)));
    }
}

} // namespace

int main() {
    std::printf("%d floats and %d doubles in a register\n", cpu::Pack<float>::size, cpu::Pack<double>::size);
    for (const int batch : {2, 5, 19}) {
        train<float>("float", batch);
        train<double>("double", batch);
    }
}
