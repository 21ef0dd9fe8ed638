#pragma once

#include <ctgan/core/config.hpp>
#include <ctgan/io/safetensors.hpp>
#include <ctgan/io/tensors_to_write.hpp>
#include <ctgan/network/automatic_names.hpp>
#include <ctgan/network/network.hpp>
#include <ctgan/network/tensor_memory.hpp>
#include <ctgan/network/tensor_names.hpp>

#include <concepts>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

/// Saves a network's tensors as files that PyTorch's load_state_dict(..., strict=True) accepts, and loads
/// such files from PyTorch.
namespace ctgan::inline CTGAN_ABI::io {

namespace detail {

using ctgan::detail::TensorAt;
using ctgan::detail::TensorMemory;

/// The type of a parameter for the names of a network's layers. Not deduced, so that braces can be given.
template <class Network>
using NamesParameter = const LayerNamesFor<std::remove_const_t<Network>>&;

/// A text, which cannot be given in braces as names are.
template <class T>
concept IsText = std::convertible_to<const T&, std::string_view>;

/// A tensor of a network, with its name in files.
struct NamedTensor {
    std::string name;
    /// The name of the num_batches_tracked that follows this tensor; empty if none does.
    std::string passes_name;
    const TensorAt* place;
    /// The name that files of an older form have instead; empty if there is none.
    std::string old_name;
};

/// Throws std::invalid_argument if `layers` has too many or too few names.
std::vector<NamedTensor> named_tensors(std::span<const TensorAt> tensors, const LayerNames& layers);

template <class T>
void gather_weights(TensorsToWrite& tensors, const TensorMemory<const T>& memory, std::int64_t passes,
                    const LayerNames& layers, const std::string& prefix);

template <class T>
void save_weights(const std::filesystem::path& path, const TensorMemory<const T>& memory, std::int64_t passes,
                  const LayerNames& layers, const SafetensorsFile::Metadata& metadata);

} // namespace detail

/// Calls f(name, TensorSpec, data) for each tensor of a network, and g(name) for each num_batches_tracked,
/// the counter that PyTorch stores after the running statistics of each normalization. `layers` holds the
/// names of the layers that have tensors, in their order; `{}` stands for automatic_names. Throws
/// std::invalid_argument if `layers` has too many or too few names.
template <class Network, class F, class G>
void for_each_named_tensor(Network& network, detail::NamesParameter<Network> layers, F&& f, G&& g) {
    const auto memory = ctgan::detail::tensor_memory(network);
    for (const detail::NamedTensor& tensor : detail::named_tensors(memory.tensors, layers)) {
        f(tensor.name, tensor.place->spec, memory.data(*tensor.place));
        if (!tensor.passes_name.empty()) g(tensor.passes_name);
    }
}

/// Adds all parameters and running statistics of a network to `tensors`, named `prefix` + the names of
/// PyTorch's state_dict(): layer "conv1" gives "conv1.weight" and "conv1.bias". Without `layers` they are the
/// automatic_names. The network must outlive `tensors`.
template <class Network>
void gather_weights(TensorsToWrite& tensors, const Network& network,
                    detail::NamesParameter<Network> layers = {}, const std::string& prefix = "") {
    detail::gather_weights(tensors, ctgan::detail::tensor_memory(network), network.training_passes(), layers,
                           prefix);
}
/// The same with the automatic_names.
template <class Network, detail::IsText Prefix>
void gather_weights(TensorsToWrite& tensors, const Network& network, const Prefix& prefix) {
    gather_weights(tensors, network, {}, std::string(prefix));
}

/// Writes all parameters and running statistics of a network as a file for PyTorch's load_state_dict, with
/// the automatic_names or those that are given. Throws Error if the file cannot be written, NotFinite if a
/// value is infinite or NaN.
template <class Network>
void save_weights(const std::filesystem::path& path, const Network& network,
                  detail::NamesParameter<Network> layers = {},
                  const SafetensorsFile::Metadata& metadata = {}) {
    detail::save_weights(path, ctgan::detail::tensor_memory(network), network.training_passes(), layers,
                         metadata);
}

/// What load_weights() does with values that are infinite or NaN. The format allows them, but no trained
/// network should have them.
enum class NonFinite { refuse, allow };

namespace detail {

/// Returns the number of training passes.
template <class T>
std::int64_t load_weights(const SafetensorsFile& file, const TensorMemory<T>& memory,
                          const LayerNames& layers, std::string_view prefix, NonFinite non_finite);

} // namespace detail

/// Loads a network's tensors from a file, all or none: those named `prefix` + the names that save_weights()
/// uses. All names may begin with what wrappers of PyTorch's modules add: "module.", "_orig_mod.", or both.
/// Of a SpectralNorm, they may be those of torch.nn.utils.spectral_norm: weight_orig, weight_u and weight_v.
/// F16 and BF16 are widened exactly. A num_batches_tracked that is missing is 0. Throws Error if another
/// tensor is missing, if one has another shape or holds a value that is not allowed (infinite, NaN or a
/// negative variance), or if the file has other tensors whose names begin with `prefix`.
template <class Network>
void load_weights(const SafetensorsFile& file, Network& network, detail::NamesParameter<Network> layers = {},
                  std::string_view prefix = "", NonFinite non_finite = NonFinite::refuse) {
    network.set_training_passes(
        detail::load_weights(file, ctgan::detail::tensor_memory(network), layers, prefix, non_finite));
}
/// The same with the automatic_names.
template <class Network, detail::IsText Prefix>
void load_weights(const SafetensorsFile& file, Network& network, const Prefix& prefix,
                  NonFinite non_finite = NonFinite::refuse) {
    load_weights(file, network, {}, std::string_view(prefix), non_finite);
}

} // namespace ctgan::inline CTGAN_ABI::io

#ifndef CTGAN_SEPARATE_COMPILATION
#    include <ctgan/io/impl/weights.hpp>
#endif
