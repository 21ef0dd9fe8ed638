#pragma once

#include <ctgan/backend/operands.hpp>
#include <ctgan/core/config.hpp>
#include <ctgan/core/fail.hpp>
#include <ctgan/core/finite.hpp>
#include <ctgan/layers/linear.hpp>
#include <ctgan/messages/require.hpp>
#include <ctgan/network/is_network.hpp>
#include <ctgan/network/network.hpp>
#include <ctgan/optim/step.hpp>

#include <array>
#include <cstdint>
#include <string>
#include <type_traits>
#include <utility>

namespace ctgan::inline CTGAN_ABI {

namespace detail {

/// What a step does to a parameter: the rule's update, and a note if a gradient is not finite.
template <class Rule, class T>
struct RuleStep {
    typename Rule::template Update<T> update;
    std::int64_t step;      ///< the number of this step
    std::int64_t* bad_step; ///< where `step` is stored if a gradient is not finite
    bool frozen;            ///< true after such a step: nothing changes anymore

    /// V is T, or a pack of several T.
    CTGAN_HD_OR_PACKETS
    template <class V, class... State>
    CTGAN_HD void operator()(V& parameter, V gradient, State&... state) const {
        if (frozen) return;
        if (!is_finite(update(parameter, gradient, state...))) note(bad_step, step);
    }
};

/// The last step's number and what that step does. It is in the backend's memory, so that a recorded step can
/// be played back.
template <class Rule, class T>
struct OptimizerState {
    std::int64_t steps;
    std::int64_t bad_step; ///< the first step with a gradient that is not finite; 0: none
    double lr;             ///< here and not in the options, because it may change
    RuleStep<Rule, T> decayed, undecayed;
};

template <class Rule, class T>
struct NextStep {
    typename Rule::Options options;
    OptimizerState<Rule, T>* state;

    CTGAN_HD void operator()() const {
        if (state->bad_step != 0) {
            state->decayed.frozen = state->undecayed.frozen = true;
            return;
        }
        const auto t = static_cast<double>(++state->steps);
        typename Rule::Options without_decay = options;
        without_decay.weight_decay = 0;
        state->decayed = {Rule::template update<T>(options, state->lr, t), state->steps, &state->bad_step,
                          false};
        state->undecayed = {Rule::template update<T>(without_decay, state->lr, t), state->steps,
                            &state->bad_step, false};
    }
};

} // namespace detail

// clang-format off
/// An optimizer: a rule applied to every parameter of a network, in one sweep over memory. Adam, AdamW, SGD
/// and RMSprop are rules.
///
/// If a gradient, or its square where the rule computes it, is infinite or NaN anywhere in a step, that step
/// is the last: later ones change and count nothing, so first_bad_step() and first_bad_tensor()
/// (optim/bad_tensor.hpp) can be called at any time afterward.
///
/// A rule is a struct like those in optim/sgd.hpp, with
///
///     static constexpr const char* name;                      // for messages
///     struct Options;                                         // with `lr`, `weight_decay` and `decays`
///     static void check(const char* name, const Options&);    // throws if one is out of range
///     static constexpr std::array state_names{...};           // of the values that it keeps for each parameter, at least one
///     static constexpr int squares;                           // the state that is never negative, or -1
///     template <class T> struct Update;                       // V operator()(V& parameter, V gradient, V&... state) const
///     template <class T> static Update<T> update(const Options&, double lr, double step);
///
/// where V is T or a pack of several T. The call returns a value that is finite unless the gradient is not. If nvcc compiles it,
/// it declares no variable of type V: nvcc rejects a pack there. `gradient` can be reused.
// clang-format on
template <class TheNetwork, class Rule>
class Optimizer {
    using ProblemOfNetwork = messages::unless<detail::is_network<TheNetwork>, messages::optimizer<Rule>,
                                              messages::a_network, messages::other_type<TheNetwork>>;
    static constexpr bool valid = std::is_same_v<ProblemOfNetwork, messages::NoProblem>;
    // Something harmless in place of what is not a Network.
    using Network = std::conditional_t<valid, TheNetwork, ctgan::Network<Sequential<Linear<1, 1>>>>;
    using Backend = typename Network::backend;
    using T = typename Network::scalar;
    static constexpr int count = static_cast<int>(Rule::state_names.size());
    static_assert(count > 0, "ctgan: a rule has at least one state, in which a bad gradient shows");

