// Eigen in a user's kernels, in a file that includes ctgan: before Eigen or, with -DEIGEN_FIRST, after it.
// The pragmas are for Eigen's own warnings, which come without ctgan, too.
#ifndef EIGEN_FIRST
#    include <ctgan/dcgan.hpp>
#endif

#include <Eigen/Core>

#ifdef EIGEN_FIRST
#    include <ctgan/dcgan.hpp>
#endif

__global__ void lengths(const Eigen::Vector3f* v, float* y, int n) {
    const int i = static_cast<int>(blockIdx.x * blockDim.x + threadIdx.x);
    if (i >= n) return;
    const Eigen::Vector3f moved = 2.F * v[i] + Eigen::Vector3f::Ones();
    y[i] = moved.norm() + moved.dot(v[i]);
}

int main() {
    using namespace ctgan;
    // The CPU backend in the same file, with vector registers although Eigen has none there.
    static_assert(cpu::Pack<float>::size > 1 || CTGAN_X86_PACKET_BYTES == 0);
    Gan<dcgan::GeneratorOf<16, 12, 8, 6>, dcgan::DiscriminatorOf<6, 10>> gan(1, 4, dcgan::generator_options,
                                                                             dcgan::discriminator_options);
    BatchOn<Image<1, 28, 28>, Cpu> real(4);
    BatchOn<Flat<16>, Cpu> noise(4);
    const double loss = gan.train_step(real, noise, 0).generator;
    lengths<<<1, 32>>>(nullptr, nullptr, 0);
    return loss > 0 ? 0 : 1;
}
