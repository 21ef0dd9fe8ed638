// A training step of a perceptron in rl-tools, with its own kernels for the CPU, which need no library.

// rl-tools requires this order.
// clang-format off
#include <rl_tools/operations/cpu.h>
#include <rl_tools/nn/optimizers/adam/instance/operations_generic.h>
#include <rl_tools/nn/layers/dense/operations_cpu.h>
#include <rl_tools/nn_models/mlp/operations_generic.h>
#include <rl_tools/nn/optimizers/adam/operations_generic.h>
// clang-format on

namespace rlt = rl_tools;
using Device = rlt::devices::DefaultCPU;
using Size = Device::index_t;
using Policy = rlt::numeric_types::Policy<float>;
using Random = Device::SPEC::RANDOM::ENGINE<>;

constexpr Size batch_size = 32;
using InputShape = rlt::tensor::Shape<Size, 1, batch_size, 784>;
using Layers =
    rlt::nn_models::mlp::Configuration<Policy, Size, 10, 3, 256, rlt::nn::activation_functions::RELU,
                                       rlt::nn::activation_functions::IDENTITY>;
using Network =
    rlt::nn_models::mlp::NeuralNetwork<Layers, rlt::nn::capability::Gradient<rlt::nn::parameters::Adam>,
                                       InputShape>;
using Adam = rlt::nn::optimizers::Adam<rlt::nn::optimizers::adam::Specification<Policy, Size>>;
using Input = rlt::Tensor<rlt::tensor::Specification<float, Size, InputShape>>;
using Output = rlt::Tensor<rlt::tensor::Specification<float, Size, Network::OUTPUT_SHAPE>>;

void step(Device& device, Network& network, Adam& adam, Network::Buffer<>& buffer, Random& random,
          const Input& input, Output& output_gradient) {
    rlt::zero_gradient(device, network);
    rlt::forward(device, network, input, buffer, random);
    rlt::backward(device, network, input, output_gradient, buffer);
    rlt::step(device, adam, network);
}
