#pragma once

#include <ctgan/layer.hpp>

#include <cmath>

/// How a network's tensors start.
namespace ctgan::init {

namespace detail {

/// A verb's function is a type that everyone may name: nvcc's kernels do.
struct PlusOne {
    template <class T>
    CTGAN_HD T operator()(T x) const {
        return x + T{1};
    }
};

} // namespace detail

/// torch.nn's defaults: weights and biases uniform in +-1/sqrt(fan_in), which is kaiming_uniform_ with a =
/// sqrt(5). Normalizations begin as the identity.
struct PyTorch {
    /// Starts one tensor, in the room B's memory.
    template <class B, class T>
    static void fill(const TensorSpec& tensor, T* y, random::Stream stream) {
        switch (tensor.role) {
        case Role::weight:
        case Role::bias:
            return B::fill_uniform(y, tensor.size(), static_cast<T>(1 / std::sqrt(double(tensor.fan_in))),
                                   stream);
        case Role::norm_weight:
        case Role::running_variance:
            return B::fill(y, tensor.size(), T{1});
        case Role::norm_bias:
        case Role::running_mean:
            return B::fill(y, tensor.size(), T{0});
        }
    }
};

/// The DCGAN paper's: weights N(0, 0.02) (Radford, Metz, Chintala 2015), with PyTorch's example for what the
/// paper leaves open: normalization weights N(1, 0.02), biases 0.
struct Dcgan {
    /// Starts one tensor, in the room B's memory.
    template <class B, class T>
    static void fill(const TensorSpec& tensor, T* y, random::Stream stream) {
        switch (tensor.role) {
        case Role::weight:
            return B::fill_normal(y, tensor.size(), T(0.02), stream);
        case Role::norm_weight:
            B::fill_normal(y, tensor.size(), T(0.02), stream);
            return B::map(detail::PlusOne{}, static_cast<const T*>(y), y, tensor.size());
        case Role::running_variance:
            return B::fill(y, tensor.size(), T{1});
        case Role::bias:
        case Role::norm_bias:
        case Role::running_mean:
            return B::fill(y, tensor.size(), T{0});
        }
    }
};

} // namespace ctgan::init
