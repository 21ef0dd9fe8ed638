#pragma once

#include <ctgan/dcgan.hpp>
#include <ctgan/io/safetensors.hpp>

#include "backend.hpp"
#include "distance.hpp"
#include "read.hpp"
#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <ratio>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

/// Runs single layers, losses and the optimizer on tensors that PyTorch recorded, and measures how far the
/// results are from PyTorch's.
namespace replay {

/// The results of one case in the file: relative L2 distances, each with the name of the compared tensor.
struct CaseDistances {
    std::string name;
    std::vector<std::pair<std::string, double>> distances;
};

namespace detail {

using ctgan::Index;
using ctgan::io::SafetensorsFile;

/// Compares results with the expected tensors NAME.* of one case.
template <class T>
class Comparison {
  public:
    Comparison(const SafetensorsFile& file, std::string name) : file_(file), result_{std::move(name), {}} {}

    void add(const std::string& what, std::span<const T> values) { add(what, values, what); }
    /// A result that is called `what`, to be compared with the tensor NAME.`tensor`.
    void add(const std::string& what, std::span<const T> values, const std::string& tensor) {
        const auto expected = read<double>(file_, full(tensor), static_cast<Index>(values.size()));
        result_.distances.emplace_back(what, distance(values, std::span<const double>(expected)));
    }
    /// A gradient. One that is zero but for rounding, such as that of a bias before a normalization, is
    /// compared in proportion to the output gradient.
    void add_gradient(const std::string& what, std::span<const T> values,
                      std::span<const T> output_gradient) {
        constexpr double rounding = 1e-12;
        const std::vector<double> from(output_gradient.begin(), output_gradient.end());
        const auto expected = read<double>(file_, full(what), static_cast<Index>(values.size()));
        const double size = norm(from);
        if (norm(expected) > rounding * size) return add(what, values);
        const std::vector<double> found(values.begin(), values.end());
        result_.distances.emplace_back(what, norm(found) / size);
    }
    void add_count(const std::string& what, std::int64_t value) {
        const std::vector<double> count{static_cast<double>(value)};
        const auto expected = read<double>(file_, full(what), 1);
        add_distance(what, distance(std::span<const double>(count), std::span<const double>(expected)));
    }
    void add_distance(const std::string& what, double value) { result_.distances.emplace_back(what, value); }

    std::vector<T> input(const std::string& what, Index size) const {
        return read<T>(file_, full(what), size);
    }
    std::string full(const std::string& what) const { return result_.name + "." + what; }
    const SafetensorsFile& file() const { return file_; }
    CaseDistances take() { return std::move(result_); }

  private:
    const SafetensorsFile& file_;
    CaseDistances result_;
};

/// The number of samples in a tensor of the file. Throws io::Error if it is not a batch of `Shape`.
template <class Shape>
int batch_of(const SafetensorsFile& file, const std::string& name) {
    const auto& found = file.tensor(name).shape;
    std::vector<std::uint64_t> expected;
    if constexpr (Shape::channels == Shape::size)
        expected = {Shape::size};
    else
        expected = {Shape::channels, Shape::height, Shape::width};
    if (found.size() == 4 && expected.size() == 1) expected = {Shape::channels, 1, 1};
    expected.insert(expected.begin(), found.empty() ? 1 : found[0]);
    if (found != expected || found[0] < 1 || found[0] > 4096)
        throw ctgan::io::Error(
            file.path(), "tensor " + ctgan::io::in_quotes(name) + " of shape " + ctgan::io::shape_text(found),
            "1 to 4096 samples of " + ctgan::io::shape_text({expected.begin() + 1, expected.end()}));
    return static_cast<int>(found[0]);
}

/// Runs a network forward and back: compares its output, also that of a Frozen network where evaluation mode
/// has the same, its gradients given NAME.grad_output, and its buffers after the pass. `new_names()` returns
/// a function of a layer's number and a tensor's name, which gives the tensor's name in the case.
template <class Net, ctgan::Mode mode, class T, class Backend, class NewNames>
void run_network(Comparison<T>& comparison, const NewNames& new_names) {
    using namespace ctgan;
    using TheNetwork = Network<Net, Backend, T>;
    using Shape = typename TheNetwork::input_shape;
    const int batch = batch_of<Shape>(comparison.file(), comparison.full("input"));
    BatchOn<Shape, Backend, T> input(batch);
    BatchOn<typename TheNetwork::output_shape, Backend, T> output_gradient(batch);
    input.from_pytorch_order(comparison.input("input", input.size()));
    const std::vector<T> given = comparison.input("grad_output", output_gradient.size());
    output_gradient.from_pytorch_order(given);

    TheNetwork network(0);
    bool has_buffers = false;
    auto name_of = new_names();
    network.for_each_tensor([&](int layer, const TensorSpec& tensor, T* data, bool buffer) {
        load_tensor<Backend>(data, comparison.input("param." + name_of(layer, tensor.name), tensor.size()),
                             tensor);
        if (buffer && !has_buffers)
            network.set_training_passes(read<std::int64_t>(
                comparison.file(), comparison.full("param." + name_of(layer, "num_batches_tracked")), 1)[0]);
        has_buffers = has_buffers || buffer;
    });
    typename TheNetwork::TrainingWorkspace workspace(batch);
    typename TheNetwork::Gradients gradients;
    const auto output = mode == Mode::training ? network.forward_training(input, workspace)
                                               : network.forward(input, workspace);
    comparison.add("output", in_pytorch_order(output));
    if (mode == Mode::evaluation || !has_buffers) {
        const Frozen<TheNetwork> frozen(network);
        typename Frozen<TheNetwork>::Workspace of_frozen(batch);
        comparison.add("output of Frozen", in_pytorch_order(frozen.forward(input, of_frozen)), "output");
    }
    const auto to_input =
        network.template backward<WithRespectTo::both>(output_gradient, workspace, &gradients);
    comparison.add("grad_input", in_pytorch_order(to_input));
    auto name_again = new_names();
    int counted = -1; // the layer whose number of passes was compared last
    network.for_each_tensor([&](int layer, const TensorSpec& tensor, T* data, bool buffer) {
        const std::string name = name_again(layer, tensor.name);
        if (!buffer)
            return comparison.add_gradient(
                "grad." + name,
                store_tensor<Backend>(gradients.data() + (data - network.parameters()), tensor), given);
        comparison.add("after." + name, store_tensor<Backend>(data, tensor));
        if (counted == layer) return;
        counted = layer;
        comparison.add_count("after." + name_again(layer, "num_batches_tracked"), network.training_passes());
    });
}

/// One layer.
template <class Layer, class Shape, ctgan::Mode mode = ctgan::Mode::training>
struct LayerCase {
    std::string_view name;