  public:
    using rule = Rule;                      ///< what the optimizer does to a parameter
    using Options = typename Rule::Options; ///< learning rate and so on, as PyTorch's optimizer has them

    /// An optimizer for this network. Its state begins at 0. Pass the same network, or a copy of it, to each
    /// step(). Throws std::invalid_argument if an option is out of range.
    explicit Optimizer(const Network& network, Options options = {})
        : options_(checked(options)),
          network_id_(network.id()),
          states_(count * network.arena_size()),
          state_(1) {
        set_steps(0);
    }
    /// The network must be of the type that the optimizer is made for, and options are in braces. These
    /// constructors only report the errors.
    template <class Call = void>
    explicit Optimizer(messages::Anything = {}, messages::Anything = {}) : Optimizer(Network(0)) {
        using Problem = problem_of_call<messages::network_and_options, messages::other_arguments, Call>;
        CTGAN_REQUIRE (Problem) {
        }
    }
    template <class Call = void>
    explicit Optimizer(Options) : Optimizer(Network(0)) {
        using Problem = problem_of_call<messages::network_and_options, messages::only_options, Call>;
        CTGAN_REQUIRE (Problem) {
        }
    }
    template <class Given>
        requires(detail::is_network<Given> && !std::is_same_v<Given, Network>)
    explicit Optimizer(const Given&, Options = {}) : Optimizer(Network(0)) {
        using Problem =
            std::conditional_t<valid, typename detail::ProblemOfOptimizedNetwork<Rule, Network, Given>::type,
                               messages::ReportedElsewhere>;
        CTGAN_REQUIRE (Problem) {
        }
    }
    template <class Given>
        requires(std::is_arithmetic_v<Given>)
    Optimizer(const Network& network, Given) : Optimizer(network) {
        using Problem = problem_of_call<messages::options_in_braces, messages::other_type<Given>, Given>;
        CTGAN_REQUIRE (Problem) {
        }
    }

    /// One step, in one sweep over the memory of all parameters. Throws std::invalid_argument if `network` is
    /// another one than that of the constructor.
    template <class GivenNetwork, class GivenGradients>
    void step(GivenNetwork& network, const GivenGradients& gradients) {
        using Problem =
            std::conditional_t<valid, detail::problem_of_step<Rule, Network, GivenNetwork, GivenGradients>,
                               messages::ReportedElsewhere>;
        CTGAN_REQUIRE (Problem) {
            check(network);
            Backend::in_region([&] {
                const auto [decayed, undecayed] = next_step();
                update_from(0, network, gradients, decayed, undecayed);
            });
        }
    }

    /// One step after Network::backward_for_update().
    template <class GivenNetwork, class GivenGradients>
    void step(GivenNetwork& network, const GivenGradients& gradients,
              const WeightGradientFactors<T>& factors) {
        using Problem =
            std::conditional_t<valid, detail::problem_of_step<Rule, Network, GivenNetwork, GivenGradients>,
                               messages::ReportedElsewhere>;
        CTGAN_REQUIRE (Problem) {
            check(network);
            Backend::in_region([&] {
                const auto [decayed, undecayed] = next_step();
                const Index begin =
                    detail::update_weight_from_factors<Network>(block(network), factors, decayed);
                update_from(begin, network, gradients, decayed, undecayed);
            });
        }
    }

    /// State k of all parameters, laid out as the parameters are. Rule::state_names tells what it is.
    T* state(int k) { return states_.data() + k * arena_size(); }
    /// The same, read-only.
    const T* state(int k) const { return states_.data() + k * arena_size(); }

