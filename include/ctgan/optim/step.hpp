#pragma once

#include <ctgan/core/config.hpp>
#include <ctgan/core/fail.hpp>
#include <ctgan/layers/pass.hpp>
#include <ctgan/network/is_network.hpp>
#include <ctgan/network/network.hpp>

#include <cmath>
#include <cstdint>
#include <cstdio>
#include <stdexcept>
#include <string>
#include <type_traits>

namespace ctgan::inline CTGAN_ABI {

/// Which parameters weight decay applies to.
enum class Decays {
    all,    ///< all of them, as in PyTorch
    weights ///< only weights of matrix products and convolutions, not biases and not those of normalizations
};

} // namespace ctgan::inline CTGAN_ABI

// What the steps of all optimizers share.
namespace ctgan::inline CTGAN_ABI::detail {

[[noreturn]] CTGAN_COLD inline void refuse_option(const char* who, const char* option, double found,
                                                  const char* expected) {
    char number[32]; // std::to_string would show 1e-9 as 0.000000
    std::snprintf(number, sizeof number, "%g", found);
    fail_with<std::invalid_argument>({who, ": found ", option, " = ", number, ", expected ", expected});
}
/// Throws std::invalid_argument unless an option is in its range.
inline void require_option(const char* who, const char* option, double found, bool good,
                           const char* expected) {
    if (!good) refuse_option(who, option, found, expected);
}

/// a b + c, rounded once. A compiler may or may not fuse a * b + c, so the result of an update would depend
/// on the compiler. The packs of the CPU backend have the same function, rounded once if the target can do
/// so.
CTGAN_HD inline float multiply_add(float a, float b, float c) { return std::fma(a, b, c); }
CTGAN_HD inline double multiply_add(double a, double b, double c) { return std::fma(a, b, c); }

/// 0 in place of a negative value; NaN stays NaN. The packs have the same function.
template <class T>
CTGAN_HD T positive_part(T x) {
    return x < T{0} ? T{0} : x;
}

/// Stores a step number. Other threads may store the same one at the same time.
CTGAN_HD inline void note(std::int64_t* place, std::int64_t number) {
#if CTGAN_IN_KERNEL
    *static_cast<volatile std::int64_t*>(place) = number;
#else
    __atomic_store_n(place, number, __ATOMIC_RELAXED);
#endif
}

/// The parameters of a network with an optimizer's state for them, which is laid out as the parameters are.
template <class Network, class... State>
ParameterBlock<typename Network::scalar, static_cast<int>(sizeof...(State))>
parameter_block(Network& network, State*... state) {
    return {network.parameters(), {state...}};
}

/// An optimizer's update f of the first weight, if its gradient was left as factors. Returns where the rest
/// of the parameters begins.
template <class Network, class T, int States, class F>
Index update_weight_from_factors(const ParameterBlock<T, States>& block,
                                 const WeightGradientFactors<T>& factors, const F& f) {
    using Backend = typename Network::backend;
    Index begin = 0; // the weight, if it is left out, is the first tensor
    if constexpr (Network::deferred_layer >= 0) {
        using Layer = typename Network::net::template layer<Network::deferred_layer>;
        Layer::template update_weight<Backend>(block, factors.input, factors.output_gradient, factors.batch,
                                               f);
        begin = tensor_offset(Layer::parameters, 1);
    }
    return begin;
}

/// An optimizer that is constructed with a network of another type.
template <class Rule, class Network, class Given>
struct ProblemOfOptimizedNetwork {
    using type =
        messages::Mismatch<messages::optimizer<Rule>, messages::takes<messages::network_it_was_made_for>,
                           messages::but_is_given<messages::another_network>>;
};
template <class Rule, class Net, class B, class T, class Given>
struct ProblemOfOptimizedNetwork<Rule, Network<Net, B, T>, Network<Net, B, Given>> {
    using type = messages::compare<messages::optimizer<Rule>, messages::values<T>, messages::values<Given>>;
};

/// The network that an optimizer, made for `Network`, is to change.
template <class Rule, class Network, class Given>
using problem_of_updated =
    messages::first_problem<messages::unless<!std::is_const_v<Given>, messages::optimizer<Rule>,
                                             messages::network_to_change, messages::const_network>,
                            messages::unless<std::is_same_v<Given, Network>, messages::optimizer<Rule>,
                                             messages::network_it_was_made_for, messages::another_network>>;

/// The arguments of a step.
template <class Rule, class Network, class Given, class Gradients>
using problem_of_step =
    messages::first_problem<problem_of_updated<Rule, Network, Given>,
                            problem_of_gradients<messages::optimizer<Rule>, Network, Gradients>>;

} // namespace ctgan::inline CTGAN_ABI::detail
