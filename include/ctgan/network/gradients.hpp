#pragma once

#include <ctgan/core/config.hpp>
#include <ctgan/network/plan.hpp>

namespace ctgan::inline CTGAN_ABI {

/// What a backward pass computes gradients with respect to. The others are not even compiled.
enum class WithRespectTo { parameters = 1, input = 2, both = 3 };

/// The gradients with respect to a network's parameters: one arena, laid out as the parameters are.
template <class Net, class Backend, class T>
class Gradients {
    using Plan = detail::Plan<Net, Backend, T>;

  public:
    /// All zero.
    Gradients() : memory_(Plan::parameters[Net::depth]), scratch_(1) {}
    /// All values, in the backend's memory.
    T* data() { return memory_.data(); }
    /// The same, read-only.
    const T* data() const { return memory_.data(); }
    /// The number of values, including the gaps between tensors.
    Index size() const { return memory_.size(); }
    /// The gradient of learned tensor K of layer At, both counted from 0.
    template <int At, int K>
    T* tensor() {
        return data() + Plan::parameters[At] + tensor_offset(Net::template layer<At>::parameters, K);
    }

    /// One number in the backend's memory, for grad_norm() and clip_grad_norm().
    double* scratch() { return scratch_.data(); }

  private:
    typename Backend::template Memory<T> memory_;
    typename Backend::template Memory<double> scratch_;

    using Problem = typename Net::MissingInput;
    // Last, because clang stops reading a class at an assertion that fails.
    static_assert(nothing_is_wrong<messages::Message<Problem>::text>, CTGAN_MESSAGE(Problem));
};

} // namespace ctgan::inline CTGAN_ABI
