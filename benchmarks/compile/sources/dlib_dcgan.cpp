// The same two networks and their training step in dlib, written like dlib's own DCGAN example. dlib's
// kernels are in its library, so only its headers are compiled here.

#include <dlib/dnn.h>

using namespace dlib;

template <long Channels, long Kernel, int Stride, class Sub>
using Conv = add_layer<con_<Channels, Kernel, Kernel, Stride, Stride, 0, 0>, Sub>;
template <long Channels, long Kernel, int Stride, class Sub>
using Transposed = add_layer<cont_<Channels, Kernel, Kernel, Stride, Stride, 1, 1>, Sub>;

using Hidden = bn_fc<relu<fc<256 * 7 * 7, input<matrix<float>>>>>;
using Small = bn_con<relu<Transposed<128, 3, 1, extract<0, 256, 7, 7, Hidden>>>>;
using Generator = htan<Transposed<1, 4, 2, bn_con<relu<Transposed<64, 4, 2, Small>>>>>;

using First = dropout<leaky_relu<Conv<64, 3, 2, input<matrix<float>>>>>;
using Second = bn_con<dropout<leaky_relu<Conv<128, 3, 2, First>>>>;
using Discriminator = loss_mean_squared<fc<1, Second>>;

struct Dcgan {
    Generator generator;
    Discriminator discriminator;
    std::vector<adam> generator_solvers{Generator::num_computational_layers, adam(0, 0.9F, 0.999F)};
    std::vector<adam> discriminator_solvers{Discriminator::num_computational_layers, adam(0, 0.9F, 0.999F)};

    void discriminate(const tensor& images, const std::vector<float>& labels) {
        discriminator.compute_loss(images, labels.begin());
        discriminator.back_propagate_error(images);
    }
};

void step(Dcgan& gan, const tensor& real, const tensor& noise) {
    const std::vector<float> ones(real.num_samples(), 1.F), zeros(real.num_samples(), 0.F);
    gan.discriminate(real, ones);
    gan.discriminator.update_parameters(gan.discriminator_solvers, 1e-5);
    const tensor& fake = gan.generator.forward(noise);
    gan.discriminate(fake, zeros);
    gan.discriminator.update_parameters(gan.discriminator_solvers, 1e-5);
    gan.discriminate(fake, ones);
    gan.generator.back_propagate_error(noise, gan.discriminator.get_final_data_gradient());
    gan.generator.update_parameters(gan.generator_solvers, 1e-4);
}
