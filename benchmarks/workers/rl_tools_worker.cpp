// The training step of bench_dense.cpp in rl-tools: a worker of benchmarks/run (worker.hpp), which compiles
// it with rl-tools' own kernels, which have one thread, and with RL_TOOLS_BACKEND_ENABLE_OPENBLAS. The work
// is the same: rl-tools has the softmax cross entropy, and computes no gradient with respect to the input.
// Sizes of batches are part of its types.

#include "../worker.hpp"
#include <cstdlib>

// rl-tools requires this order.
// clang-format off
#include <rl_tools/operations/cpu_mux.h>
#include <rl_tools/nn/optimizers/adam/instance/operations_generic.h>
#include <rl_tools/nn/operations_cpu_mux.h>
#include <rl_tools/nn_models/mlp/operations_generic.h>
#include <rl_tools/nn/optimizers/adam/operations_generic.h>
#include <rl_tools/nn/loss_functions/categorical_cross_entropy/operations_generic.h>
// clang-format on

namespace {

namespace rlt = rl_tools;
namespace cross_entropy = rlt::nn::loss_functions::categorical_cross_entropy;
using Device = rlt::devices::DEVICE_FACTORY<rlt::devices::DefaultCPUSpecification>;
using Size = Device::index_t;
using Policy = rlt::numeric_types::Policy<float>;
struct AdamOptions : rlt::nn::optimizers::adam::DEFAULT_PARAMETERS_PYTORCH<Policy> {
    static constexpr float ALPHA = 1e-6F;
};
using Adam = rlt::nn::optimizers::Adam<rlt::nn::optimizers::adam::Specification<Policy, Size, AdamOptions>>;
using Layers =
    rlt::nn_models::mlp::Configuration<Policy, Size, 10, 3, 256, rlt::nn::activation_functions::RELU,
                                       rlt::nn::activation_functions::IDENTITY>;

template <Size batch>
struct Trainer {
    using InputShape = rlt::tensor::Shape<Size, 1, batch, 784>;
    using Network =
        rlt::nn_models::mlp::NeuralNetwork<Layers, rlt::nn::capability::Gradient<rlt::nn::parameters::Adam>,
                                           InputShape>;
    template <class T, class Shape>
    using Tensor = rlt::Tensor<rlt::tensor::Specification<T, Size, Shape>>;

    explicit Trainer(int /*batch*/) {
        rlt::init(device);
        rlt::malloc(device, random);
        rlt::init(device, random, 0);
        rlt::malloc(device, network);
        rlt::malloc(device, buffer);
        rlt::malloc(device, adam);
        rlt::malloc(device, images);
        rlt::malloc(device, labels);
        rlt::malloc(device, logit_gradient);
        rlt::init_weights(device, network, random);
        rlt::init(device, adam);
        rlt::reset_optimizer_state(device, adam, network);
        rlt::randn(device, images, random);
    }
    Trainer(const Trainer&) = delete;
    Trainer& operator=(const Trainer&) = delete;
    ~Trainer() {
        rlt::free(device, network);
        rlt::free(device, buffer);
        rlt::free(device, adam);
        rlt::free(device, images);
        rlt::free(device, labels);
        rlt::free(device, logit_gradient);
        rlt::free(device, random);
    }

    /// The loss, as a number that the program has.
    float train() {
        // bench_dense.cpp says why the labels change and the learning rate is so low.
        for (Size i = 0; i < batch; ++i) rlt::set(labels, i, 0, (i + number) % 10);
        ++number;
        rlt::zero_gradient(device, network);
        rlt::forward(device, network, images, buffer, random);
        auto output = rlt::output(device, network);
        auto logits = rlt::matrix_view(device, output);
        auto to_logits = rlt::matrix_view(device, logit_gradient);
        const float loss = cross_entropy::evaluate(device, logits, labels);
        cross_entropy::gradient(device, logits, labels, to_logits);
        rlt::backward(device, network, images, logit_gradient, buffer);
        rlt::step(device, adam, network);
        return loss;
    }

    Device device;
    typename Device::SPEC::RANDOM::template ENGINE<> random;
    Network network;
    typename Network::template Buffer<> buffer;
    Adam adam;
    Tensor<float, InputShape> images;
    rlt::Matrix<rlt::matrix::Specification<Size, Size, batch, 1>> labels;
    Tensor<float, typename Network::OUTPUT_SHAPE> logit_gradient;
    Size number = 0;
};

} // namespace

int main() {
    OfBatch<Trainer<32>> small_batch;
    OfBatch<Trainer<256>> big_batch;
    float loss = 0;
    serve([&](int batch) {
        if (batch != 32 && batch != 256) {
            std::fprintf(stderr, "rl_tools_worker: found batch %d, expected 32 or 256\n", batch);
            std::exit(2);
        }
        loss = batch == 32 ? small_batch(batch).train() : big_batch(batch).train();
    });
    // A step whose loss is not used might be compiled away in part.
    return loss >= 0 ? 0 : 1;
}
