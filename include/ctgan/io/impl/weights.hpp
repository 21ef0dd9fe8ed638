#pragma once

#include <ctgan/core/config.hpp>
#include <ctgan/core/finite.hpp>
#include <ctgan/io/error.hpp>
#include <ctgan/io/impl/tensors_to_write.hpp>
#include <ctgan/io/safetensors.hpp>
#include <ctgan/io/safetensors_write.hpp>
#include <ctgan/io/separate_compilation.hpp>
#include <ctgan/io/tensors_to_write.hpp>
#include <ctgan/network/tensor_memory.hpp>
#include <ctgan/network/tensor_names.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <set>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace ctgan::inline CTGAN_ABI::io::detail {

/// What torch.nn.utils.spectral_norm calls a tensor of torch.nn.utils.parametrizations.spectral_norm; empty
/// for other tensors.
CTGAN_IO_FUNCTION std::string_view old_name_of(std::string_view tensor) {
    constexpr std::string_view names[][2] = {{"parametrizations.weight.original", "weight_orig"},
                                             {"parametrizations.weight.0._u", "weight_u"},
                                             {"parametrizations.weight.0._v", "weight_v"}};
    for (const auto& [name, old_name] : names)
        if (tensor == name) return old_name;
    return {};
}

CTGAN_IO_FUNCTION std::vector<NamedTensor> named_tensors(std::span<const TensorAt> tensors,
                                                         const LayerNames& layers) {
    std::size_t expected = 0;
    for (std::size_t i = 0; i < tensors.size(); ++i)
        if (i == 0 || tensors[i].layer != tensors[i - 1].layer) ++expected;
    if (layers.size() != expected)
        throw std::invalid_argument("weights: found names for " + counted(layers.size(), "layer") +
                                    ", expected " + std::to_string(expected));
    TensorNames names(layers);
    std::vector<NamedTensor> named;
    named.reserve(tensors.size());
    for (const TensorAt& tensor : tensors) {
        named.push_back({names.name(tensor.layer, tensor.spec.name), "", &tensor, ""});
        if (tensor.spec.role == Role::running_variance)
            named.back().passes_name = names.name(tensor.layer, "num_batches_tracked");
        if (const std::string_view old_name = old_name_of(tensor.spec.name); !old_name.empty())
            named.back().old_name = names.name(tensor.layer, old_name);
    }
    return named;
}

template <class T>
void gather_weights(TensorsToWrite& tensors, const TensorMemory<const T>& memory, std::int64_t passes,
                    const LayerNames& layers, const std::string& prefix) {
    for (const NamedTensor& tensor : named_tensors(memory.tensors, layers)) {
        tensors.add(prefix + tensor.name, tensor.place->spec, memory.data(*tensor.place), memory.to_host);
        if (!tensor.passes_name.empty()) tensors.add(prefix + tensor.passes_name, passes);
    }
}

template <class T>
void save_weights(const std::filesystem::path& path, const TensorMemory<const T>& memory, std::int64_t passes,
                  const LayerNames& layers, const SafetensorsFile::Metadata& metadata) {
    TensorsToWrite tensors;
    gather_weights(tensors, memory, passes, layers, "");
    write_safetensors(path, tensors.list(), metadata);
}

