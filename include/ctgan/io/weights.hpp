#pragma once

#include <ctgan/finite.hpp>
#include <ctgan/io/safetensors.hpp>
#include <ctgan/io/safetensors_write.hpp>
#include <ctgan/network.hpp>

#include <algorithm>
#include <cstdint>
#include <deque>
#include <filesystem>
#include <set>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

/// A network's tensors as files that PyTorch's load_state_dict(..., strict=True) takes, and such files from
/// PyTorch.
namespace ctgan::io {

namespace detail {

template <class T>
inline constexpr Dtype dtype_of = std::is_same_v<T, double> ? Dtype::F64 : Dtype::F32;

inline std::vector<std::uint64_t> shape_of(const TensorSpec& tensor) {
    return {tensor.dims, tensor.dims + tensor.rank};
}

} // namespace detail

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

/// Writes all parameters and running statistics, under the names of PyTorch's state_dict(): layer "conv1"
/// gives "conv1.weight" and "conv1.bias". Throws Error where the file cannot be written.
template <class Network>
void save_weights(const std::filesystem::path& path, const Network& network,
                  std::span<const std::string_view> layers, SafetensorsFile::Metadata metadata = {}) {
    using T = typename Network::scalar;
    std::vector<TensorToWrite> tensors;
    std::deque<std::vector<T>> values; // a deque's elements stay where they are
    const std::int64_t passes = network.training_passes();
    for_each_named_tensor(
        network, layers,
        [&](const std::string& name, const TensorSpec& tensor, const T* data) {
            std::vector<T>& copy = values.emplace_back(static_cast<std::size_t>(tensor.size()));
            std::vector<T> in_memory_order(copy.size());
            Network::backend::to_host(data, in_memory_order.data(), tensor.size());
            to_pytorch_order(tensor, in_memory_order.data(), copy.data());
            tensors.push_back({name, detail::dtype_of<T>, detail::shape_of(tensor),
                               std::as_bytes(std::span<const T>(copy))});
        },
        [&](const std::string& name) {
            tensors.push_back(
                {name, Dtype::I64, {}, std::as_bytes(std::span<const std::int64_t, 1>(&passes, 1))});
        });
    write_safetensors(path, tensors, {metadata.begin(), metadata.end()});
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
            const auto count = file.values<std::int64_t>(full);
            if (count.size() != 1)
                throw Error(file.path(),
                            "tensor " + in_quotes(full) + " of " + counted(count.size(), "number"), "1");
            passes = count[0];
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
