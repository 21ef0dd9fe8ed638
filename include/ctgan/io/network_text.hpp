#pragma once

#include <ctgan/core/config.hpp>
#include <ctgan/core/type_list.hpp>
#include <ctgan/messages/mismatch.hpp>
#include <ctgan/network/layer_text.hpp>

#include <string>
#include <vector>

namespace ctgan::inline CTGAN_ABI::io {

namespace detail {

/// What a layer reads, if that is not just the output of the layer before it: " of 3, 7", the layers counted
/// from 1, or 0 for the network's input.
template <class Net, int At>
std::string operands_text() {
    constexpr const auto& wiring = Net::graph::wiring;
    if (wiring.operand_count(At) == 1 && wiring.operand(At) == At) return {};
    std::string text;
    for (int k = wiring.first[At]; k < wiring.first[At + 1]; ++k)
        text += (text.empty() ? " of " : ", ") + std::to_string(wiring.operands[k]);
    return text;
}

} // namespace detail

/// Describes each layer of a network: its name, its template arguments and its output shape, for example
/// "Conv2d<1, 64, 3, 2, 0> to [64, 13, 13]". After branches, it says which layers are read. The text is the
/// same with every compiler, so a file can record which network it belongs to. For a user's own layer whose
/// template takes anything other than ints alone or types alone, the text has only the name and the output
/// shape.
template <class Net>
std::vector<std::string> layers_text() {
    std::vector<std::string> layers;
    ctgan::detail::for_each_index<Net::depth>([&](auto i) {
        constexpr int At = decltype(i)::value;
        using Layer = typename Net::template layer<At>;
        messages::Writer layer, shape;
        ctgan::detail::write_layer<Layer>(layer);
        write(shape, typename Net::template shape<At + 1>{});
        layers.push_back(std::string(layer.begin(), layer.length()) + detail::operands_text<Net, At>() +
                         " to " + std::string(shape.begin(), shape.length()));
    });
    return layers;
}

} // namespace ctgan::inline CTGAN_ABI::io
