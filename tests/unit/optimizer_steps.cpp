// What all optimizers have in common, checked for each rule.

#include <ctgan/layers/activations.hpp>
#include <ctgan/layers/batch_norm.hpp>
#include <ctgan/layers/linear.hpp>
#include <ctgan/network/network.hpp>
#include <ctgan/network/sequential.hpp>
#include <ctgan/optim/adam.hpp>
#include <ctgan/optim/bad_tensor.hpp>
#include <ctgan/optim/rmsprop.hpp>
#include <ctgan/optim/sgd.hpp>

#include <boost/test/unit_test.hpp>

#include "../backend.hpp"
#include "../with_threads.hpp"
#include <cmath>
#include <cstring>
#include <limits>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

using namespace ctgan;

namespace {

/// Calls f(network type, options, name) for each rule, with the options that all parts of a rule need.
template <class Net, class F>
void for_each_rule(const F& f, double weight_decay = 0.1, Decays decays = Decays::all) {
    f.template operator()<Adam<Net>>({.lr = 0.01, .weight_decay = weight_decay, .decays = decays});
    f.template operator()<AdamW<Net>>({.lr = 0.01, .weight_decay = weight_decay, .decays = decays});
    f.template operator()<SGD<Net>>({.lr = 0.01, .weight_decay = weight_decay, .decays = decays});
    f.template operator()<SGD<Net>>(
        {.lr = 0.01, .momentum = 0.9, .weight_decay = weight_decay, .nesterov = true, .decays = decays});
    f.template operator()<RMSprop<Net>>({.lr = 0.01, .weight_decay = weight_decay, .decays = decays});
    f.template operator()<RMSprop<Net>>(
        {.lr = 0.01, .weight_decay = weight_decay, .momentum = 0.5, .centered = true, .decays = decays});
}

/// Tensors of all roles, whose sizes are not multiples of a register's lanes.
template <class T>
using OddNet = Network<Sequential<Linear<7, 37>, BatchNorm1d<37>, Tanh, Linear<37, 3>>, TestBackend, T>;

template <class Net>
void fill_gradients(typename Net::Gradients& gradients, std::uint64_t step) {
    TestBackend::fill_normal(gradients.data(), gradients.size(), typename Net::scalar{1}, {3, step, 1});
}
/// A step with random gradients.
template <class Optimizer, class Net>
void take_step(Optimizer& optimizer, Net& network, std::uint64_t step) {
    typename Net::Gradients gradients;
    fill_gradients<Net>(gradients, step);
    optimizer.step(network, gradients);
}

/// Parameters and state.
template <class Optimizer, class Net>
auto everything(const Net& network, const Optimizer& optimizer) {
    auto all = transfer::values(network.parameters(), network.arena_size());
    for (int k = 0; k < static_cast<int>(Optimizer::rule::state_names.size()); ++k) {
        const auto state = transfer::values(optimizer.state(k), network.arena_size());
        all.insert(all.end(), state.begin(), state.end());
    }
    return all;
}

/// Compares bytes, so that NaN equals itself.
template <class T>
bool same_bits(const std::vector<T>& a, const std::vector<T>& b) {
    return a.size() == b.size() && std::memcmp(a.data(), b.data(), a.size() * sizeof(T)) == 0;
}

template <class Net>
struct OneBadValue {
    using T = typename Net::scalar;
    T bad;

