#pragma once

#include <ctgan/core/config.hpp>
#include <ctgan/core/random.hpp>
#include <ctgan/core/type_list.hpp>
#include <ctgan/layers/pass.hpp>
#include <ctgan/layers/tensor_spec.hpp>

#include <cmath>
#include <cstddef>
#include <cstdint>

/// How the tensors of a network are initialized.
namespace ctgan::inline CTGAN_ABI::init {

namespace detail {

/// x + 1. A named type that is not private, as nvcc requires for a function that is given to a kernel.
struct PlusOne {
    template <class T>
    CTGAN_HD T operator()(T x) const {
        return x + T{1};
    }
};

} // namespace detail

/// The defaults of torch.nn: weights and biases uniform in +-1/sqrt(fan_in), which is kaiming_uniform_ with a
/// = sqrt(5); normalizations begin as the identity.
struct PyTorch {
    /// Initializes one tensor, in the memory of backend B.
    template <class B, class T>
    static void fill(T* y, const TensorSpec& tensor, random::Stream stream) {
        switch (tensor.role) {
        case Role::weight:
        case Role::bias:
            return B::fill_uniform(y, tensor.size(), static_cast<T>(1 / std::sqrt(double(tensor.fan_in))),
                                   stream);
        case Role::embedding:
            return B::fill_normal(y, tensor.size(), T{1}, stream);
        case Role::norm_weight:
        case Role::running_variance:
            return B::fill(y, tensor.size(), T{1});
        case Role::slope:
            return B::fill(y, tensor.size(), T(0.25));
        case Role::norm_bias:
        case Role::running_mean:
            return B::fill(y, tensor.size(), T{0});
        case Role::singular_vector:
            return;
        }
    }
};

/// The initialization of the DCGAN paper: weights N(0, 0.02) (Radford, Metz, Chintala 2015). Where the paper
/// does not say, as in PyTorch's DCGAN example: normalization weights N(1, 0.02), biases 0, embeddings N(0,
/// 1).
struct Dcgan {
    /// Initializes one tensor, in the memory of backend B.
    template <class B, class T>
    static void fill(T* y, const TensorSpec& tensor, random::Stream stream) {
        switch (tensor.role) {
        case Role::weight:
            return B::fill_normal(y, tensor.size(), T(0.02), stream);
        case Role::norm_weight:
            B::fill_normal(y, tensor.size(), T(0.02), stream);
            return B::map(y, static_cast<const T*>(y), tensor.size(), detail::PlusOne{});
        case Role::embedding:
            return B::fill_normal(y, tensor.size(), T{1}, stream);
        case Role::running_variance:
            return B::fill(y, tensor.size(), T{1});
        case Role::slope:
            return B::fill(y, tensor.size(), T(0.25));
        case Role::bias:
        case Role::norm_bias:
        case Role::running_mean:
            return B::fill(y, tensor.size(), T{0});
        case Role::singular_vector:
            return;
        }
    }
};

} // namespace ctgan::inline CTGAN_ABI::init

namespace ctgan::inline CTGAN_ABI::detail {

/// Whether a type has the function `fill` of the structs above.
template <class Init, class B, class T>
concept IsInitialization = requires(T* y, const TensorSpec& tensor, random::Stream stream) {
    Init::template fill<B>(y, tensor, stream);
};

/// Calls the initialize_buffers() of the layers that have one. Each tensor of the network has random numbers
/// of its own, of purpose `first` and so on.
template <class Plan, class Net, class Backend, class T>
void initialize_buffers(const T* parameters, T* buffers, std::uint64_t seed, std::uint64_t which) {
    std::size_t tensors = 0; // of the layers before
    for_each_index<Net::depth>([&](auto i) {
        constexpr int At = decltype(i)::value;
        using Layer = typename Net::template layer<At>;
        if constexpr (Layer::initializes_buffers)
            Layer::initialize_buffers(InitializePass<Layer, Backend, T>{
                .parameters = parameters + Plan::parameters[At],
                .buffers = buffers + Plan::buffers[At],
                .first = {seed, which,
                          random::initialization +
                              static_cast<std::uint32_t>(tensors + Layer::parameters.size())}});
        tensors += Plan::facts[At].tensors;
    });
}

} // namespace ctgan::inline CTGAN_ABI::detail
