#pragma once

#include "backend.hpp"
#include "expect.hpp"
#include "raw_golden.hpp"
#include <algorithm>
#include <ratio>
#include <string>
#include <vector>

/// Single layers on tensors that PyTorch recorded: outputs, gradients and buffers.
namespace gpu_tests {

/// The largest allowed distance of a result from PyTorch's; the same limits as in tests/golden.
template <class T>
double layer_limit(const std::string& name, const std::string& what) {
    if (sizeof(T) == sizeof(double)) return 1e-12;
    if (name.rfind("batch_norm", 0) == 0 && what == "grad_input") return 1e-5;
    return what.rfind("grad.", 0) == 0 ? 5e-6 : 1e-6;
}

/// A case of the file: compares each of its results with the limit for that result.
template <class T>
class LayerCase {
  public:
    LayerCase(const RawGolden& golden, std::string name) : golden_(golden), name_(std::move(name)) {}

    std::vector<T> input(const std::string& what) const {
        return golden_.template values<T>(name_ + "." + what,
                                          static_cast<ctgan::Index>(expected(what).size()));
    }
    void compare(const std::string& what, const std::vector<T>& values) {
        const double off = distance(values, expected(what)), limit = layer_limit<T>(name_, what);
        ++compared_;
        if (off <= limit) return;
        expect::within(off, limit, label() + " " + what);
        all_good_ = false;
    }
    void done() const {
        if (all_good_) expect::that(compared_ > 0, label() + ", " + std::to_string(compared_) + " results");
    }

  private:
    const std::vector<double>& expected(const std::string& what) const {
        return golden_.tensor(name_ + "." + what).values;
    }
    std::string label() const { return name_ + (sizeof(T) == sizeof(double) ? " double" : " float"); }

    const RawGolden& golden_;
    std::string name_;
    int compared_ = 0;
    bool all_good_ = true;
};

/// Loads a batch from PyTorch's order of channels into ctgan's, on the device. store_batch() does the
/// reverse.
template <class Shape, class T>
ctgan::BatchOn<Shape, Cuda, T> load_batch(const std::vector<T>& values) {
    ctgan::BatchOn<Shape, Cuda, T> batch(static_cast<int>(values.size() / Shape::size));
    const auto given = on_device(values);
    Cuda::template channels_last<Shape::channels, Shape::pixels>(batch.data(), given.data(), batch.count());
    return batch;
}
template <class Shape, class T>
std::vector<T> store_batch(ctgan::View<Shape, const T, Cuda> batch) {
    Cuda::Memory<T> ordered(batch.size());
    Cuda::template channels_first<Shape::channels, Shape::pixels>(ordered.data(), batch.data, batch.count);
    return on_host(ordered.data(), ordered.size());
}

template <class T, class Layer, class Shape, ctgan::Mode mode = ctgan::Mode::training>
void check_layer(const RawGolden& golden, const std::string& name) {
    using Net = ctgan::Network<ctgan::Sequential<ctgan::detail::InputLayer<Shape>, Layer>, Cuda, T>;
    LayerCase<T> the_case(golden, name);
    const auto input = load_batch<Shape>(the_case.input("input"));
    const auto to_output = load_batch<typename Net::output_shape>(the_case.input("grad_output"));
    Net network(0);
    network.for_each_tensor([&](int, const ctgan::TensorSpec& tensor, T* data, bool) {
        load_tensor(tensor, the_case.input(std::string("param.") + tensor.name), data);
    });
    typename Net::TrainingWorkspace workspace(input.count());
    typename Net::Gradients gradients;
    const auto output = mode == ctgan::Mode::training ? network.forward_training(input, workspace)
                                                      : network.forward(input, workspace);
    the_case.compare("output", store_batch(output));
    const auto to_input =
        network.template backward<ctgan::WithRespectTo::both>(to_output, workspace, &gradients);
    the_case.compare("grad_input", store_batch(to_input));
    network.for_each_tensor([&](int, const ctgan::TensorSpec& tensor, T* data, bool buffer) {
        const T* const from = buffer ? data : gradients.data() + (data - network.parameters());
        the_case.compare((buffer ? "after." : "grad.") + std::string(tensor.name),
                         store_tensor(tensor, from));
    });
    the_case.done();
}

template <class T, class Loss>
void check_loss(const RawGolden& golden, const std::string& name) {
    LayerCase<T> the_case(golden, name);
    using Shape = ctgan::Flat<1>;
    const auto input = load_batch<Shape>(the_case.input("input"));
    const auto target = load_batch<Shape>(the_case.input("target"));
    ctgan::BatchOn<Shape, Cuda, T> gradient(input.count());
    ctgan::LossValue<Cuda> value;
    ctgan::loss<Loss>(input, target, gradient, value);
    the_case.compare("loss", {static_cast<T>(value.item())});
    the_case.compare("grad_input", on_host(gradient.data(), gradient.size()));
    the_case.done();
}

/// Adam's steps on the 50 parameters of a network.
template <class T>
void check_adam(const RawGolden& golden) {
    using Net = ctgan::Network<ctgan::Sequential<ctgan::Linear<49, 1>>, Cuda, T>;
    LayerCase<T> the_case(golden, "adam");
    const auto start = the_case.input("param"), recorded_gradients = the_case.input("grads");
    Net network(0);
    typename Net::Gradients gradients;
    T* const parameter_tensors[] = {network.template parameter<0, 0>(), network.template parameter<0, 1>()};
    T* const gradient_tensors[] = {gradients.template tensor<0, 0>(), gradients.template tensor<0, 1>()};
    const auto put = [](const T* from, T* const(&to)[2]) {
        Cuda::from_host(to[0], from, 49);
        Cuda::from_host(to[1], from + 49, 1);
    };
    put(start.data(), parameter_tensors);
    ctgan::Adam<Net> optimizer(network, ctgan::AdamOptions{.lr = 1e-3});
    std::vector<T> all;
    for (std::size_t at = 0; at < recorded_gradients.size(); at += 50) {
        put(recorded_gradients.data() + at, gradient_tensors);
        optimizer.step(network, gradients);
        for (const auto& part : {on_host(parameter_tensors[0], 49), on_host(parameter_tensors[1], 1)})
            all.insert(all.end(), part.begin(), part.end());
    }
    the_case.compare("params_after_each_step", all);
    the_case.done();
}

} // namespace gpu_tests
