#pragma once

#include <ctgan/core/config.hpp>
#include <ctgan/core/fail.hpp>
#include <ctgan/core/tensor.hpp>
#include <ctgan/network/network.hpp>
#include <ctgan/network/slope_walk.hpp>

#include <stdexcept>
#include <string>
#include <type_traits>

namespace ctgan::inline CTGAN_ABI {

/// The slope of a network at a batch, s = the gradient of the sum of a sample's outputs with respect to that
/// sample, and the gradients of a function of s with respect to the network's parameters: what a penalty on
/// the slope of a discriminator needs (gan/penalty.hpp).
///
/// If P is a function of s and t its gradient with respect to s, dP/dw is the derivative of <s, t>, with t
/// held constant. That number is also the derivative of the outputs along the direction t. So one pass takes
/// t forward through the layers, each by its Jacobian: linear layers by themselves without bias, activations
/// and dropout by the factors of their backward pass. The gradient with respect to a weight is then the
/// ordinary one for t as the layer's input and the kept gradient of s's own pass as its output gradient.
/// Where a function is curved, the slope also depends on the values before it: one more ordinary backward
/// pass takes those terms to the parameters. All of it is exact. For a piecewise linear network it costs
/// about what a forward and a backward pass do, and nothing is allocated after construction.
///
/// Each layer between the input and the output must treat a sample by itself and have a Tangent. `Input` is
/// the number of the input, which a network of several inputs that are no labels has to name.
template <class TheNetwork, int Input = detail::only_input<typename TheNetwork::net>>
class Slopes {
    using Net = typename TheNetwork::net;
    using Backend = typename TheNetwork::backend;
    using T = typename TheNetwork::scalar;
    using Plan = detail::SlopePlan<Net, Input>;
    using Walk = detail::SlopeWalk<Net, Input, Backend, T>;
    using Problem = decltype(detail::problem_of_slopes<Net, Input, messages::Slopes, messages::of_slopes>());
    static constexpr bool valid = std::is_same_v<Problem, messages::NoProblem>;

  public:
    using Workspace = typename TheNetwork::TrainingWorkspace;      ///< of the forward pass
    using Gradients = typename TheNetwork::Gradients;              ///< with respect to the parameters
    using input_shape = typename Net::template shape<Plan::entry>; ///< of s and t

    /// For batches of up to `capacity` samples. Throws std::invalid_argument if that is below 1.
    explicit Slopes(int capacity)
        : capacity_(detail::checked_capacity(capacity)), memory_(Plan::offsets.total * capacity) {}

    /// s at the batch of the workspace's last forward pass, with respect to the input. Valid until
    /// add_gradients(). Throws std::invalid_argument if there was no forward pass or if it had more samples
    /// than this takes.
    View<input_shape, const T, typename Backend::memory_space> compute(const TheNetwork& network,
                                                                       Workspace& workspace) {
        if (workspace.batch() < 1 || workspace.batch() > capacity_)
            detail::fail_with<std::invalid_argument>({"slopes: found a forward pass of ", workspace.batch(),
                                                      " samples, expected 1 to ", capacity_});
        if constexpr (valid) {
            const Walk walk = walk_on(network, workspace);
            Backend::in_region([&] { walk.gradients(); });
        }
        return {memory_.data() + Plan::offsets.slope * capacity_, workspace.batch()};
    }
    /// Where t is to be written before add_gradients(). It may be the memory of s, value by value.
    T* direction() { return memory_.data() + Plan::offsets.direction * capacity_; }

    /// Adds the gradients of <s, t> with respect to the parameters to `gradients`. The workspace must still
    /// be as compute() left it.
    void add_gradients(const TheNetwork& network, Workspace& workspace, Gradients& gradients) {
        if constexpr (valid) {
            const Walk walk = walk_on(network, workspace);
            Backend::in_region([&] {
                walk.tangents(gradients.data());
                walk.adjoints(gradients.data());
            });
        }
    }
    /// After that, the derivative of the outputs along t: its sum is <s, t>.
    View<typename Net::output_shape, const T, typename Backend::memory_space>
    output_tangent(const Workspace& workspace) const {
        return {memory_.data() + Plan::offsets.output_tangent * capacity_, workspace.batch()};
    }

  private:
    Walk walk_on(const TheNetwork& network, Workspace& workspace) {
        return {network.parameters(), workspace, memory_.data(), capacity_};
    }

    int capacity_;
    typename Backend::template Memory<T> memory_;

    // Last, because clang stops reading a class at an assertion that fails.
    static_assert(nothing_is_wrong<messages::Message<Problem>::text>, CTGAN_MESSAGE(Problem));
};

} // namespace ctgan::inline CTGAN_ABI
