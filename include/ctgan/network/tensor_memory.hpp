#pragma once

#include <ctgan/backend/operands.hpp>
#include <ctgan/core/config.hpp>
#include <ctgan/messages/missing_backend.hpp>
#include <ctgan/network/plan.hpp>

#include <algorithm>
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
/// The same for all backends whose memory is the host's. Files can be written from there without a copy.
template <class T>
void copy_on_host(T* to, const T* from, Index n) {
    std::copy_n(from, n, to);
}
/// Which of the two copies from a backend's memory.
template <class Backend, class T>
inline constexpr HostCopy<T> to_host_of = [] {
    if constexpr (std::is_same_v<messages::memory_space_of<Backend>, Cpu>)
        return HostCopy<T>{copy_on_host<T>};
    else
        return HostCopy<T>{copy_to_host<Backend, T>};
}();
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
        tensors_of<Network>, network.parameters(), network.buffers(), to_host_of<Backend, T>,
        copy_from_host<Backend, T>};
}

} // namespace ctgan::inline CTGAN_ABI::detail
