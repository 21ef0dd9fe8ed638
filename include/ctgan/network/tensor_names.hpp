#pragma once

#include <ctgan/core/config.hpp>
#include <ctgan/network/plan.hpp>

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

namespace ctgan::inline CTGAN_ABI {

/// How many layers of a network have tensors. Each of them has a name in a file of weights.
template <class Net>
inline constexpr std::size_t layers_with_tensors = [] {
    std::size_t count = 0;
    detail::for_each_index<Net::depth>([&](auto i) {
        using L = typename Net::template layer<decltype(i)::value>;
        if (L::parameters.size() + L::buffers.size() > 0) ++count;
    });
    return count;
}();

/// Names the tensors of a network while Network::for_each_tensor visits them.
class TensorNames {
  public:
    /// `layers` names the layers that have tensors, in their order. A layer without a name is "layer 3",
    /// counted from 1 and with the layers that have no tensors.
    explicit TensorNames(std::span<const std::string_view> layers) : layers_(layers) {}

    /// "conv1.weight" for the tensor called "weight" of a layer, counted from 0 as for_each_tensor counts it.
    std::string name(int layer, std::string_view tensor) {
        if (layer != current_) {
            current_ = layer;
            ++named_;
        }
        std::string result = named_ <= layers_.size() ? std::string(layers_[named_ - 1])
                                                      : "layer " + std::to_string(layer + 1);
        return result.append(".").append(tensor);
    }

  private:
    std::span<const std::string_view> layers_;
    std::size_t named_ = 0; ///< layers with tensors so far
    int current_ = -1;
};

} // namespace ctgan::inline CTGAN_ABI
