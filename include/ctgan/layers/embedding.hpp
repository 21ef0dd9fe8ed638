#pragma once

#include <ctgan/core/config.hpp>
#include <ctgan/layers/layer.hpp>
#include <ctgan/messages/several.hpp>

#include <array>

namespace ctgan::inline CTGAN_ABI {

/// A learned vector of `Width` values for each of `Count` classes: y = W[label], with W of shape [Count,
/// Width]. Takes labels, Classes<Count>, so it follows a Select in a network with several inputs
/// (layers/inputs.hpp). There is no gradient with respect to labels. Equals torch.nn.Embedding(Count, Width).
template <int Count, int Width>
struct Embedding : LayerDefaults {
    static auto out(const Classes<Count>&) -> Flat<Width>;
    using Takes = Classes<(Count < 1 ? 1 : Count)>;
    using ArgumentError =
        messages::first_problem<messages::require<messages::classes, Count, messages::at_least<1>>,
                                messages::require<messages::outputs, Width, messages::at_least<1>>>;

    static constexpr std::array parameters{TensorSpec{"weight", Role::embedding, 1, 2, {Count, Width}}};
    static constexpr LayerPatterns<Embedding> patterns{.leaves_gradients = true};

    template <class Pass>
    static void forward(const Pass& p) {
        Pass::Backend::template embedding<Width>(p.output, p.input, p.template parameter<0>(), p.batch);
    }

    /// Row c of dW is the sum of dy over the samples with label c.
    template <class Pass>
    static void backward(const Pass& p) {
        if constexpr (Pass::to_parameters)
            Pass::Backend::template embedding_gradient<Count, Width>(p.template gradient<0>(), p.input,
                                                                     p.output_gradient, p.batch, p.add);
    }
};

} // namespace ctgan::inline CTGAN_ABI
