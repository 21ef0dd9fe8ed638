#pragma once

#include <ctgan/core/type_list.hpp>
#include <ctgan/layers/dropout.hpp>
#include <ctgan/messages/mismatch.hpp>

#include <ratio>
#include <string>
#include <type_traits>
#include <vector>

namespace ctgan::io {

namespace detail {

template <class Argument>
std::string argument_text() {
    return std::string(messages::name_of<Argument>());
}
template <class Argument>
    requires requires { typename std::ratio<Argument::num, Argument::den>::type; }
std::string argument_text() { return std::to_string(Argument::num) + "/" + std::to_string(Argument::den); }

inline std::string in_brackets(const std::vector<std::string>& arguments) {
    std::string text;
    for (const std::string& argument : arguments) text += (text.empty() ? "<" : ", ") + argument;
    return text.empty() ? text : text + ">";
}

/// A layer's template arguments. Not as the compiler writes the type: each leaves out other ones.
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

} // namespace detail

/// Each layer of a network with its settings and what leaves it: "Conv2d<1, 64, 3, 2, 0> to [64, 13, 13]".
/// The same from every compiler, so that a file can say which network it belongs to. Of a layer of a user's
/// own whose template takes other arguments than numbers or types, only the name and the output.
template <class Net>
std::vector<std::string> layers_text() {
    std::vector<std::string> layers;
    ctgan::detail::for_each_index<Net::depth>([&](auto i) {
        constexpr int I = decltype(i)::value;
        using Layer = typename Net::template layer<I>;
        messages::Writer shape;
        write(shape, typename Net::template shape<I + 1>{});
        layers.push_back(std::string(messages::name_of<Layer>()) + detail::ArgumentsOf<Layer>::text() +
                         " to " + std::string(shape.begin(), shape.length()));
    });
    return layers;
}

} // namespace ctgan::io
