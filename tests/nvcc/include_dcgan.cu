// The library in a CUDA project, compiled with no flag but the standard: the reference's training step on
// both backends, and kernels that use the functions which both backends share.
#include <ctgan/dcgan.hpp>

using namespace ctgan;

__global__ void rectified_noise(random::Stream stream, float* y, int n) {
    const int i = static_cast<int>(blockIdx.x * blockDim.x + threadIdx.x);
    if (i >= n) return;
    const float x = static_cast<float>(random::normal(stream.bits(i)));
    y[i] = functions::Rectify{}(x) + functions::LeakyRectify<std::ratio<1, 5>>{}.slope(x) +
           functions::HyperbolicTangent{}(x)*functions::Logistic{}(x);
}

__global__ void loss_terms(const float* p, const unsigned char* labels, float* y, int n) {
    const int i = static_cast<int>(blockIdx.x * blockDim.x + threadIdx.x);
    if (i >= n) return;
    y[i] = detail::TermAgainst<MSELoss, float>{1}(p[i]) +
           detail::SlopeAgainst<BCEWithLogitsLoss, float>{0, 1}(p[i]) +
           detail::CrossEntropyTerm<10, float, unsigned char>{{p, labels, 0}}(i);
    detail::CrossEntropySlope<10, float, unsigned char>{{p, labels, 0}, 1, y}(i);
}

template <class Backend>
double take_a_step() {
    using TheGan = Gan<dcgan::Generator, dcgan::Discriminator, LeastSquares, Backend>;
    TheGan gan(1, dcgan::batch_size, dcgan::generator_options, dcgan::discriminator_options);
    BatchOn<Image<1, 28, 28>, Backend> real(dcgan::batch_size);
    BatchOn<Flat<100>, Backend> noise(dcgan::batch_size);
    const StepLosses losses = gan.train_step(real, noise, 0);
    SGD<typename TheGan::Generator> sgd(gan.generator, {});
    sgd.step(gan.generator, gan.generator_gradients);
    return losses.generator;
}

int main() {
    const double losses = take_a_step<Cpu>() + (ctgan::gpu::available() ? take_a_step<Cuda>() : 0);

    float* y = nullptr;
    rectified_noise<<<1, 32>>>(random::Stream{1, 2, 3}, y, 0);
    loss_terms<<<1, 32>>>(y, nullptr, y, 0);
    return losses > 0 ? 0 : 1;
}
