// The GPU asked for in a file that no CUDA compiler reads.
// expect: Cuda needs a file compiled by nvcc
// expect-clang: Cuda needs a file compiled by nvcc
#include <ctgan/dcgan.hpp>

using namespace ctgan;

#ifdef TWIN
using Device = Cpu;
#else
using Device = Cuda;
#endif

int main() {
    Network<dcgan::Generator, Device> generator(1);
    Network<dcgan::Generator, Device>::Workspace workspace(4);
    BatchOn<Flat<100>, Device> noise(4);
    const auto images = generator.forward(noise.view(), workspace);
    Gan<dcgan::Generator, dcgan::Discriminator, Device> gan(1, 4, dcgan::generator_options,
                                                            dcgan::discriminator_options);
    return gan.train_step(images, noise.view(), 0).generator > 0 ? 0 : 1;
}
