// The training step of the published DCGAN, its generator alone, or the training step of the classifier of
// bench_dense.cpp, in dlib: `bench_dlib step|generator|dense` is a worker of benchmarks/run (worker.hpp).
// OPENBLAS_NUM_THREADS sets the number of threads.
//
// The loop is that of dlib's own example, dnn_dcgan_train_ex.cpp, except that images stay tensors of floats
// instead of becoming bytes. The work differs from the published step:
//   - the discriminator is updated twice, after the real and after the generated images, because dlib cannot
//     add up gradients;
//   - gradients to the discriminator's parameters are computed in the third pass, too, as in PyTorch;
//   - dropout drops single values, not channels;
//   - the first Linear's output is copied to become an image.
// The classifier's step differs in one thing: dlib always computes the gradient with respect to the input.

#include "worker.hpp"
#include <cstring>
#include <dlib/dnn.h>

using namespace dlib;

namespace {

template <long filters, long kernel, int stride, class Sub>
using conv = add_layer<con_<filters, kernel, kernel, stride, stride, 0, 0>, Sub>;
template <long filters, long kernel, int stride, class Sub>
using deconv = add_layer<cont_<filters, kernel, kernel, stride, stride, 1, 1>, Sub>;

template <template <class> class norm_fc, template <class> class norm>
using generator_of = htan<
    deconv<1, 4, 2,
           norm<relu<deconv<
               64, 4, 2,
               norm<relu<deconv<128, 3, 1,
                                extract<0, 256, 7, 7, norm_fc<relu<fc<12544, input<matrix<float>>>>>>>>>>>>>>;
using generator_type = generator_of<bn_fc, bn_con>;
// After training, dlib replaces batch normalization by an affine layer.
using trained_generator_type = generator_of<affine, affine>;

using discriminator_type = loss_mean_squared<fc<
    1,
    bn_con<dropout<leaky_relu<conv<128, 3, 2, dropout<leaky_relu<conv<64, 3, 2, input<matrix<float>>>>>>>>>>>;

constexpr long latent = 100;

/// dlib has to convert a sample before it accepts tensors.
template <class Net>
void prepare(Net& net, long rows, long columns) {
    const matrix<float> sample = zeros_matrix<float>(rows, columns);
    resizable_tensor ignored;
    net.to_tensor(&sample, &sample + 1, ignored);
}

struct Trainer {
    explicit Trainer(int batch) : ones(std::size_t(batch), 1.F), zeros(std::size_t(batch), 0.F) {
        prepare(generator, 1, latent);
        prepare(discriminator, 28, 28);
        noise.set_size(batch, 1, 1, latent);
        real.set_size(batch, 1, 28, 28);
        random.fill_uniform(real);
    }

    void train() {
        discriminate(real, ones);
        discriminator.update_parameters(discriminator_solvers, 1e-5);
        random.fill_gaussian(noise);
        const tensor& fake = generator.forward(noise);
        discriminate(fake, zeros);
        discriminator.update_parameters(discriminator_solvers, 1e-5);

        discriminate(fake, ones);
        generator.back_propagate_error(noise, discriminator.get_final_data_gradient());
        generator.update_parameters(generator_solvers, 1e-4);
    }

    void discriminate(const tensor& images, const std::vector<float>& labels) {
        discriminator.compute_loss(images, labels.begin());
        discriminator.back_propagate_error(images);
    }

    generator_type generator;
    discriminator_type discriminator;
    std::vector<adam> generator_solvers{generator_type::num_computational_layers, adam(0, 0.9F, 0.999F)};
    std::vector<adam> discriminator_solvers{discriminator_type::num_computational_layers,
                                            adam(0, 0.9F, 0.999F)};
    std::vector<float> ones, zeros;
    resizable_tensor noise, real;
    tt::tensor_rand random;
};

struct Sampler {
    explicit Sampler(int batch) {
        prepare(generator, 1, latent);
        noise.set_size(batch, 1, 1, latent);
        tt::tensor_rand().fill_gaussian(noise);
    }
    trained_generator_type generator;
    resizable_tensor noise;
};

using classifier_type = loss_multiclass_log<fc<10, relu<fc<256, relu<fc<256, input<matrix<float>>>>>>>>;

struct ClassifierTrainer {
    explicit ClassifierTrainer(int batch) : labels(std::size_t(batch)) {
        prepare(classifier, 1, 784);
        images.set_size(batch, 1, 1, 784);
        tt::tensor_rand().fill_gaussian(images);
    }

    void train() {
        // bench_dense.cpp says why the labels change and the learning rate is so low.
        for (std::size_t i = 0; i < labels.size(); ++i) labels[i] = (i + step) % 10;
        ++step;
        classifier.compute_loss(images, labels.begin());
        classifier.back_propagate_error(images);
        classifier.update_parameters(solvers, 1e-6);
    }

    classifier_type classifier;
    std::vector<adam> solvers{classifier_type::num_computational_layers, adam(0, 0.9F, 0.999F)};
    std::vector<unsigned long> labels;
    resizable_tensor images;
    std::size_t step = 0;
};

} // namespace

int main(int argc, char** argv) {
    if (argc == 2 && std::strcmp(argv[1], "step") == 0) {
        OfBatch<Trainer> trainers;
        serve([&](int batch) { trainers(batch).train(); });
    } else if (argc == 2 && std::strcmp(argv[1], "generator") == 0) {
        OfBatch<Sampler> samplers;
        serve([&](int batch) {
            Sampler& sampler = samplers(batch);
            sampler.generator.forward(sampler.noise);
        });
    } else if (argc == 2 && std::strcmp(argv[1], "dense") == 0) {
        OfBatch<ClassifierTrainer> trainers;
        serve([&](int batch) { trainers(batch).train(); });
    } else {
        std::fprintf(stderr, "usage: bench_dlib step|generator|dense\n");
        return 2;
    }
}