    template <class Optimizer>
    void operator()(const typename Optimizer::Options& options) const {
        const Net start(3);
        start.for_each_tensor([&](int layer, const TensorSpec& tensor, const T* data, bool buffer) {
            if (buffer) return;
            const Index at = data - start.parameters() + tensor.size() - 1;
            Net network = start;
            Optimizer optimizer(network, options);
            take_step(optimizer, network, 0);
            take_step(optimizer, network, 1);
            BOOST_TEST(optimizer.first_bad_step() == 0);
            BOOST_TEST(optimizer.steps() == 2);
            BOOST_TEST(first_bad_tensor(network, optimizer) == "");
            typename Net::Gradients gradients;
            fill_gradients<Net>(gradients, 2);
            transfer::put(bad, gradients.data() + at);
            optimizer.step(network, gradients);
            const auto after_bad_step = everything(network, optimizer);
            take_step(optimizer, network, 3);
            optimizer.set_lr(1);
            take_step(optimizer, network, 4);
            BOOST_TEST_CONTEXT(Optimizer::rule::name << ": " << bad << " in layer " << layer + 1 << "'s "
                                                     << tensor.name) {
                BOOST_TEST(optimizer.first_bad_step() == 3);
                BOOST_TEST(optimizer.steps() == 3);
                BOOST_TEST(same_bits(everything(network, optimizer), after_bad_step));
                BOOST_TEST(first_bad_tensor(network, optimizer) ==
                           "layer " + std::to_string(layer + 1) + "." + tensor.name);
                // set_steps() forgets the bad step.
                optimizer.set_steps(7);
                BOOST_TEST(optimizer.first_bad_step() == 0);
                BOOST_TEST(optimizer.steps() == 7);
            }
        });
    }
};

template <class T>
void check_bad_values() {
    for (const T bad : {std::numeric_limits<T>::quiet_NaN(), std::numeric_limits<T>::infinity(),
                        -std::numeric_limits<T>::infinity()})
        for (const Decays decays : {Decays::all, Decays::weights})
            for_each_rule<OddNet<T>>(OneBadValue<OddNet<T>>{bad}, 0.1, decays);
}

/// The parameters after three steps; `optimizer` must be new.
template <class Optimizer>
std::vector<double> after_steps(const typename Optimizer::Options& options) {
    OddNet<double> network(3);
    TestBackend::fill(network.parameters(), network.arena_size(), 1.0); // biases of 0 would hide a decay
    Optimizer optimizer(network, options);
    for (std::uint64_t step = 0; step < 3; ++step) take_step(optimizer, network, step);
    return transfer::values(network.parameters(), network.arena_size());
}

struct DecaysOfWeights {
    template <class Optimizer>
    void operator()(typename Optimizer::Options options) const {
        options.decays = Decays::weights;
        const auto found = after_steps<Optimizer>(options);
        options.decays = Decays::all;
        const auto decayed = after_steps<Optimizer>(options);
        options.weight_decay = 0;
        const auto undecayed = after_steps<Optimizer>(options);
        const OddNet<double> network(0);
        int weights = 0, others = 0;
        network.for_each_tensor([&](int layer, const TensorSpec& tensor, const double* data, bool buffer) {
            if (buffer) return;
            const bool is_weight = tensor.name == std::string("weight") && layer != 1;
            ++(is_weight ? weights : others);
            const auto at = data - network.parameters(), end = at + tensor.size();
            const auto part = [&](const std::vector<double>& all) {
                return std::vector<double>(all.begin() + at, all.begin() + end);
            };
            BOOST_TEST((part(decayed) != part(undecayed)));
            BOOST_TEST((part(found) == part(is_weight ? decayed : undecayed)),
                       Optimizer::rule::name << ", layer " << layer << "'s " << tensor.name);
        });
        BOOST_TEST(weights == 2);
        BOOST_TEST(others == 4);
    }
};

/// The first weight's gradient stays in factors, and the others' are whole.
using WithFactors = Network<Sequential<Linear<30, 77>, Tanh, Linear<77, 3>>, TestBackend, double>;
static_assert(WithFactors::deferred_layer == 0);

template <class Optimizer>
std::vector<double> after_steps_from(bool factors, const typename Optimizer::Options& options) {
    constexpr int batch = 4;
    WithFactors network(1);
    Optimizer optimizer(network, options);
    BatchOn<Flat<30>, TestBackend, double> input(batch);
    BatchOn<Flat<3>, TestBackend, double> gradient(batch);
    TestBackend::fill_normal(input.data(), input.size(), 1.0, {4, 0, 1});
    TestBackend::fill_normal(gradient.data(), gradient.size(), 1.0, {4, 0, 2});
    WithFactors::TrainingWorkspace workspace(batch);
    WithFactors::Gradients gradients;
    for (int step = 0; step < 3; ++step) {
        network.forward_training(input, workspace);
        if (factors) {
            const auto left = network.backward_for_update(gradient, workspace, gradients);
            optimizer.step(network, gradients, left);
        } else {
            network.backward(gradient, workspace, gradients);
            optimizer.step(network, gradients);
        }
    }
    return transfer::values(network.parameters(), network.arena_size());
}

struct FactorsEqualGradients {
    template <class Optimizer>
    void operator()(const typename Optimizer::Options& options) const {
        const auto a = after_steps_from<Optimizer>(true, options);
        const auto b = after_steps_from<Optimizer>(false, options);
        for (std::size_t i = 0; i < a.size(); ++i)
            BOOST_TEST_REQUIRE(std::abs(a[i] - b[i]) <= 1e-10, Optimizer::rule::name << " at " << i);
    }
};

struct AnotherNetwork {
    template <class Optimizer>
    void operator()(const typename Optimizer::Options& options) const {
        using Net = OddNet<float>;
        Net network(3), other(3);
        Optimizer optimizer(network, options);
        typename Net::Gradients gradients;
        const auto before = everything(other, optimizer);
        const auto names_the_problem = [](const std::invalid_argument& error) {
            return error.what() == std::string(Optimizer::rule::name) +
                                       ": found a step on another network than the one that it was "
                                       "constructed with, expected that one";
        };
        BOOST_CHECK_EXCEPTION(optimizer.step(other, gradients), std::invalid_argument, names_the_problem);
        BOOST_CHECK_EXCEPTION(optimizer.step(other, gradients, WeightGradientFactors<float>{}),
                              std::invalid_argument, names_the_problem);
        BOOST_TEST((everything(other, optimizer) == before));
        BOOST_TEST(optimizer.steps() == 0);
        // A copy, and where the network is moved to, count as the network.
        Net copy = network;
        take_step(optimizer, copy, 0);
        take_step(optimizer, network, 1);
        Net moved = std::move(network);
        take_step(optimizer, moved, 2);
        BOOST_TEST(optimizer.steps() == 3);
    }
};

struct ContinuesFromState {
    template <class Optimizer>
    void operator()(const typename Optimizer::Options& options) const {
        using Net = OddNet<float>;
        constexpr int states = static_cast<int>(Optimizer::rule::state_names.size());
        Net network(3);
        Optimizer first(network, options);
        for (std::uint64_t step = 0; step < 3; ++step) take_step(first, network, step);

        // Another optimizer with the state, the steps and the rate of the first.
        Net other = network;
        auto changed = options;
        changed.lr = 0.5;
        Optimizer second(other, changed);
        TestBackend::copy(second.state(0), first.state(0), states * network.arena_size());
        second.set_steps(first.steps());
        second.set_lr(0.03);
        first.set_lr(0.03);
        BOOST_TEST(first.options().lr == 0.03);
        const auto before = everything(network, first);
        take_step(first, network, 3);
        take_step(second, other, 3);
        BOOST_TEST((everything(network, first) == everything(other, second)), Optimizer::rule::name);
        BOOST_TEST((everything(network, first) != before));
        BOOST_TEST(second.steps() == 4);

        // With a rate of 0 the state changes, but no parameter.
        const auto parameters = transfer::values(network.parameters(), network.arena_size());
        first.set_lr(0);
        const auto now = everything(network, first);
        take_step(first, network, 4);
        BOOST_TEST((transfer::values(network.parameters(), network.arena_size()) == parameters));
        BOOST_TEST((everything(network, first) != now));
    }
};

struct ZeroGradients {
    template <class Optimizer>
    void operator()(typename Optimizer::Options options) const {
        using Net = OddNet<float>;
        typename Net::Gradients zero;
        // Without decay nothing moves.
        options.weight_decay = 0;
        Net network(3);
        Optimizer still(network, options);
        const auto before = transfer::values(network.parameters(), network.arena_size());
        for (int step = 0; step < 3; ++step) still.step(network, zero);
        BOOST_TEST((transfer::values(network.parameters(), network.arena_size()) == before),
                   Optimizer::rule::name);
        BOOST_TEST(still.first_bad_step() == 0);
        BOOST_TEST(still.steps() == 3);
        // With decay every parameter shrinks.
        options.weight_decay = 0.1;
        Optimizer decaying(network, options);
        for (int step = 0; step < 3; ++step) decaying.step(network, zero);
        const auto after = transfer::values(network.parameters(), network.arena_size());
        for (std::size_t i = 0; i < after.size(); ++i) {
            // A step of Adam or RMSprop is at least about lr long, however small the parameter.
            if (std::abs(before[i]) < 0.1F) continue;
            BOOST_TEST_REQUIRE(std::abs(after[i]) < std::abs(before[i]),
                               Optimizer::rule::name << " at " << i);
        }
    }
};

struct SameBitsWithThreads {
    template <class Optimizer>
    void operator()(const typename Optimizer::Options& options) const {
        const auto run = [&](int threads) {
            const WithThreads scope(threads);
            BigNet network(3);
            Optimizer optimizer(network, options);
            for (std::uint64_t step = 0; step < 3; ++step) take_step(optimizer, network, step);
            return everything(network, optimizer);
        };
        const auto one = run(1);
        BOOST_TEST((run(2) == one), Optimizer::rule::name);
        BOOST_TEST((run(3) == one), Optimizer::rule::name);
    }
    /// Several chunks of a parallel loop, even in one tensor.
    using BigNet = Network<Sequential<Linear<150, 301>, Tanh, Linear<301, 3>>, TestBackend>;
};

} // namespace

