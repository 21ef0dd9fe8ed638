// Ranks with GPUs: all that a training on them needs compiles.
#include <ctgan/dcgan.hpp>
#include <ctgan/ranks/nccl.hpp>
#include <ctgan/ranks/sharded.hpp>

using Backend = ctgan::Sharded<ctgan::Cuda>;
using Generator = ctgan::Network<ctgan::dcgan::GeneratorOf<16, 12, 8, 6>, Backend>;

void step(ctgan::ranks::Exchange& by_host) {
    ctgan::ranks::Nccl nccl(by_host);
    const ctgan::ranks::Sharding<ctgan::Cuda> sharding(nccl, 8);
    Generator generator(0);
    Generator::TrainingWorkspace workspace(64);
    Generator::Gradients gradients;
    const auto share = Backend::share_of(64);
    ctgan::BatchOn<Generator::input_shape, Backend> noise(share.count);
    const auto images = generator.forward_training(noise, workspace);
    generator.backward(images, workspace, gradients);
}
