#pragma once

#include "layers.hpp"

namespace replay {
namespace detail {

/// A layer with spectral normalization: three passes in training mode, each on an input of its own, then the
/// gradients of the third, given NAME.grad_output, and the first input in evaluation mode.
template <class Layer, class Shape>
struct SpectralCase {
    std::string_view name;

    template <class T, class Backend>
    void run(Comparison<T>& comparison) const {
        using namespace ctgan;
        using TheNetwork =
            Network<Sequential<ctgan::detail::InputLayer<Shape>, SpectralNorm<Layer>>, Backend, T>;
        constexpr std::size_t passes = 3;
        const auto& shape = comparison.file().tensor(comparison.full("input")).shape;
        if (shape.size() < 3 || shape[0] != passes || shape[1] < 1 || shape[1] > 4096)
            throw io::Error(comparison.file().path(),
                            "tensor " + io::in_quotes(comparison.full("input")) + " of shape " +
                                io::shape_text(shape),
                            "three batches");
        const int batch = static_cast<int>(shape[1]);
        std::vector<BatchOn<Shape, Backend, T>> inputs;
        for (std::size_t k = 0; k < passes; ++k) inputs.emplace_back(batch);
        const Index size = inputs[0].size();
        const auto values = comparison.input("input", static_cast<Index>(passes) * size);
        for (std::size_t k = 0; k < passes; ++k)
            inputs[k].from_pytorch_order(std::span(values).subspan(k * static_cast<std::size_t>(size),
                                                                   static_cast<std::size_t>(size)));
        BatchOn<typename TheNetwork::output_shape, Backend, T> output_gradient(batch);
        const std::vector<T> given = comparison.input("grad_output", output_gradient.size());
        output_gradient.from_pytorch_order(given);

        TheNetwork network(0);
        network.for_each_tensor([&](int, const TensorSpec& tensor, T* data, bool) {
            load_tensor<Backend>(data, comparison.input(std::string("param.") + tensor.name, tensor.size()),
                                 tensor);
        });
        typename TheNetwork::TrainingWorkspace workspace(batch);
        typename TheNetwork::Gradients gradients;
        std::vector<T> outputs;
        for (const auto& input : inputs) {
            const auto output = in_pytorch_order(network.forward_training(input, workspace));
            outputs.insert(outputs.end(), output.begin(), output.end());
        }
        comparison.add("output", outputs);
        const auto to_input =
            network.template backward<WithRespectTo::both>(output_gradient, workspace, &gradients);
        comparison.add("grad_input", in_pytorch_order(to_input));
        network.for_each_tensor([&](int, const TensorSpec& tensor, T* data, bool buffer) {
            if (buffer)
                comparison.add(std::string("after.") + tensor.name, store_tensor<Backend>(data, tensor));
            else
                comparison.add_gradient(
                    std::string("grad.") + tensor.name,
                    store_tensor<Backend>(gradients.data() + (data - network.parameters()), tensor), given);
        });
        comparison.add("output_eval", in_pytorch_order(network.forward(inputs[0], workspace)));
        const Frozen<TheNetwork> frozen(network);
        typename Frozen<TheNetwork>::Workspace of_frozen(batch);
        comparison.add("output_eval of Frozen", in_pytorch_order(frozen.forward(inputs[0], of_frozen)),
                       "output_eval");
    }
};

} // namespace detail

/// Layers with spectral normalization.
inline constexpr std::tuple spectral_cases{
    detail::SpectralCase<ctgan::Linear<10, 7>, ctgan::Flat<10>>{"spectral_norm_linear_10_7"},
    detail::SpectralCase<ctgan::Conv2d<4, 6, 3, 2, 1>, ctgan::Image<4, 8, 8>>{
        "spectral_norm_conv2d_4_6_k3_s2_p1_8x8"},
    detail::SpectralCase<ctgan::ConvTranspose2d<4, 6, 4, 2, 1>, ctgan::Image<4, 5, 5>>{
        "spectral_norm_conv_transpose2d_4_6_k4_s2_p1_5x5"}};

} // namespace replay
