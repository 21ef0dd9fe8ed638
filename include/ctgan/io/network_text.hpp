#pragma once

#include <ctgan/core/config.hpp>
#include <ctgan/core/type_list.hpp>
#include <ctgan/layers/convolution.hpp>
#include <ctgan/layers/dropout.hpp>
#include <ctgan/layers/linear.hpp>
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

/// The options of a convolution that are not at their defaults: "in 64", "out 128", "kernel 3x5", "no bias".
std::vector<std::string> options_text(const Conv2dOptions& options);
std::vector<std::string> options_text(const ConvTranspose2dOptions& options);

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
template <int In, int Out>
struct ArgumentsOf<Linear<In, Out, true>> {
    static std::string text() { return in_brackets({std::to_string(In), std::to_string(Out)}); }
};
template <int In, int Out>
struct ArgumentsOf<Linear<In, Out, false>> {
    static std::string text() { return in_brackets({std::to_string(In), std::to_string(Out), "no bias"}); }
};
template <Conv2dOptions options>
struct ArgumentsOf<Conv2dWith<options>> {
    static std::string text() { return in_brackets(options_text(options)); }
};
template <ConvTranspose2dOptions options>
struct ArgumentsOf<ConvTranspose2dWith<options>> {
    static std::string text() { return in_brackets(options_text(options)); }
};
template <class P, DropoutMode when>
struct ArgumentsOf<Dropout2d<P, when>> {
    static std::string text() {
        return in_brackets({argument_text<P>(), when == DropoutMode::always ? "always" : "in training"});
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
/// "Conv2d<1, 64, 3, 2, 0> to [64, 13, 13]" or "Conv2d<in 64, out 128, kernel 3x5, no bias> to [128, 11, 9]",
/// where options at their defaults are left out. After branches, it says which layers are read. The text is
/// the same with every compiler, so a file can record which network it belongs to. For a user's own layer
/// whose template takes anything other than ints alone or types alone, the text has only the name and the
/// output shape.
template <class Net>
std::vector<std::string> layers_text() {
    std::vector<std::string> layers;
    ctgan::detail::for_each_index<Net::depth>([&](auto i) {
        constexpr int At = decltype(i)::value;
        using Layer = typename Net::template layer<At>;
        messages::Writer shape;
        write(shape, typename Net::template shape<At + 1>{});
        layers.push_back(std::string(messages::name_in_messages<Layer>) + detail::ArgumentsOf<Layer>::text() +
                         detail::operands_text<Net, At>() + " to " +
                         std::string(shape.begin(), shape.length()));
    });
    return layers;
}

} // namespace ctgan::inline CTGAN_ABI::io

#ifndef CTGAN_SEPARATE_COMPILATION
#    include <ctgan/io/impl/network_text.hpp>
#endif