    template <class T, class Backend>
    void run(Comparison<T>& comparison) const {
        run_network<ctgan::Sequential<ctgan::detail::InputLayer<Shape>, Layer>, mode, T, Backend>(
            comparison, [] { return [](int, std::string_view tensor) { return std::string(tensor); }; });
    }
};

/// A network of several layers. `layers` are the names of those that have tensors.
template <class Net, std::size_t Named, ctgan::Mode mode = ctgan::Mode::training>
struct NetworkCase {
    std::string_view name;
    std::array<std::string_view, Named> layers;

    template <class T, class Backend>
    void run(Comparison<T>& comparison) const {
        run_network<Net, mode, T, Backend>(comparison, [this] {
            return [names = ctgan::TensorNames(layers)](int layer, std::string_view tensor) mutable {
                return names.name(layer, tensor);
            };
        });
    }
};

/// One loss: compares its mean and its gradient.
template <class Loss>
struct LossCase {
    std::string_view name;

    template <class T, class Backend>
    void run(Comparison<T>& comparison) const {
        using namespace ctgan;
        const int batch = batch_of<Flat<1>>(comparison.file(), comparison.full("input"));
        BatchOn<Flat<1>, Backend, T> input(batch), target(batch), gradient(batch);
        input.from_pytorch_order(comparison.input("input", batch));
        target.from_pytorch_order(comparison.input("target", batch));
        const T mean = static_cast<T>(loss<Loss>(input, target, gradient));
        comparison.add("loss", std::span(&mean, 1));
        comparison.add("grad_input", gradient.to_pytorch_order());
    }
};

} // namespace detail

/// The tensors of a file that belong to none of the cases.
template <class... Cases>
std::vector<std::string> unknown_tensors(const ctgan::io::SafetensorsFile& file,
                                         const std::tuple<Cases...>& cases) {
    const auto names = std::apply([](const auto&... each) { return std::array{each.name...}; }, cases);
    std::vector<std::string> unknown;
    for (const auto& [name, tensor] : file.tensors()) {
        const auto belongs = [&name = name](std::string_view known) {
            return name.starts_with(known) && name.size() > known.size() && name[known.size()] == '.';
        };
        if (std::none_of(names.begin(), names.end(), belongs)) unknown.push_back(name);
    }
    return unknown;
}

/// Replays those of the cases that are in the file.
template <class T, class Backend = ctgan::Cpu, class... Cases>
std::vector<CaseDistances> replay_layers(const ctgan::io::SafetensorsFile& file,
                                         const std::tuple<Cases...>& cases) {
    std::vector<CaseDistances> results;
    const auto run = [&](const auto& the_case) {
        const std::string prefix = std::string(the_case.name) + ".";
        const auto first = file.tensors().lower_bound(prefix);
        if (first == file.tensors().end() || !first->first.starts_with(prefix)) return;
        detail::Comparison<T> comparison(file, std::string(the_case.name));
        the_case.template run<T, Backend>(comparison);
        results.push_back(comparison.take());
    };
    std::apply([&](const auto&... each) { (run(each), ...); }, cases);
    return results;
}

} // namespace replay