    /// The options given to the constructor, and the current learning rate.
    const Options& options() const { return options_; }
    /// Sets the learning rate of the steps to come, recorded ones too. A schedule (optim/schedule.hpp)
    /// computes it. Throws std::invalid_argument if it is negative, infinite or NaN.
    void set_lr(double lr) {
        Options changed = options_;
        changed.lr = lr;
        options_ = checked(changed);
        Backend::from_host(&state_.data()->lr, &options_.lr, 1);
    }
    /// The number of steps taken; waits for the last one.
    std::int64_t steps() const { return now().steps; }
    /// Continues after step number `steps`, whose values have to be stored in state(). Forgets a bad step.
    /// Throws std::invalid_argument if `steps` is negative.
    void set_steps(std::int64_t steps) {
        detail::require_option(Rule::name, "steps", static_cast<double>(steps), steps >= 0, "at least 0");
        const detail::OptimizerState<Rule, T> state{steps, 0, options_.lr, {}, {}};
        Backend::from_host(state_.data(), &state, 1);
    }
    /// The number of the step, counted from 1, whose gradient was not finite, or 0; waits for the last step.
    std::int64_t first_bad_step() const { return now().bad_step; }

  private:
    template <class Takes, class Given, class Call>
    using problem_of_call = std::conditional_t<
        valid, typename detail::ProblemOfCall<messages::optimizer<Rule>, Takes, Given, Call>::type,
        messages::ReportedElsewhere>;

    using Step = InBackendMemory<detail::RuleStep<Rule, T>>;

    static Options checked(const Options& options) {
        detail::require_option(Rule::name, "lr", options.lr, options.lr >= 0 && is_finite(options.lr),
                               "at least 0 and finite");
        detail::require_option(Rule::name, "weight_decay", options.weight_decay,
                               options.weight_decay >= 0 && is_finite(options.weight_decay),
                               "at least 0 and finite");
        Rule::check(Rule::name, options);
        return options;
    }

    Index arena_size() const { return states_.size() / count; }

    auto block(Network& network) {
        return [&]<int... K>(std::integer_sequence<int, K...>) {
            return detail::parameter_block(network, state(K)...);
        }
        (std::make_integer_sequence<int, count>{});
    }

    /// All parameters from `begin` on: in one sweep or, if not all of them decay, tensor by tensor.
    void update_from(Index begin, Network& network, const typename Network::Gradients& gradients,
                     Step decayed, Step undecayed) {
        if (options_.decays == Decays::all || options_.weight_decay == 0)
            return Backend::update(block(network).after(begin), gradients.data() + begin,
                                   network.arena_size() - begin, decayed);
        network.for_each_tensor([&](int, const TensorSpec& tensor, const T* data, bool buffer) {
            const Index at = data - network.parameters();
            if (buffer || at < begin) return;
            Backend::update(block(network).after(at), gradients.data() + at, tensor.size(),
                            tensor.role == Role::weight ? decayed : undecayed);
        });
    }

    detail::OptimizerState<Rule, T> now() const {
        detail::OptimizerState<Rule, T> state;
        Backend::to_host(&state, state_.data(), 1);
        return state;
    }
    std::pair<Step, Step> next_step() {
        detail::OptimizerState<Rule, T>* const state = state_.data();
        Backend::run_once(detail::NextStep<Rule, T>{options_, state});
        // Only the addresses: the host may not be able to read the state itself.
        return {Step{&state->decayed}, Step{&state->undecayed}};
    }

    /// The optimizer's state belongs to one network.
    void check(const Network& network) const {
        if (network.id() != network_id_)
            detail::fail_with<std::invalid_argument>({Rule::name,
                                                      ": found a step on another network than the one that "
                                                      "it was constructed with, expected that one"});
    }

    Options options_;
    std::uint64_t network_id_;
    typename Backend::template Memory<T> states_;
    typename Backend::template Memory<detail::OptimizerState<Rule, T>> state_;

    // Last, because clang stops reading a class at an assertion that fails.
    static_assert(nothing_is_wrong<messages::Message<ProblemOfNetwork>::text>,
                  CTGAN_MESSAGE(ProblemOfNetwork));
};

} // namespace ctgan::inline CTGAN_ABI
