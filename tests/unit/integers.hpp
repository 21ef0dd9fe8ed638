#pragma once

#include <ctgan/layers/reshape.hpp>
#include <ctgan/network/network.hpp>

#include <boost/test/unit_test.hpp>

#include "../backend.hpp"
#include <algorithm>
#include <cstdint>
#include <limits>
#include <vector>

/// Checks of layers that only multiply and add, on whole numbers. Every sum is exact in float, so the results
/// must equal those of simple loops, bit for bit.
namespace integers {

using ctgan::Index;
using Values = std::vector<long>;

/// Random whole numbers from -4 to 4.
inline Values draw(Index size, std::uint32_t purpose) {
    Values values(static_cast<std::size_t>(size));
    const ctgan::random::Stream stream{5, 0, purpose};
    for (Index i = 0; i < size; ++i)
        values[static_cast<std::size_t>(i)] = static_cast<long>(ctgan::random::below(stream.bits(i), 9)) - 4;
    return values;
}

/// The index in a batch of ctgan, channels last, of element i in PyTorch's order [sample][channel][pixel].
template <class Shape>
Index memory_index(Index i) {
    const Index pixel = i % Shape::pixels, channel = i / Shape::pixels % Shape::channels;
    return i / Shape::size * Shape::size + pixel * Shape::channels + channel;
}

/// Copies a batch in PyTorch's order to the backend's memory.
template <class Shape>
void put(const Values& from, float* to) {
    std::vector<float> in_memory_order(from.size());
    for (std::size_t i = 0; i < from.size(); ++i)
        in_memory_order[static_cast<std::size_t>(memory_index<Shape>(static_cast<Index>(i)))] =
            static_cast<float>(from[i]);
    transfer::put(in_memory_order, to);
}
/// Copies a tensor whose order in memory is PyTorch's.
inline void put_tensor(const Values& from, float* to) { put<ctgan::Flat<1>>(from, to); }

/// Checks that all values are exactly the expected ones, and that at most a share `max_zeros` of them is
/// zero, since a comparison of zeros would prove little. Small tensors may be zero by chance.
template <class Shape>
void check_equal(const std::vector<float>& found, const Values& expected, const char* what,
                 double max_zeros = 0.5) {
    std::size_t wrong = 0;
    for (std::size_t i = 0; i < expected.size(); ++i)
        wrong += found[static_cast<std::size_t>(memory_index<Shape>(static_cast<Index>(i)))] ==
                         static_cast<float>(expected[i])
                     ? 0
                     : 1;
    BOOST_TEST(wrong == 0U, what << ": " << wrong << " of " << expected.size() << " values differ");
    const auto zeros = std::count(expected.begin(), expected.end(), 0);
    if (expected.size() < 64) return;
    BOOST_TEST(static_cast<double>(zeros) <= max_zeros * static_cast<double>(expected.size()),
               what << ": " << zeros << " of " << expected.size() << " values are zero");
}

/// Checks a tensor in the backend's memory.
inline void check_tensor(const float* found, const Values& expected, const char* what) {
    check_equal<ctgan::Flat<1>>(transfer::values(found, static_cast<Index>(expected.size())), expected, what);
}

/// Copies a layer's weight from PyTorch's order to the order in memory. check_weight() does the reverse.
template <class Layer>
void put_weight(const Values& from, float* to) {
    const std::vector<float> in_pytorch_order(from.begin(), from.end());
    std::vector<float> in_memory_order(from.size());
    ctgan::from_pytorch_order(in_memory_order.data(), in_pytorch_order.data(), Layer::parameters[0]);
    transfer::put(in_memory_order, to);
}
template <class Layer>
void check_weight(const float* found, const Values& expected, const char* what) {
    std::vector<float> in_pytorch_order(expected.size());
    const auto in_memory_order = transfer::values(found, static_cast<Index>(expected.size()));
    ctgan::to_pytorch_order(in_pytorch_order.data(), in_memory_order.data(), Layer::parameters[0]);
    check_equal<ctgan::Flat<1>>(in_pytorch_order, expected, what);
}

/// Fills the scratch memory of a workspace of this kind with NaN.
template <class TheNetwork, ctgan::WorkspaceKind kind, class Workspace>
void poison_scratch(Workspace& workspace, int capacity) {
    constexpr auto layout =
        ctgan::detail::Plan<typename TheNetwork::net, TestBackend, float>::template workspace<kind>();
    TestBackend::fill(workspace.scratch(), layout.total.at(capacity) - layout.scratch.at(capacity),
                      std::numeric_limits<float>::quiet_NaN());
}

/// Checks the forward pass and the gradients with respect to input and parameters, overwriting and adding.
/// The scratch memory is filled with NaN before each pass.
/// `pairs(batch, f)` calls f(x, w, y) for each product input[x] * weight[w] in output[y], with indices in
/// PyTorch's order. A stride above the kernel leaves inputs unused, whose gradient is zero: `max_unreached`
/// is the largest allowed share of such inputs.
template <class Layer, class Shape, class Pairs>
void check_layer(int batch, const Pairs& pairs, double max_unreached = 0.5) {
    using namespace ctgan;
    using TheNetwork = Network<Sequential<detail::InputLayer<Shape>, Layer>, TestBackend>;
    using Output = typename TheNetwork::output_shape;
    constexpr bool has_bias = Layer::parameters.size() == 2;
    constexpr Index weights = Layer::parameters[0].size(),
                    biases = has_bias ? Layer::parameters.back().size() : 0;
    const Values x = draw(batch * Shape::size, 1), w = draw(weights, 2), b = draw(biases, 3);
    const Values dy = draw(Index{batch} * Output::size, 4), old_dw = draw(weights, 5),
                 old_db = draw(biases, 6);

    Values y(dy.size()), dx(x.size()), dw(w.size()), db(b.size());
    const auto bias_of = [](std::size_t i) {
        return i / static_cast<std::size_t>(Output::pixels) % static_cast<std::size_t>(Output::channels);
    };
    for (std::size_t i = 0; i < y.size(); ++i) {
        if (!has_bias) break;
        y[i] = b[bias_of(i)];
        db[bias_of(i)] += dy[i];
    }
    pairs(batch, [&](Index xi, Index wi, Index yi) {
        const auto at_x = static_cast<std::size_t>(xi), at_w = static_cast<std::size_t>(wi),
                   at_y = static_cast<std::size_t>(yi);
        y[at_y] += x[at_x] * w[at_w];
        dx[at_x] += dy[at_y] * w[at_w];
        dw[at_w] += dy[at_y] * x[at_x];
    });

    TheNetwork network(0);
    put_weight<Layer>(w, network.template parameter<1, 0>());
    if constexpr (has_bias) put_tensor(b, network.template parameter<1, 1>());
    BatchOn<Shape, TestBackend> input(batch);
    BatchOn<Output, TestBackend> output_gradient(batch);
    put<Shape>(x, input.data());
    put<Output>(dy, output_gradient.data());
    typename TheNetwork::TrainingWorkspace workspace(batch);
    typename TheNetwork::Gradients gradients;
    typename TheNetwork::Workspace inference(batch);
    const auto poison = [&] { poison_scratch<TheNetwork, WorkspaceKind::training>(workspace, batch); };
    poison();
    poison_scratch<TheNetwork, WorkspaceKind::inference>(inference, batch);
    check_equal<Output>(transfer::values(network.forward(input, inference)), y, "forward in evaluation mode");
    check_equal<Output>(transfer::values(network.forward_training(input, workspace)), y, "forward");
    TestBackend::fill(gradients.data(), gradients.size(), 1e9F); // to be overwritten
    poison();
    const auto to_input =
        network.template backward<WithRespectTo::both>(output_gradient, workspace, &gradients);
    check_equal<Shape>(transfer::values(to_input), dx, "to input", max_unreached);
    check_weight<Layer>(gradients.template tensor<1, 0>(), dw, "to weight");
    if constexpr (has_bias) check_tensor(gradients.template tensor<1, 1>(), db, "to bias");

    put_weight<Layer>(old_dw, gradients.template tensor<1, 0>());
    if constexpr (has_bias) put_tensor(old_db, gradients.template tensor<1, 1>());
    poison();
    network.backward(output_gradient, workspace, gradients, true);
    for (std::size_t i = 0; i < dw.size(); ++i) dw[i] += old_dw[i];
    for (std::size_t i = 0; i < db.size(); ++i) db[i] += old_db[i];
    check_weight<Layer>(gradients.template tensor<1, 0>(), dw, "added to weight");
    if constexpr (has_bias) check_tensor(gradients.template tensor<1, 1>(), db, "added to bias");
}

} // namespace integers