BOOST_AUTO_TEST_CASE(a_gradient_that_is_not_finite_stops_each_optimizer) {
    check_bad_values<float>();
    check_bad_values<double>();
}

BOOST_AUTO_TEST_CASE(weight_decay_of_weights_spares_biases_and_normalizations) {
    for_each_rule<OddNet<double>>(DecaysOfWeights{});
}

BOOST_AUTO_TEST_CASE(a_step_from_factors_equals_one_from_gradients) {
    for (const Decays decays : {Decays::all, Decays::weights})
        for_each_rule<WithFactors>(FactorsEqualGradients{}, 0.1, decays);
}

BOOST_AUTO_TEST_CASE(an_optimizer_knows_its_network) { for_each_rule<OddNet<float>>(AnotherNetwork{}); }

BOOST_AUTO_TEST_CASE(each_optimizer_continues_from_state_steps_and_rate) {
    for_each_rule<OddNet<float>>(ContinuesFromState{});
}

BOOST_AUTO_TEST_CASE(zero_gradients_move_only_what_decays) { for_each_rule<OddNet<float>>(ZeroGradients{}); }

BOOST_AUTO_TEST_CASE(each_optimizer_gives_the_same_bits_with_any_number_of_threads) {
    for (const Decays decays : {Decays::all, Decays::weights})
        for_each_rule<SameBitsWithThreads::BigNet>(SameBitsWithThreads{}, 0.1, decays);
}
