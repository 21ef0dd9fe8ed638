#pragma once

#include <ctgan/core/config.hpp>
#include <ctgan/layers/input.hpp>
#include <ctgan/messages/arguments.hpp>
#include <ctgan/messages/mismatch.hpp>
#include <ctgan/messages/several.hpp>
#include <ctgan/network/memory_plan.hpp>
#include <ctgan/network/sequential.hpp>
#include <ctgan/network/several.hpp>

#include <type_traits>

/// What a Network can be made of.
namespace ctgan::inline CTGAN_ABI::detail {

/// Whether a type is a layer where a Sequential should be.
template <class Net>
constexpr bool is_only_a_layer() {
    if constexpr (is_sequential<Net>)
        return false; // without looking into it, which would add a step to every message about it
    else if constexpr (BranchesOf<Net>::exist)
        return true;
    else
        return std::is_base_of_v<LayerDefaults, Net>;
}

/// What is wrong with what a Network is made of.
template <class Net, bool is_a_layer = is_only_a_layer<Net>()>
struct ProblemOfNetwork {
    using type = typename Net::MissingInput;
};
template <class Net>
struct ProblemOfNetwork<Net, true> {
    using type = messages::Mismatch<messages::the_network, messages::takes<messages::description_of_network>,
                                    messages::but_is_given<messages::other_type<Net>>>;
};

/// The first of several inputs that no Select passes on; their number if there is none.
template <class Net>
constexpr int find_unused_input() {
    constexpr int count = PartsOf<typename Net::input_shape>::count;
    int unused = 0;
    for (; unused < count; ++unused)
        if (MemoryPlan<Net>::values.inputs[unused] == 0) break;
    return unused;
}
template <class Net>
    requires(!is_only_a_layer<Net>() && Net::valid && PartsOf<typename Net::input_shape>::count > 1 &&
             find_unused_input<Net>() < PartsOf<typename Net::input_shape>::count)
struct ProblemOfNetwork<Net, false> {
    using type = messages::Invalid<typename Net::template place<0>,
                                   messages::has_unused_input<find_unused_input<Net>()>>;
};

/// A description whose missing input Network has reported, so that nothing else does.
template <class Net>
struct Reported : Net {
    using MissingInput = messages::NoProblem;
};
template <class Net, class Problem>
using after_report = std::conditional_t<std::is_same_v<Problem, messages::NoProblem>, Net, Reported<Net>>;

/// The description itself, or something harmless in place of a layer.
template <class Net>
using description_or_harmless =
    std::conditional_t<is_only_a_layer<Net>(), Sequential<InputLayer<Flat<1>>>, Net>;

} // namespace ctgan::inline CTGAN_ABI::detail
