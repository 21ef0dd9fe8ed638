// The library as a CUDA project sees it: the reference's training step on the CPU beside a kernel that uses
// the functions which are written once for both.
#include <ctgan/dcgan.hpp>

using namespace ctgan;

__global__ void rectified_noise(random::Stream stream, float* y, int n) {
    const int i = static_cast<int>(blockIdx.x * blockDim.x + threadIdx.x);
    if (i >= n) return;
    const float x = static_cast<float>(random::normal(stream.bits(i)));
    y[i] = functions::Rectify{}(x) + functions::LeakyRectify<std::ratio<1, 5>>{}.slope(x) +
           functions::HyperbolicTangent{}(x)*functions::Logistic{}(x);
}

__global__ void loss_terms(const float* p, float* y, int n) {
    const int i = static_cast<int>(blockIdx.x * blockDim.x + threadIdx.x);
    if (i >= n) return;
    y[i] = detail::TermAgainst<MSELoss, float>{1}(p[i]) +
           detail::SlopeAgainst<BCEWithLogitsLoss, float>{0, 1}(p[i]);
}

int main() {
    Gan<dcgan::Generator, dcgan::Discriminator> gan(1, dcgan::batch_size, dcgan::generator_options,
                                                    dcgan::discriminator_options);
    Batch<Image<1, 28, 28>> real(dcgan::batch_size);
    Batch<Flat<100>> noise(dcgan::batch_size);
    const StepLosses losses = gan.train_step(real.view(), noise.view(), 0);
    SGD<decltype(gan)::Generator> sgd(gan.generator, {});
    sgd.step(gan.generator, gan.generator_gradients);

    float* y = nullptr;
    rectified_noise<<<1, 32>>>(random::Stream{1, 2, 3}, y, 0);
    loss_terms<<<1, 32>>>(y, y, 0);
    return losses.generator > 0 ? 0 : 1;
}
