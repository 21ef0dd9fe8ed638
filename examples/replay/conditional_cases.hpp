#pragma once

#include "layers.hpp"

namespace replay {
namespace detail {

/// A network whose second input are labels, NAME.label. Compares as run_network() does.
template <class Net, std::size_t Named>
struct ConditionalCase {
    std::string_view name;
    std::array<std::string_view, Named> layers;

    template <class T, class Backend>
    void run(Comparison<T>& comparison) const {
        using namespace ctgan;
        using TheNetwork = Network<Net, Backend, T>;
        using Inputs = ctgan::detail::PartsOf<typename TheNetwork::input_shape>;
        using Shape = typename Inputs::template shape<0>;
        const int batch = batch_of<Shape>(comparison.file(), comparison.full("input"));
        BatchOn<Shape, Backend, T> input(batch);
        input.from_pytorch_order(comparison.input("input", input.size()));
        const BatchOn<typename Inputs::template shape<1>, Backend> labels(
            read<std::int64_t>(comparison.file(), comparison.full("label"), batch));
        BatchOn<typename TheNetwork::output_shape, Backend, T> output_gradient(batch);
        const std::vector<T> given = comparison.input("grad_output", output_gradient.size());
        output_gradient.from_pytorch_order(given);

        TheNetwork network(0);
        TensorNames names(layers);
        network.for_each_tensor([&](int layer, const TensorSpec& tensor, T* data, bool) {
            load_tensor<Backend>(
                data, comparison.input("param." + names.name(layer, tensor.name), tensor.size()), tensor);
        });
        typename TheNetwork::TrainingWorkspace workspace(batch);
        typename TheNetwork::Gradients gradients;
        const auto output = network.forward_training(input, labels, workspace);
        comparison.add("output", in_pytorch_order(output));
        const Frozen<TheNetwork> frozen(network);
        typename Frozen<TheNetwork>::Workspace of_frozen(batch);
        comparison.add("output of Frozen", in_pytorch_order(frozen.forward(input, labels, of_frozen)),
                       "output");
        const auto to_inputs =
            network.template backward<WithRespectTo::both>(output_gradient, workspace, &gradients);
        comparison.add("grad_input", in_pytorch_order(std::get<0>(to_inputs)));
        TensorNames names_again(layers);
        network.for_each_tensor([&](int layer, const TensorSpec& tensor, T* data, bool) {
            comparison.add_gradient(
                "grad." + names_again.name(layer, tensor.name),
                store_tensor<Backend>(gradients.data() + (data - network.parameters()), tensor), given);
        });
    }
};

using Conditional = ctgan::Sequential<
    ctgan::Inputs<ctgan::Flat<8>, ctgan::Classes<10>>,
    ctgan::Concat<ctgan::Select<0>, ctgan::Sequential<ctgan::Select<1>, ctgan::Embedding<10, 6>>>,
    ctgan::Linear<14, 9>, ctgan::ReLU>;

} // namespace detail

/// Networks with several inputs.
inline constexpr std::tuple conditional_cases{
    detail::ConditionalCase<detail::Conditional, 2>{"conditional_8_10_6_9", {"embedding", "linear"}}};

} // namespace replay
