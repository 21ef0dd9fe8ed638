#pragma once

#include <ctgan/core/config.hpp>
#include <ctgan/layers/branches.hpp>
#include <ctgan/layers/layer.hpp>
#include <ctgan/layers/pass.hpp>
#include <ctgan/messages/branch_errors.hpp>

#include <type_traits>

/// What can be wrong with one layer of a network.
namespace ctgan::inline CTGAN_ABI {

template <class... Layers>
struct Sequential;

namespace detail {

/// The shape that enters the network, which its first layer states as `Start`.
template <class First>
struct StartOf {
    using type = messages::Nothing;
};
template <class First>
    requires requires {
        typename First::Start;
        requires std::is_same_v<typename First::ArgumentError, messages::NoProblem>;
    }
struct StartOf<First> {
    using type = typename First::Start;
};

/// Whether there is no out() at all, or one that is not static.
template <class Layer>
concept HasNoOut = std::is_same_v<output_of<Layer, NoShape>, NoOut>;
template <class Layer, class Given>
concept HasNonStaticOut = !Accepts<Layer, Given> && requires(Layer object, Given given) {
    object.out(given);
};

/// What a class is derived from that is not a layer itself, but has layers.
template <class... Layers>
messages::name_only::Sequential base_with_layers(const Sequential<Layers...>*);
template <class... Branches>
messages::name_only::Add base_with_layers(const Add<Branches...>*);
template <class... Branches>
messages::name_only::Concat base_with_layers(const Concat<Branches...>*);
template <class Body, class Shortcut>
messages::name_only::Residual base_with_layers(const Residual<Body, Shortcut>*);

/// What is wrong with a layer that is given a shape.
template <class Layer, class Given, int... Path>
constexpr auto problem_of_layer() {
    using namespace messages;
    using Place = messages::layer_at<Layer, Path...>;
    if constexpr (!std::is_class_v<Layer>)
        return Invalid<Place, is_not_a_layer<>>{};
    else if constexpr (!is_defined<Layer>)
        return Invalid<Place, is_declared_but_not_defined>{};
    else if constexpr (requires { detail::base_with_layers(static_cast<const Layer*>(nullptr)); })
        return Invalid<
            Place, is_derived_from<decltype(detail::base_with_layers(static_cast<const Layer*>(nullptr)))>>{};
    else if constexpr (!std::is_base_of_v<LayerDefaults, Layer>)
        return Invalid<Place, is_not_a_layer<>>{};
    else if constexpr (!std::is_empty_v<Layer>)
        return Invalid<Place, has_data_members>{};
    else if constexpr (!std::is_same_v<typename Layer::ArgumentError, NoProblem>)
        return Invalid<Place, typename Layer::ArgumentError>{};
    else if constexpr (HasNoOut<Layer> || HasNonStaticOut<Layer, Given>)
        return Invalid<Place, has_no<out>>{};
    else if constexpr (!Accepts<Layer, Given>)
        return LayerMismatch<Place, Layer, Given>{};
    else if constexpr (!HasForward<Layer, Given>)
        return Invalid<Place, has_no<forward>>{};
    else
        return NoProblem{};
}

/// Whether there is no such problem. This is cheaper to compile than problem_of_layer().
template <class Layer, class Given>
concept ValidLayer = messages::is_defined<Layer> && std::is_base_of_v<LayerDefaults, Layer> &&
    std::is_empty_v<Layer> && std::is_same_v<typename Layer::ArgumentError, messages::NoProblem> &&
    Accepts<Layer, Given> && HasForward<Layer, Given>;

} // namespace detail
} // namespace ctgan::inline CTGAN_ABI
