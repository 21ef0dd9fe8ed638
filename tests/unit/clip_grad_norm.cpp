#include <ctgan/layers/activations.hpp>
#include <ctgan/layers/linear.hpp>
#include <ctgan/network/network.hpp>
#include <ctgan/network/sequential.hpp>
#include <ctgan/optim/adam.hpp>
#include <ctgan/optim/bad_tensor.hpp>
#include <ctgan/optim/clip_grad_norm.hpp>

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

/// 3 weights, a bias, 2 weights and 2 biases, with gaps between these tensors.
template <class T>
using Small = Network<Sequential<Linear<3, 1>, Tanh, Linear<1, 2>>, TestBackend, T>;
/// Several chunks of a parallel loop.
using Big = Network<Sequential<Linear<150, 301>, Tanh, Linear<301, 3>>, TestBackend>;

template <class T>
std::vector<T> values(const typename Small<T>::Gradients& gradients) {
    return transfer::values(gradients.data(), gradients.size());
}
/// Gradients (2, -1, 4) and (10, 2): the squares add up to 125.
template <class T>
void set(typename Small<T>::Gradients& gradients) {
    transfer::put(std::vector<T>{2, -1, 4}, gradients.template tensor<0, 0>());
    transfer::put(std::vector<T>{10, 2}, gradients.template tensor<2, 1>());
}

template <class T>
void check_value(T tolerance) {
    typename Small<T>::Gradients gradients;
    BOOST_TEST(grad_norm(gradients) == 0);
    clip_grad_norm(gradients, 1);
    for (const T value : values<T>(gradients)) BOOST_TEST(value == 0);

    set<T>(gradients);
    const auto before = values<T>(gradients);
    BOOST_TEST(grad_norm(gradients) == std::sqrt(125.0), boost::test_tools::tolerance(1e-15));
    BOOST_TEST((values<T>(gradients) == before));

    clip_grad_norm(gradients, 5);
    const double factor = 5 / (std::sqrt(125.0) + 1e-6);
    const auto after = values<T>(gradients);
    for (std::size_t i = 0; i < before.size(); ++i)
        BOOST_TEST(after[i] == static_cast<T>(factor) * before[i], boost::test_tools::tolerance(tolerance));
    BOOST_TEST(grad_norm(gradients) <= 5 * (1 + 1e-6));

    // Below the limit nothing changes, not even the last bit.
    clip_grad_norm(gradients, 5.1);
    BOOST_TEST((values<T>(gradients) == after));
    clip_grad_norm(gradients, std::numeric_limits<double>::infinity());
    BOOST_TEST((values<T>(gradients) == after));
}

} // namespace

BOOST_AUTO_TEST_CASE(the_norm_and_clipping_by_hand) {
    check_value<double>(1e-15);
    check_value<float>(1e-7F);
}

BOOST_AUTO_TEST_CASE(the_norm_is_computed_in_double) {
    // In float the square of one gradient would be infinite or zero.
    const auto check = [](auto& gradients) {
        const double root_of_count = std::sqrt(static_cast<double>(gradients.size()));
        for (const float size : {1e30F, 1e-30F}) {
            TestBackend::fill(gradients.data(), gradients.size(), size);
            BOOST_TEST(grad_norm(gradients) == root_of_count * double{size},
                       boost::test_tools::tolerance(1e-12));
        }
        TestBackend::fill(gradients.data(), gradients.size(), 1e30F);
        clip_grad_norm(gradients, 1);
        BOOST_TEST(grad_norm(gradients) == 1, boost::test_tools::tolerance(1e-6));
    };
    Small<float>::Gradients small;
    check(small);
    Big::Gradients big;
    check(big);
}

BOOST_AUTO_TEST_CASE(gradients_that_are_not_finite_are_left_to_the_optimizer) {
    for (const float bad :
         {std::numeric_limits<float>::quiet_NaN(), std::numeric_limits<float>::infinity()}) {
        Small<float> network(3);
        Small<float>::Gradients gradients;
        set<float>(gradients);
        transfer::put(bad, gradients.tensor<2, 0>());
        BOOST_TEST(!std::isfinite(grad_norm(gradients)));
        const auto before = values<float>(gradients);
        clip_grad_norm(gradients, 1);
        const auto after = values<float>(gradients);
        BOOST_TEST(std::memcmp(before.data(), after.data(), before.size() * sizeof(float)) == 0);
        Adam<Small<float>> adam(network);
        adam.step(network, gradients);
        BOOST_TEST(adam.first_bad_step() == 1);
        BOOST_TEST(first_bad_tensor(network, adam) == "layer 3.weight");
    }
}

BOOST_AUTO_TEST_CASE(a_limit_that_is_not_above_zero_is_refused) {
    Small<float>::Gradients gradients;
    set<float>(gradients);
    const auto before = values<float>(gradients);
    const auto refused = [&](double max_norm, const std::string& found) {
        BOOST_CHECK_EXCEPTION(
            clip_grad_norm(gradients, max_norm), std::invalid_argument, [&](const auto& error) {
                return error.what() == "clip_grad_norm: found max_norm = " + found + ", expected it above 0";
            });
    };
    refused(0, "0");
    refused(-1, "-1");
    refused(std::numeric_limits<double>::quiet_NaN(), "nan");
    BOOST_TEST((values<float>(gradients) == before));
}

BOOST_AUTO_TEST_CASE(norm_and_clipping_have_the_same_bits_with_any_number_of_threads) {
    const auto run = [](int threads) {
        const WithThreads scope(threads);
        Big::Gradients gradients;
        TestBackend::fill_normal(gradients.data(), gradients.size(), 1.0F, {3, 0, 1});
        const double norm = grad_norm(gradients);
        clip_grad_norm(gradients, 0.3);
        return std::pair{norm, transfer::values(gradients.data(), gradients.size())};
    };
    const auto one = run(1);
    BOOST_TEST(one.first > 200);
    BOOST_TEST((run(2) == one));
    BOOST_TEST((run(3) == one));
}
