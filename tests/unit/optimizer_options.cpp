// Options of optimizers that are out of range.

#include <ctgan/layers/linear.hpp>
#include <ctgan/network/network.hpp>
#include <ctgan/network/sequential.hpp>
#include <ctgan/optim/adam.hpp>
#include <ctgan/optim/rmsprop.hpp>
#include <ctgan/optim/sgd.hpp>

#include <boost/test/unit_test.hpp>

#include "../backend.hpp"
#include <limits>
#include <stdexcept>
#include <string>

using namespace ctgan;

namespace {

using Net = Network<Sequential<Linear<5, 3>>, TestBackend>;
constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();
constexpr double infinite = std::numeric_limits<double>::infinity();

/// The message of the std::invalid_argument that `call` throws; empty if it throws none.
template <class Call>
std::string refusal(const Call& call) {
    try {
        call();
    } catch (const std::invalid_argument& error) {
        return error.what();
    }
    return "";
}

/// Checks that the options are refused with this message.
template <class Optimizer>
void refused(const typename Optimizer::Options& options, const std::string& message) {
    const Net network(0);
    BOOST_TEST(refusal([&] { Optimizer optimizer(network, options); }) == message);
}
template <class Optimizer>
void accepted(const typename Optimizer::Options& options) {
    const Net network(0);
    BOOST_TEST(refusal([&] { Optimizer optimizer(network, options); }) == "");
}

template <class Optimizer>
void check_common_options(const std::string& name) {
    refused<Optimizer>({.lr = -1e-9}, name + ": found lr = -1e-09, expected at least 0 and finite");
    refused<Optimizer>({.lr = not_a_number}, name + ": found lr = nan, expected at least 0 and finite");
    refused<Optimizer>({.weight_decay = -0.5},
                       name + ": found weight_decay = -0.5, expected at least 0 and finite");
    refused<Optimizer>({.lr = infinite}, name + ": found lr = inf, expected at least 0 and finite");
    refused<Optimizer>({.weight_decay = infinite},
                       name + ": found weight_decay = inf, expected at least 0 and finite");
    refused<Optimizer>({.weight_decay = not_a_number},
                       name + ": found weight_decay = nan, expected at least 0 and finite");
    accepted<Optimizer>({.lr = 0, .weight_decay = 0});
    accepted<Optimizer>({.lr = 10, .weight_decay = 2});
}

template <class Optimizer>
void check_moments(const std::string& name) {
    for (const double below : {-0.1, 1.0, 1.5}) {
        const std::string found = below == -0.1 ? "-0.1" : below == 1 ? "1" : "1.5";
        refused<Optimizer>({.betas = {below, 0.999}},
                           name + ": found betas.first = " + found + ", expected at least 0 and below 1");
        refused<Optimizer>({.betas = {0.9, below}},
                           name + ": found betas.second = " + found + ", expected at least 0 and below 1");
    }
    refused<Optimizer>({.betas = {not_a_number, 0.999}},
                       name + ": found betas.first = nan, expected at least 0 and below 1");
    refused<Optimizer>({.eps = -1e-8}, name + ": found eps = -1e-08, expected at least 0");
    refused<Optimizer>({.eps = not_a_number}, name + ": found eps = nan, expected at least 0");
    accepted<Optimizer>({.betas = {0, 0}, .eps = 0});
    accepted<Optimizer>({.betas = {0.999999, 0.999999}});
}

template <class Optimizer>
void check_set_lr(const std::string& name) {
    const Net network(0);
    Optimizer optimizer(network, {.lr = 0.5});
    BOOST_TEST(refusal([&] { optimizer.set_lr(-0.25); }) ==
               name + ": found lr = -0.25, expected at least 0 and finite");
    BOOST_TEST(refusal([&] { optimizer.set_lr(not_a_number); }) ==
               name + ": found lr = nan, expected at least 0 and finite");
    BOOST_TEST(optimizer.options().lr == 0.5); // unchanged
    optimizer.set_lr(0);
    BOOST_TEST(optimizer.options().lr == 0);
}

} // namespace

BOOST_AUTO_TEST_CASE(options_of_adam_out_of_range_are_refused) {
    check_common_options<Adam<Net>>("Adam");
    check_moments<Adam<Net>>("Adam");
    check_common_options<AdamW<Net>>("AdamW");
    check_moments<AdamW<Net>>("AdamW");
}

BOOST_AUTO_TEST_CASE(options_of_sgd_out_of_range_are_refused) {
    check_common_options<SGD<Net>>("SGD");
    refused<SGD<Net>>({.momentum = -0.9}, "SGD: found momentum = -0.9, expected at least 0");
    refused<SGD<Net>>({.momentum = not_a_number}, "SGD: found momentum = nan, expected at least 0");
    refused<SGD<Net>>({.nesterov = true},
                      "SGD: found nesterov with momentum = 0, expected a momentum above 0");
    accepted<SGD<Net>>({.momentum = 0.9, .nesterov = true});
}

BOOST_AUTO_TEST_CASE(options_of_rmsprop_out_of_range_are_refused) {
    check_common_options<RMSprop<Net>>("RMSprop");
    refused<RMSprop<Net>>({.alpha = -0.1}, "RMSprop: found alpha = -0.1, expected at least 0 and below 1");
    refused<RMSprop<Net>>({.alpha = 1}, "RMSprop: found alpha = 1, expected at least 0 and below 1");
    refused<RMSprop<Net>>({.alpha = not_a_number},
                          "RMSprop: found alpha = nan, expected at least 0 and below 1");
    refused<RMSprop<Net>>({.eps = -1e-8}, "RMSprop: found eps = -1e-08, expected at least 0");
    refused<RMSprop<Net>>({.momentum = -1}, "RMSprop: found momentum = -1, expected at least 0");
    accepted<RMSprop<Net>>({.alpha = 0, .eps = 0, .momentum = 0.5, .centered = true});
}

BOOST_AUTO_TEST_CASE(a_learning_rate_out_of_range_is_refused_later_too) {
    check_set_lr<Adam<Net>>("Adam");
    check_set_lr<AdamW<Net>>("AdamW");
    check_set_lr<SGD<Net>>("SGD");
    check_set_lr<RMSprop<Net>>("RMSprop");
}

BOOST_AUTO_TEST_CASE(defaults_are_pytorch_s) {
    const Net network(0);
    BOOST_TEST(Adam<Net>(network).options().lr == 1e-3);
    BOOST_TEST(Adam<Net>(network).options().betas.first == 0.9);
    BOOST_TEST(Adam<Net>(network).options().betas.second == 0.999);
    BOOST_TEST(Adam<Net>(network).options().eps == 1e-8);
    BOOST_TEST(Adam<Net>(network).options().weight_decay == 0);
    BOOST_TEST(AdamW<Net>(network).options().lr == 1e-3);
    BOOST_TEST(AdamW<Net>(network).options().weight_decay == 1e-2);
    BOOST_TEST(SGD<Net>(network).options().lr == 1e-3);
    BOOST_TEST(SGD<Net>(network).options().momentum == 0);
    BOOST_TEST(RMSprop<Net>(network).options().lr == 1e-2);
    BOOST_TEST(RMSprop<Net>(network).options().alpha == 0.99);
    BOOST_TEST(RMSprop<Net>(network).options().eps == 1e-8);
}
