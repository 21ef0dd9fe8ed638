#pragma once

#include <ctgan/core/config.hpp>
#include <ctgan/layers/tensor_spec.hpp>
#include <ctgan/network/network_id.hpp>
#include <ctgan/network/plan.hpp>

#include <cstdint>

namespace ctgan::inline CTGAN_ABI::detail {

/// What a network owns: its parameters and running statistics, in two arenas of the backend's memory.
template <class Net, class Backend, class Scalar>
class NetworkTensors {
    using Plan = detail::Plan<Net, Backend, Scalar>;

  public:
    /// Calls f(int layer, const TensorSpec& tensor, Scalar* data, bool buffer) for each tensor, layer by
    /// layer. `layer` is counted from 0, `data` is in the backend's memory, and `buffer` is true for a
    /// running statistic.
    template <class F>
    void for_each_tensor(F&& f) {
        visit(*this, f);
    }
    /// The same, read-only.
    template <class F>
    void for_each_tensor(F&& f) const {
        visit(*this, f);
    }

    /// All parameters. Each tensor begins on a cache line of its own; the gaps stay zero.
    Scalar* parameters() { return parameters_.data(); }
    /// The same, read-only.
    const Scalar* parameters() const { return parameters_.data(); }
    /// The number of values at parameters(), gaps included.
    Index arena_size() const { return parameters_.size(); }

    /// All buffers, such as running statistics, laid out as the parameters are.
    Scalar* buffers() { return buffers_.data(); }
    /// The same, read-only.
    const Scalar* buffers() const { return buffers_.data(); }
    /// The number of values at buffers(), gaps included.
    Index buffers_size() const { return buffers_.size(); }

    /// Learned tensor K of layer At, both counted from 0.
    template <int At, int K>
    Scalar* parameter() {
        return parameters_.data() + Plan::parameters[At] +
               tensor_offset(Net::template layer<At>::parameters, K);
    }
    /// Running statistic K of layer At, both counted from 0.
    template <int At, int K>
    Scalar* buffer() {
        return buffers_.data() + Plan::buffers[At] + tensor_offset(Net::template layer<At>::buffers, K);
    }

    /// A number that the networks of a process have one each; copies of a network share it. An optimizer
    /// knows by it the network that it was constructed with.
    std::uint64_t id() const { return id_; }

    /// The number of forward passes in training mode so far: PyTorch's num_batches_tracked.
    std::int64_t training_passes() const { return training_passes_; }
    /// Sets that number, for example after loading weights.
    void set_training_passes(std::int64_t passes) { training_passes_ = passes; }

  protected:
    /// All values are zero.
    NetworkTensors()
        : parameters_(Plan::parameters[Net::depth]),
          buffers_(Plan::buffers[Net::depth]),
          id_(new_network_id()) {}

    std::int64_t training_passes_ = 0;

  private:
    template <class Self, class F>
    static void visit(Self& self, F& f) {
        for (const auto& tensor : Plan::Layers::tensors)
            f(tensor.layer, tensor.spec,
              (tensor.is_buffer ? self.buffers_.data() : self.parameters_.data()) + tensor.offset,
              tensor.is_buffer);
    }

    typename Backend::template Memory<Scalar> parameters_, buffers_;
    std::uint64_t id_;
};

} // namespace ctgan::inline CTGAN_ABI::detail
