#pragma once

#include <ctgan/core/config.hpp>
#include <ctgan/core/type_list.hpp>
#include <ctgan/layers/batch_norm.hpp>
#include <ctgan/layers/dropout.hpp>
#include <ctgan/layers/group_norm.hpp>
#include <ctgan/layers/layer_norm.hpp>
#include <ctgan/layers/spectral_norm.hpp>
#include <ctgan/messages/mismatch.hpp>

#include <ratio>
#include <string>
#include <type_traits>
#include <vector>

namespace ctgan::inline CTGAN_ABI::io {

namespace detail {

template <class Argument>
std::string argument_text() {
    return std::string(messages::name_of<Argument>());
}
template <class Argument>
    requires requires { typename std::ratio<Argument::num, Argument::den>::type; }
std::string argument_text() { return std::to_string(Argument::num) + "/" + std::to_string(Argument::den); }

std::string in_brackets(const std::vector<std::string>& arguments);

/// A layer's template arguments as text. They are not taken from the compiler's text of the type, because
/// compilers differ in which arguments they leave out.
template <class Layer>
struct ArgumentsOf {
    static std::string text() { return {}; }
};
template <template <int...> class Layer, int... N>
struct ArgumentsOf<Layer<N...>> {
    static std::string text() { return in_brackets({std::to_string(N)...}); }
};
template <template <class...> class Layer, class... Arguments>
struct ArgumentsOf<Layer<Arguments...>> {
    static std::string text() { return in_brackets({argument_text<Arguments>()...}); }
};
template <class P, DropoutMode when>
struct ArgumentsOf<Dropout2d<P, when>> {
    static std::string text() {
        return in_brackets({argument_text<P>(), when == DropoutMode::always ? "always" : "in training"});
    }
};

inline std::string affine_text(bool affine) { return affine ? "affine" : "not affine"; }

/// A batch normalization with PyTorch's defaults is described as before there were others.
template <int N, class Eps, class Momentum, bool affine>
std::string batch_norm_text() {
    constexpr bool is_default = std::ratio_equal_v<Eps, std::ratio<1, 100000>> &&
                                std::ratio_equal_v<Momentum, std::ratio<1, 10>> && affine;
    if (is_default) return in_brackets({std::to_string(N)});
    return in_brackets(
        {std::to_string(N), argument_text<Eps>(), argument_text<Momentum>(), affine_text(affine)});
}
template <int N, class Eps, class Momentum, bool affine>
struct ArgumentsOf<BatchNorm1d<N, Eps, Momentum, affine>> {
    static std::string text() { return batch_norm_text<N, Eps, Momentum, affine>(); }
};
template <int N, class Eps, class Momentum, bool affine>
struct ArgumentsOf<BatchNorm2d<N, Eps, Momentum, affine>> {
    static std::string text() { return batch_norm_text<N, Eps, Momentum, affine>(); }
};
template <int G, int N, class Eps, bool affine>
struct ArgumentsOf<GroupNorm<G, N, Eps, affine>> {
    static std::string text() {
        return in_brackets({std::to_string(G), std::to_string(N), argument_text<Eps>(), affine_text(affine)});
    }
};
template <int N, class Eps, bool affine>
struct ArgumentsOf<InstanceNorm2d<N, Eps, affine>> {
    static std::string text() {
        return in_brackets({std::to_string(N), argument_text<Eps>(), affine_text(affine)});
    }
};
template <class Shape, class Eps, bool affine>
struct ArgumentsOf<LayerNormOf<Shape, Eps, affine>> {
    static std::string text() { return in_brackets({argument_text<Eps>(), affine_text(affine)}); }
};
template <class Layer>
struct ArgumentsOf<SpectralNorm<Layer>> {
    static std::string text() {
        return in_brackets({std::string(messages::name_of<Layer>()) + ArgumentsOf<Layer>::text()});
    }
};

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
        messages::Writer shape;
        write(shape, typename Net::template shape<At + 1>{});
        layers.push_back(std::string(messages::name_of<Layer>()) + detail::ArgumentsOf<Layer>::text() +
                         detail::operands_text<Net, At>() + " to " +
                         std::string(shape.begin(), shape.length()));
    });
    return layers;
}

} // namespace ctgan::inline CTGAN_ABI::io

#ifndef CTGAN_SEPARATE_COMPILATION
#    include <ctgan/io/impl/network_text.hpp>
#endif
