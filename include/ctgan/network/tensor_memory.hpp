#pragma once

#include <ctgan/backend/operands.hpp>
#include <ctgan/core/config.hpp>
#include <ctgan/network/plan.hpp>

#include <span>
#include <type_traits>

namespace ctgan::inline CTGAN_ABI::detail {

/// Copies n values between a backend's memory and the host's.
template <class T>
using HostCopy = void (*)(T* to, const T* from, Index n);

/// The tensors of a network and where they are, without the type of the network. So what is done with files
/// is compiled once for all networks and backends. T is the scalar, const if the network is read-only.
template <class T>
struct TensorMemory {
    std::span<const TensorAt> tensors; ///< in the order of the layers
    T* parameters;                     ///< in the backend's memory
    T* buffers;                        ///< in the backend's memory
    HostCopy<std::remove_const_t<T>> to_host;
    HostCopy<std::remove_const_t<T>> from_host;

    /// Where a tensor is, in the backend's memory.
    T* data(const TensorAt& tensor) const {
        return (tensor.is_buffer ? buffers : parameters) + tensor.offset;
    }
};

/// All tensors of a network.
template <class Network>
inline constexpr std::span<const TensorAt> tensors_of =
    Plan<typename Network::net, typename Network::backend, typename Network::scalar>::Layers::tensors;

/// The backend's to_host() as a function with an address, for HostCopy.
template <class Backend, class T>
void copy_to_host(T* to, const T* from, Index n) {
    Backend::to_host(to, from, n);
}
/// The backend's from_host() as a function with an address, for HostCopy.
template <class Backend, class T>
void copy_from_host(T* to, const T* from, Index n) {
    Backend::from_host(to, from, n);
}

/// The tensors of a network, which must outlive the result.
template <class Network>
auto tensor_memory(Network& network) {
    using Backend = typename Network::backend;
    using T = typename Network::scalar;
    return TensorMemory<std::remove_pointer_t<decltype(network.parameters())>>{
        tensors_of<Network>, network.parameters(), network.buffers(), copy_to_host<Backend, T>,
        copy_from_host<Backend, T>};
}

} // namespace ctgan::inline CTGAN_ABI::detail
