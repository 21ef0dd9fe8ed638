#pragma once

#include <ctgan/core/finite.hpp>
#include <ctgan/io/safetensors.hpp>
#include <ctgan/io/tensors_to_write.hpp>
#include <ctgan/network/network.hpp>
#include <ctgan/network/tensor_names.hpp>

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <set>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// A network's tensors as files that PyTorch's load_state_dict(..., strict=True) takes, and such files from
/// PyTorch.
namespace ctgan::io {

/// Calls f(name, TensorSpec, data) for each tensor, and g(name) for the counter that PyTorch keeps behind the
/// running statistics of each normalization. `layers` names the layers that have tensors, in their order.
template <class Network, class F, class G>
void for_each_named_tensor(Network& network, std::span<const std::string_view> layers, F&& f, G&& g) {
    constexpr std::size_t expected = layers_with_tensors<typename Network::net>;
    if (layers.size() != expected)
        throw std::invalid_argument("weights: found names for " + counted(layers.size(), "layer") +
                                    ", expected " + std::to_string(expected));
    TensorNames names(layers);
    network.for_each_tensor([&](int layer, const TensorSpec& tensor, auto* data, bool) {
        f(names.name(layer, tensor.name), tensor, data);
        if (tensor.role == Role::running_variance) g(names.name(layer, "num_batches_tracked"));
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

/// What becomes of weights that are infinite or NaN, which the format may hold and no trained network should.
enum class NonFinite { refuse, allow };

namespace detail {

/// The tensor of that name. Where there is none, the message says under which prefix there is, as wrappers of
/// PyTorch's modules put one.
inline const TensorView& wanted_tensor(const SafetensorsFile& file, const std::string& name) {
    const auto& tensors = file.tensors();
    if (const auto found = tensors.find(name); found != tensors.end()) return found->second;
    const auto longer =
        std::ranges::find_if(tensors, [&](const auto& other) { return other.first.ends_with("." + name); });
    if (longer == tensors.end()) return file.tensor(name);
    const std::string_view prefix =
        std::string_view(longer->first).substr(0, longer->first.size() - name.size());
    const bool all =
        std::ranges::all_of(tensors, [&](const auto& other) { return other.first.starts_with(prefix); });
    throw Error(
        file.path(),
        "no tensor " + in_quotes(name) +
            (all ? ", as all names begin with " + in_quotes(prefix) : ", but " + in_quotes(longer->first)),
        all ? "names without that" : "one");
}

inline void check_shape(const SafetensorsFile& file, const std::string& name, const TensorView& found,
                        const TensorSpec& tensor) {
    const std::vector<std::uint64_t> expected = shape_of(tensor);
    if (found.shape == expected) return;
    // PyTorch's Conv2d and ConvTranspose2d, and other libraries, differ in which channels come first.
    bool swapped = false;
    for (std::size_t a = 0; a < expected.size(); ++a)
        for (std::size_t b = 0; b < a; ++b) {
            std::vector<std::uint64_t> shape = expected;
            std::swap(shape[a], shape[b]);
            swapped = swapped || shape == found.shape;
        }
    throw Error(file.path(), found.offset,
                "tensor " + in_quotes(name) + " of shape " + shape_text(found.shape),
                shape_text(expected) + (swapped ? ": two dimensions are swapped" : ""));
}

/// The numbers of the tensor of that name, in PyTorch's order.
template <class T>
std::vector<T> weights_of(const SafetensorsFile& file, const std::string& name, const TensorSpec& tensor,
                          NonFinite non_finite = NonFinite::refuse) {
    const TensorView& found = wanted_tensor(file, name);
    check_shape(file, name, found, tensor); // before anything is allocated
    std::vector<T> values = file.values<T>(name);
    const auto refuse_any = [&](auto bad, std::string_view what, std::string_view expected) {
        const auto at = std::find_if(values.begin(), values.end(), bad);
        if (at != values.end())
            throw Error(file.path(),
                        found.offset + static_cast<std::uint64_t>(at - values.begin()) * size_of(found.dtype),
                        "a number in tensor " + in_quotes(name) + " that is " + std::string(what), expected);
    };
    if (non_finite == NonFinite::refuse)
        refuse_any([](T value) { return !is_finite(value); }, "infinite or NaN", "finite weights");
    if (tensor.role == Role::running_variance)
        refuse_any([](T value) { return value < 0; }, "negative", "a variance");
    return values;
}

/// The number of training passes that PyTorch calls num_batches_tracked.
inline std::int64_t passes_of(const SafetensorsFile& file, const std::string& name) {
    const TensorView& found = wanted_tensor(file, name);
    const auto passes = file.value<std::int64_t>(name);
    constexpr std::int64_t most = std::int64_t{1} << 53; // room to count on
    if (passes < 0 || passes > most)
        throw Error(file.path(), found.offset, std::to_string(passes) + " as " + in_quotes(name),
                    "0 to " + std::to_string(most));
    return passes;
}

} // namespace detail

/// Reads a network's tensors from a file, all or none: those named `prefix` + the names of save_weights.
/// Throws Error where one is missing, has another shape or holds a number that no network has, or where the
/// file has one more under that prefix.
template <class Network>
void load_weights(const SafetensorsFile& file, Network& network, std::span<const std::string_view> layers,
                  std::string_view prefix = "", NonFinite non_finite = NonFinite::refuse) {
    using T = typename Network::scalar;
    std::vector<std::vector<T>> values;
    std::set<std::string, std::less<>> expected;
    std::int64_t passes = 0;
    for_each_named_tensor(
        network, layers,
        [&](const std::string& name, const TensorSpec& tensor, const T*) {
            const std::string full = std::string(prefix) + name;
            expected.insert(full);
            values.push_back(detail::weights_of<T>(file, full, tensor, non_finite));
        },
        [&](const std::string& name) {
            const std::string full = std::string(prefix) + name;
            expected.insert(full);
            passes = detail::passes_of(file, full);
        });
    for (const auto& [name, tensor] : file.tensors())
        if (name.starts_with(prefix) && !expected.contains(name))
            throw Error(file.path(), tensor.offset, "tensor " + in_quotes(name),
                        "only those of this network");

    std::size_t next = 0;
    network.for_each_tensor([&](int, const TensorSpec& tensor, T* data, bool) {
        const std::vector<T>& read = values[next++];
        std::vector<T> in_memory_order(read.size());
        from_pytorch_order(in_memory_order.data(), read.data(), tensor);
        Network::backend::from_host(data, in_memory_order.data(), tensor.size());
    });
    network.set_training_passes(passes);
}

} // namespace ctgan::io