/// The tensor with that name. Throws Error if there is none. If the file has it under a prefix, as wrappers
/// of PyTorch's modules add, the message says so.
CTGAN_IO_FUNCTION const TensorView& wanted_tensor(const SafetensorsFile& file, const std::string& name) {
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

CTGAN_IO_FUNCTION void check_shape(const SafetensorsFile& file, const std::string& name,
                                   const TensorView& found, const TensorSpec& tensor) {
    const std::vector<std::uint64_t> expected = shape_of(tensor);
    if (found.shape == expected) return;
    // PyTorch's Conv2d and ConvTranspose2d, and other libraries, differ in whether the input or the output
    // channels come first.
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

/// The values of the tensor with that name, in PyTorch's order. Throws Error if it is missing, has another
/// shape, or holds a value that is not allowed: infinite or NaN (unless allowed by `non_finite`), or a
/// negative variance.
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

/// Copies a tensor's values, in PyTorch's order, to the backend's memory.
template <class T>
void write_tensor(T* data, const std::vector<T>& values, const TensorSpec& tensor,
                  ctgan::detail::HostCopy<T> from_host) {
    std::vector<T> in_memory_order(values.size());
    from_pytorch_order(in_memory_order.data(), values.data(), tensor);
    from_host(data, in_memory_order.data(), tensor.size());
}

/// The number of training passes, which PyTorch stores as num_batches_tracked. Nothing if the file does not
/// have it: old versions of PyTorch did not.
CTGAN_IO_FUNCTION std::optional<std::int64_t> passes_of(const SafetensorsFile& file,
                                                        const std::string& name) {
    const auto found = file.tensors().find(name);
    if (found == file.tensors().end()) return std::nullopt;
    const auto passes = file.value<std::int64_t>(name);
    constexpr std::int64_t most = std::int64_t{1} << 53; // so later passes cannot overflow the counter
    if (passes < 0 || passes > most)
        throw Error(file.path(), found->second.offset, std::to_string(passes) + " as " + in_quotes(name),
                    "0 to " + std::to_string(most));
    return passes;
}

/// `start` with one more of the prefixes that PyTorch's wrappers add to names: "module." (DataParallel) and
/// "_orig_mod." (torch.compile). Nothing unless all names of the file that begin with `start` have it.
CTGAN_IO_FUNCTION std::optional<std::string> with_wrapper(const SafetensorsFile& file,
                                                          const std::string& start) {
    const auto first = file.tensors().lower_bound(start);
    for (const char* wrapper : {"module.", "_orig_mod."}) {
        const std::string longer = start + wrapper;
        const auto has_it = [&](const auto& tensor) {
            return !tensor.first.starts_with(start) || tensor.first.starts_with(longer);
        };
        if (first != file.tensors().end() && first->first.starts_with(start) &&
            std::all_of(first, file.tensors().end(), has_it))
            return longer;
    }
    return std::nullopt;
}

/// What is in front of `names` in the file: `prefix`, or `prefix` with wrappers' prefixes before and after
/// it. The one with which most of the names are found; if none is, `prefix`.
CTGAN_IO_FUNCTION std::string prefix_in_file(const SafetensorsFile& file, const std::string& prefix,
                                             const std::vector<std::string>& names) {
    constexpr int max_nested = 8; // so that a name of a million wrappers takes no time
    std::string best = prefix;
    std::ptrdiff_t most_found = 0;
    std::optional<std::string> before = "";
    for (int outer = 0; before && outer <= max_nested; ++outer) {
        std::optional<std::string> start = *before + prefix;
        for (int inner = 0; start && inner <= max_nested; ++inner) {
            const auto found = std::ranges::count_if(
                names, [&](const std::string& name) { return file.tensors().contains(*start + name); });
            if (found > most_found) {
                most_found = found;
                best = *start;
            }
            start = with_wrapper(file, *start);
        }
        before = with_wrapper(file, *before);
    }
    return best;
}

template <class T>
std::int64_t load_weights(const SafetensorsFile& file, const TensorMemory<T>& memory,
                          const LayerNames& layers, std::string_view prefix, NonFinite non_finite) {
    const std::vector<NamedTensor> tensors = named_tensors(memory.tensors, layers);
    std::vector<std::string> names;
    names.reserve(2 * tensors.size());
    for (const NamedTensor& tensor : tensors) {
        names.push_back(tensor.name);
        if (!tensor.old_name.empty()) names.push_back(tensor.old_name);
    }
    const std::string start = prefix_in_file(file, std::string(prefix), names);
    std::vector<std::vector<T>> values;
    std::set<std::string, std::less<>> expected;
    std::int64_t passes = 0;
    for (const NamedTensor& tensor : tensors) {
        std::string name = start + tensor.name;
        if (!tensor.old_name.empty() && !file.tensors().contains(name) &&
            file.tensors().contains(start + tensor.old_name))
            name = start + tensor.old_name;
        expected.insert(name);
        values.push_back(weights_of<T>(file, name, tensor.place->spec, non_finite));
        if (tensor.passes_name.empty()) continue;
        expected.insert(start + tensor.passes_name);
        passes = passes_of(file, start + tensor.passes_name).value_or(passes);
    }
    for (const auto& [name, tensor] : file.tensors())
        if (name.starts_with(start) && !expected.contains(name))
            throw Error(file.path(), tensor.offset, "tensor " + in_quotes(name),
                        "only those of this network");

    for (std::size_t i = 0; i < tensors.size(); ++i)
        write_tensor(memory.data(*tensors[i].place), values[i], tensors[i].place->spec, memory.from_host);
    return passes;
}

#ifdef CTGAN_SEPARATE_COMPILATION
template void gather_weights(TensorsToWrite&, const TensorMemory<const float>&, std::int64_t,
                             const LayerNames&, const std::string&);
template void save_weights(const std::filesystem::path&, const TensorMemory<const float>&, std::int64_t,
                           const LayerNames&, const SafetensorsFile::Metadata&);
template std::int64_t load_weights(const SafetensorsFile&, const TensorMemory<float>&, const LayerNames&,
                                   std::string_view, NonFinite);
template void gather_weights(TensorsToWrite&, const TensorMemory<const double>&, std::int64_t,
                             const LayerNames&, const std::string&);
template void save_weights(const std::filesystem::path&, const TensorMemory<const double>&, std::int64_t,
                           const LayerNames&, const SafetensorsFile::Metadata&);
template std::int64_t load_weights(const SafetensorsFile&, const TensorMemory<double>&, const LayerNames&,
                                   std::string_view, NonFinite);
#endif

} // namespace ctgan::inline CTGAN_ABI::io::detail
