#pragma once

#include <ctgan/core/config.hpp>
#include <ctgan/io/error.hpp>
#include <ctgan/io/impl/weights.hpp>
#include <ctgan/io/safetensors.hpp>
#include <ctgan/io/separate_compilation.hpp>
#include <ctgan/io/tensors_to_write.hpp>
#include <ctgan/io/weights.hpp>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <set>
#include <span>
#include <string>
#include <vector>

namespace ctgan::inline CTGAN_ABI::io::detail {

/// State number `number` of a parameter.
template <class T>
struct NamedState {
    std::string name;
    const TensorSpec* spec;
    T* data;
    int number;
};

/// All states of all parameters, in the order of the file.
template <class T>
std::vector<NamedState<T>> named_states(std::span<const TensorAt> tensors,
                                        const OptimizerMemory<T>& optimizer, const LayerNames& layers,
                                        const std::string& prefix) {
    std::vector<NamedState<T>> states;
    for (const NamedTensor& tensor : named_tensors(tensors, layers)) {
        const TensorSpec& spec = tensor.place->spec;
        if (tensor.place->is_buffer) continue;
        for (std::size_t k = 0; k < optimizer.state_names.size(); ++k)
            states.push_back(
                {prefix + optimizer.state_names[k] + "." + tensor.name, &spec,
                 optimizer.states + static_cast<Index>(k) * optimizer.size + tensor.place->offset,
                 static_cast<int>(k)});
    }
    return states;
}

template <class T>
void gather_optimizer(TensorsToWrite& tensors, const TensorMemory<const T>& network,
                      const OptimizerMemory<const T>& optimizer, std::int64_t steps, const LayerNames& layers,
                      const std::string& prefix) {
    tensors.add(prefix + "step", steps);
    for (const auto& state : named_states(network.tensors, optimizer, layers, prefix))
        tensors.add(state.name, *state.spec, state.data, network.to_host);
}

template <class T>
std::int64_t restore_optimizer(const SafetensorsFile& file, const TensorMemory<T>& network,
                               const OptimizerMemory<T>& optimizer, const LayerNames& layers,
                               const std::string& prefix) {
    const auto states = named_states(network.tensors, optimizer, layers, prefix);
    std::set<std::string, std::less<>> expected{prefix + "step"};
    for (const auto& state : states) expected.insert(state.name);
    for (const auto& [name, tensor] : file.tensors())
        if (name.starts_with(prefix) && !expected.contains(name))
            throw Error(file.path(), tensor.offset, "tensor " + in_quotes(name),
                        "only tensors that " + std::string(optimizer.rule) + " keeps for these layers");
    for (const auto& state : states) {
        TensorSpec spec = *state.spec;
        if (state.number == optimizer.squares)
            spec.role = Role::running_variance; // weights_of() rejects negative ones
        write_tensor(state.data, weights_of<T>(file, state.name, spec), spec, network.from_host);
    }
    const auto steps = file.value<std::int64_t>(prefix + "step");
    constexpr std::int64_t most = std::int64_t{1} << 62; // so later steps cannot overflow the counter
    if (steps < 0 || steps > most)
        throw Error(file.path(), file.tensor(prefix + "step").offset,
                    std::to_string(steps) + " in tensor " + in_quotes(prefix + "step"),
                    "a number of steps from 0 to 2^62");
    return steps;
}

#ifdef CTGAN_SEPARATE_COMPILATION
template void gather_optimizer(TensorsToWrite&, const TensorMemory<const float>&,
                               const OptimizerMemory<const float>&, std::int64_t, const LayerNames&,
                               const std::string&);
template std::int64_t restore_optimizer(const SafetensorsFile&, const TensorMemory<float>&,
                                        const OptimizerMemory<float>&, const LayerNames&, const std::string&);
template void gather_optimizer(TensorsToWrite&, const TensorMemory<const double>&,
                               const OptimizerMemory<const double>&, std::int64_t, const LayerNames&,
                               const std::string&);
template std::int64_t restore_optimizer(const SafetensorsFile&, const TensorMemory<double>&,
                                        const OptimizerMemory<double>&, const LayerNames&,
                                        const std::string&);
#endif

} // namespace ctgan::inline CTGAN_ABI::io::detail
