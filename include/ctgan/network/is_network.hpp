#pragma once

#include <ctgan/core/config.hpp>

namespace ctgan::inline CTGAN_ABI {

template <class Net, class B, class Scalar>
class Network;

namespace detail {

template <class T>
inline constexpr bool is_network = false;
template <class Net, class B, class Scalar>
inline constexpr bool is_network<Network<Net, B, Scalar>> = true;

} // namespace detail
} // namespace ctgan::inline CTGAN_ABI
