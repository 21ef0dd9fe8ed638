#pragma once

#include <ctgan/finite.hpp>
#include <ctgan/io/safetensors.hpp>
#include <ctgan/io/tensors_to_write.hpp>
#include <ctgan/network.hpp>

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <set>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

/// A network's tensors as files that PyTorch's load_state_dict(..., strict=True) takes, and such files from
/// PyTorch.
namespace ctgan::io {

/// Calls f(name, TensorSpec, data) for each tensor and g(name) for the place of each counter that PyTorch
/// keeps behind a normalization's running statistics. `layers` names the layers that have tensors, in their
/// order.
template <class Network, class F, class G>
void for_each_named_tensor(Network& network, std::span<const std::string_view> layers, F&& f, G&& g) {
    std::size_t named = 0;
    int current = -1;
    network.for_each_tensor([&](int layer, const TensorSpec&, auto*, bool) {
        named += layer != current;
        current = layer;
    });
    if (named != layers.size())
        throw std::invalid_argument("weights: found names for " + counted(layers.size(), "layer") +
                                    ", expected " + std::to_string(named));
    named = 0;
    current = -1;
    network.for_each_tensor([&](int layer, const TensorSpec& tensor, auto* data, bool) {
        if (layer != current) {
            current = layer;
            ++named;
        }
        const std::string prefix = std::string(layers[named - 1]) + ".";
        f(prefix + tensor.name, tensor, data);
        if (tensor.role == Role::running_variance) g(prefix + "num_batches_tracked");
    });
}

/// Gathers all parameters and running statistics, named `prefix` + the names of PyTorch's state_dict(): layer
/// "conv1" gives "conv1.weight" and "conv1.bias".
template <class Network>
void gather_weights(TensorsToWrite& tensors, const Network& network, std::span<const std::string_view> layers,
                    const std::string& prefix = "") {
    using T = typename Network::scalar;
    for_each_named_tensor(
        network, layers,
        [&](const std::string& name, const TensorSpec& tensor, const T* data) {
            tensors.add<typename Network::backend>(prefix + name, tensor, data);
        },
        [&](const std::string& name) { tensors.add(prefix + name, network.training_passes()); });
}

/// Writes them as a file that PyTorch's load_state_dict takes. Throws Error where it cannot be written.
template <class Network>
void save_weights(const std::filesystem::path& path, const Network& network,
                  std::span<const std::string_view> layers, const SafetensorsFile::Metadata& metadata = {}) {
    TensorsToWrite tensors;
    gather_weights(tensors, network, layers);
    write_safetensors(path, tensors.list(), metadata);
}

/// Reads a network's tensors from a file, all or none: those named `prefix` + the names of save_weights.
/// Throws Error where one is missing, has another shape, is not finite, or where the file has one more under
/// that prefix.
template <class Network>
void load_weights(const SafetensorsFile& file, Network& network, std::span<const std::string_view> layers,
                  std::string_view prefix = "") {
    using T = typename Network::scalar;
    std::vector<std::vector<T>> values;
    std::set<std::string, std::less<>> expected;
    std::int64_t passes = 0;
    for_each_named_tensor(
        network, layers,
        [&](const std::string& name, const TensorSpec& tensor, const T*) {
            const std::string full = std::string(prefix) + name;
            expected.insert(full);
            const TensorView& found = file.tensor(full);
            if (found.shape != detail::shape_of(tensor))
                throw Error(file.path(), "tensor " + in_quotes(full) + " of shape " + shape_text(found.shape),
                            shape_text(detail::shape_of(tensor)));
            std::vector<T>& read = values.emplace_back(file.values<T>(full));
            const auto bad = std::find_if_not(read.begin(), read.end(), [](T v) { return is_finite(v); });
            if (bad != read.end())
                throw Error(
                    file.path(),
                    found.offset + static_cast<std::uint64_t>(bad - read.begin()) * size_of(found.dtype),
                    "a number in tensor " + in_quotes(full) + " that is infinite or NaN", "finite weights");
        },
        [&](const std::string& name) {
            const std::string full = std::string(prefix) + name;
            expected.insert(full);
            passes = file.value<std::int64_t>(full);
        });
    for (const auto& [name, tensor] : file.tensors())
        if (name.starts_with(prefix) && !expected.contains(name))
            throw Error(file.path(), "tensor " + in_quotes(name), "only those of this network");

    std::size_t next = 0;
    network.for_each_tensor([&](int, const TensorSpec& tensor, T* data, bool) {
        const std::vector<T>& read = values[next++];
        std::vector<T> in_memory_order(read.size());
        from_pytorch_order(tensor, read.data(), in_memory_order.data());
        Network::backend::from_host(in_memory_order.data(), data, tensor.size());
    });
    network.set_training_passes(passes);
}

} // namespace ctgan::io
