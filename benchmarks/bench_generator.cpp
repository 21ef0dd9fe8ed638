// The generator of the published DCGAN alone, in evaluation mode: `bench_generator THREADS network` and
// `bench_generator THREADS frozen` are workers of benchmarks/run (worker.hpp).

#include <ctgan/dcgan.hpp>

#include "worker.hpp"
#include <cstdlib>
#include <string_view>

namespace {

using Generator = ctgan::Network<ctgan::dcgan::Generator>;

/// Draws batches by a Network or by a Frozen one.
template <class TheNetwork>
void serve_samples(const TheNetwork& network) {
    struct Sampler {
        explicit Sampler(int batch) : workspace(batch), noise(batch) {
            ctgan::Cpu::fill_normal(noise.data(), noise.size(), 1.F, {0, 0, 3});
        }
        typename TheNetwork::Workspace workspace;
        ctgan::Batch<Generator::input_shape> noise;
    };
    OfBatch<Sampler> samplers;
    serve([&](int batch) {
        Sampler& sampler = samplers(batch);
        network.forward(sampler.noise, sampler.workspace);
    });
}

} // namespace

int main(int argc, char** argv) {
    const std::string_view which = argc == 3 ? argv[2] : "";
    if (which != "network" && which != "frozen") {
        std::fprintf(stderr, "usage: bench_generator THREADS network|frozen\n");
        return 2;
    }
    ctgan::cpu::set_threads(std::atoi(argv[1]));
    if (which == "frozen")
        serve_samples(ctgan::Frozen(Generator(0)));
    else
        serve_samples(Generator(0));
}
