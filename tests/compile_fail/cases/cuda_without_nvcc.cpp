// The CUDA backend in a file that is not compiled by nvcc.
// group: backends
// cause: The CUDA backend is defined only in files that a CUDA compiler compiles.
// fix: Compile the file with nvcc, or use Cpu.
// expect: ctgan: this backend is not defined in this file: Cuda needs a file compiled by nvcc, Cpu needs <ctgan/backend/cpu.hpp>
// expect-clang: Cuda needs a file compiled by nvcc
// not with nvcc, which would compile it
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
    const auto images = generator.forward(noise, workspace);
    Gan<dcgan::Generator, dcgan::Discriminator, LeastSquares, Device> gan(1, 4, dcgan::generator_options,
                                                                          dcgan::discriminator_options);
    return gan.train_step(images, noise, 0).generator > 0 ? 0 : 1;
}
