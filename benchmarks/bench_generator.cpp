// The generator of the published DCGAN alone, in evaluation mode: `bench_generator THREADS` is a worker of
// benchmarks/run (worker.hpp).

#include <ctgan/dcgan.hpp>

#include "worker.hpp"
#include <cstdlib>

namespace {

using Network = ctgan::Network<ctgan::dcgan::Generator>;

struct Sampler {
    explicit Sampler(int batch) : workspace(batch), noise(batch) {
        ctgan::Cpu::fill_normal(noise.data(), noise.size(), 1.F, {0, 0, 3});
    }
    Network::Workspace workspace;
    ctgan::Batch<Network::input_shape> noise;
};

} // namespace

int main(int argc, char** argv) {
    if (argc != 2) {
        std::fprintf(stderr, "usage: bench_generator THREADS\n");
        return 2;
    }
    ctgan::cpu::set_threads(std::atoi(argv[1]));
    const Network network(0);
    OfBatch<Sampler> samplers;
    serve([&](int batch) {
        Sampler& sampler = samplers(batch);
        network.forward(sampler.noise, sampler.workspace);
    });
}
