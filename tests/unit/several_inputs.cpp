// Networks with several inputs and outputs compute what their parts compute as networks of their own. On
// whole numbers, whose sums are exact.

#include <ctgan/dcgan.hpp>

#include <boost/test/unit_test.hpp>

#include "integers.hpp"
#include <limits>
#include <stdexcept>
#include <string>
#include <tuple>
#include <type_traits>
#include <vector>

using namespace ctgan;

namespace {

using Floats = std::vector<float>;
constexpr int batch = 5;
constexpr float not_a_number = std::numeric_limits<float>::quiet_NaN();

/// Input 0 and the labels are read twice, and so is what the first Concat returns.
using Net =
    Sequential<Inputs<Flat<3>, Classes<4>, Flat<2>>,
               Concat<Select<0>, Sequential<Select<1>, Embedding<4, 2>>, Select<2>,
                      Sequential<Select<1>, Embedding<4, 1>>, Sequential<Select<0>, Linear<3, 2>, ReLU>>,
               Outputs<Linear<10, 2>, Identity, Sequential<ReLU, Linear<10, 1>>>>;
static_assert(Net::valid && std::is_same_v<Net::output_shape, SeveralShapes<Flat<2>, Flat<10>, Flat<1>>>);
using TheNetwork = Network<Net, TestBackend>;
static_assert(TheNetwork::parameter_count == 4 * 2 + 4 * 1 + (3 * 2 + 2) + (10 * 2 + 2) + (10 * 1 + 1));

Floats whole_numbers(Index n, std::uint32_t purpose) {
    const auto drawn = integers::draw(n, purpose);
    return {drawn.begin(), drawn.end()};
}
const std::vector<int> label_of{3, 0, 3, 1, 0}; // class 2 has no sample

/// The expected results, by simple loops over the parameters in PyTorch's order.
struct Expected {
    Floats joined{}, score{}, last{};                    // outputs
    Floats to_first{}, to_third{};                       // gradients with respect to inputs
    Floats embedding2{}, embedding1{}, linear{}, bias{}; // gradients with respect to parameters
};

struct Case {
    Floats x0 = whole_numbers(batch * 3, 1), x2 = whole_numbers(batch * 2, 2);
    Floats e2 = whole_numbers(8, 3), e1 = whole_numbers(4, 4), w = whole_numbers(6, 5),
           b = whole_numbers(2, 6);
    Floats v = whole_numbers(20, 7), c = whole_numbers(2, 8), u = whole_numbers(10, 9),
           d = whole_numbers(1, 10);
    Floats g0 = whole_numbers(batch * 2, 11), g1 = whole_numbers(batch * 10, 12),
           g2 = whole_numbers(batch, 13);

    Expected expected() const {
        Expected r;
        r.to_first.resize(x0.size());
        r.to_third.resize(x2.size());
        r.embedding2.resize(8);
        r.embedding1.resize(4);
        r.linear.resize(6);
        r.bias.resize(2);
        for (std::size_t s = 0; s < batch; ++s) {
            const auto label = static_cast<std::size_t>(label_of[s]);
            Floats row{x0[s * 3],         x0[s * 3 + 1], x0[s * 3 + 2], e2[label * 2],
                       e2[label * 2 + 1], x2[s * 2],     x2[s * 2 + 1], e1[label]};
            for (std::size_t o = 0; o < 2; ++o) {
                float sum = b[o];
                for (std::size_t i = 0; i < 3; ++i) sum += w[o * 3 + i] * x0[s * 3 + i];
                row.push_back(sum > 0 ? sum : 0);
            }
            r.joined.insert(r.joined.end(), row.begin(), row.end());
            float last = d[0];
            Floats to_row(10);
            for (std::size_t k = 0; k < 10; ++k) {
                last += u[k] * (row[k] > 0 ? row[k] : 0);
                to_row[k] = g1[s * 10 + k] + v[k] * g0[s * 2] + v[10 + k] * g0[s * 2 + 1] +
                            (row[k] > 0 ? u[k] * g2[s] : 0);
            }
            for (std::size_t o = 0; o < 2; ++o) {
                float sum = c[o];
                for (std::size_t k = 0; k < 10; ++k) sum += v[o * 10 + k] * row[k];
                r.score.push_back(sum);
            }
            r.last.push_back(last);
            for (std::size_t i = 0; i < 3; ++i) r.to_first[s * 3 + i] = to_row[i];
            for (std::size_t o = 0; o < 2; ++o) {
                r.embedding2[label * 2 + o] += to_row[3 + o];
                r.to_third[s * 2 + o] = to_row[5 + o];
                const float slope = row[8 + o] > 0 ? to_row[8 + o] : 0;
                r.bias[o] += slope;
                for (std::size_t i = 0; i < 3; ++i) {
                    r.linear[o * 3 + i] += slope * x0[s * 3 + i];
                    r.to_first[s * 3 + i] += slope * w[o * 3 + i];
                }
            }
            r.embedding1[label] += to_row[7];
        }
        return r;
    }
};

/// Copies a tensor to a network, in the order in which they are listed.
void set_parameters(TheNetwork& network, const std::vector<const Floats*>& tensors) {
    std::size_t next = 0;
    network.for_each_tensor([&](int, const TensorSpec& tensor, float* data, bool) {
        Floats ordered(static_cast<std::size_t>(tensor.size()));
        from_pytorch_order(ordered.data(), tensors[next++]->data(), tensor);
        transfer::put(ordered, data);
    });
}
/// Tensor `number` of a network's gradients, in PyTorch's order.
Floats gradient(const TheNetwork& network, const TheNetwork::Gradients& gradients, int number) {
    Floats found;
    network.for_each_tensor([&](int, const TensorSpec& tensor, const float* data, bool) {
        if (number-- != 0) return;
        const Floats ordered =
            transfer::values(gradients.data() + (data - network.parameters()), tensor.size());
        found.resize(ordered.size());
        to_pytorch_order(found.data(), ordered.data(), tensor);
    });
    return found;
}

template <class Workspace>
void poison(Workspace& workspace) {
    detail::for_each_index<Net::depth>([&](auto i) {
        constexpr int At = decltype(i)::value + 1;
        if (float* const to = workspace.template writable_position<At>())
            TestBackend::fill(to, Index{batch} * Net::shape<At>::size, not_a_number);
    });
}

std::string message_of(const auto& action) {
    try {
        action();
    } catch (const std::invalid_argument& error) {
        return error.what();
    }
    return "nothing thrown";
}

} // namespace

BOOST_AUTO_TEST_SUITE(several_inputs)

BOOST_AUTO_TEST_CASE(inputs_and_outputs_equal_simple_loops) {
    const Case the;
    const Expected expected = the.expected();
    TheNetwork network(0);
    set_parameters(network, {&the.e2, &the.e1, &the.w, &the.b, &the.v, &the.c, &the.u, &the.d});
    BatchOn<Flat<3>, TestBackend> x0(batch);
    BatchOn<Flat<2>, TestBackend> x2(batch), g0(batch);
    BatchOn<Flat<10>, TestBackend> g1(batch);
    BatchOn<Flat<1>, TestBackend> g2(batch);
    const BatchOn<Classes<4>, TestBackend> labels(label_of);
    transfer::put(the.x0, x0.data());
    transfer::put(the.x2, x2.data());
    transfer::put(the.g0, g0.data());
    transfer::put(the.g1, g1.data());
    transfer::put(the.g2, g2.data());

    const auto check_outputs = [&](const TheNetwork::OutputView& outputs) {
        BOOST_TEST(transfer::values(std::get<0>(outputs)) == expected.score,
                   boost::test_tools::per_element());
        BOOST_TEST(transfer::values(std::get<1>(outputs)) == expected.joined,
                   boost::test_tools::per_element());
        BOOST_TEST(transfer::values(std::get<2>(outputs)) == expected.last, boost::test_tools::per_element());
    };
    TheNetwork::Workspace inference(batch);
    poison(inference);
    check_outputs(network.forward(x0, labels, x2, inference));
    TheNetwork::TrainingWorkspace workspace(batch);
    poison(workspace);
    check_outputs(network.forward_training(x0, labels, x2, workspace));

    const auto check_inputs = [&](const TheNetwork::InputView& to) {
        static_assert(std::is_same_v<std::tuple_element_t<1, TheNetwork::InputView>, NoGradient>);
        BOOST_TEST(transfer::values(std::get<0>(to)) == expected.to_first, boost::test_tools::per_element());
        BOOST_TEST(transfer::values(std::get<2>(to)) == expected.to_third, boost::test_tools::per_element());
    };
    TheNetwork::Gradients gradients;
    const auto check_parameters = [&](float times) {
        const auto check = [&](int number, Floats values) {
            for (float& value : values) value *= times;
            BOOST_TEST(gradient(network, gradients, number) == values, boost::test_tools::per_element());
        };
        check(0, expected.embedding2);
        check(1, expected.embedding1);
        check(2, expected.linear);
        check(3, expected.bias);
    };
    const auto poison_gradients = [&] {
        TestBackend::fill(workspace.gradients(), workspace.gradients_size(), not_a_number);
    };
    TestBackend::fill(gradients.data(), gradients.size(), not_a_number);
    poison_gradients();
    check_inputs(network.backward<WithRespectTo::both>(g0, g1, g2, workspace, &gradients));
    check_parameters(1);
    poison_gradients();
    check_inputs(network.backward_to_input(g0, g1, g2, workspace));
    poison_gradients();
    network.backward(g0, g1, g2, workspace, gradients, true);
    check_parameters(2);
    TestBackend::fill(gradients.data(), gradients.size(), not_a_number);
    poison_gradients();
    network.backward(g0, g1, g2, workspace, gradients);
    check_parameters(1);
}

BOOST_AUTO_TEST_CASE(labels_are_checked_when_they_enter) {
    using Labels = BatchOn<Classes<10>, TestBackend>;
    BOOST_TEST(message_of([] {
                   Labels(std::vector{1, 2, 3, 12});
               }) == "labels: found 12 at position 3, expected 0 to 9");
    BOOST_TEST(message_of([] { Labels(std::vector<long>{-1}); }) ==
               "labels: found -1 at position 0, expected 0 to 9");
    BOOST_TEST(message_of([] { Labels(std::vector<std::uint64_t>{~std::uint64_t{0}}); }) ==
               "labels: found 18446744073709551615 at position 0, expected 0 to 9");
    Labels labels(std::vector<std::uint8_t>{9, 0});
    BOOST_TEST(message_of([&] { labels.assign(std::vector{1}); }) == "labels: found 1 of them, expected 2");
    BOOST_TEST(message_of([&] {
                   labels.assign(std::vector{1, 10});
               }) == "labels: found 10 at position 1, expected 0 to 9");
    BOOST_TEST((labels.to_host() == std::vector<std::int32_t>{9, 0}));
}

BOOST_AUTO_TEST_CASE(batches_of_different_size_are_refused) {
    TheNetwork network(0);
    TheNetwork::TrainingWorkspace workspace(batch);
    const BatchOn<Flat<3>, TestBackend> x0(batch);
    const BatchOn<Flat<2>, TestBackend> x2(batch), g0(batch);
    const BatchOn<Classes<4>, TestBackend> labels(batch), fewer(batch - 1);
    BOOST_TEST(message_of([&] { network.forward_training(x0, fewer, x2, workspace); }) ==
               "forward_training: found 4 samples for input 1, expected 5, as many as for input 0");
    network.forward_training(x0, labels, x2, workspace);
    const BatchOn<Flat<10>, TestBackend> g1(batch);
    const BatchOn<Flat<1>, TestBackend> g2(batch + 1);
    BOOST_TEST(message_of([&] { network.backward_to_input(g0, g1, g2, workspace); }) ==
               "backward: found 6 samples for output 2, expected 5, as many as for output 0");
}

// A sum of two losses, each on its output; the labels are those of the network's input.
BOOST_AUTO_TEST_CASE(cross_entropy_takes_the_labels_of_a_network) {
    BatchOn<Flat<4>, TestBackend> logits(batch), gradient(batch), same(batch);
    TestBackend::fill_normal(logits.data(), logits.size(), 1.F, {1});
    const BatchOn<Classes<4>, TestBackend> labels(label_of);
    BatchOn<Flat<1>, TestBackend, std::int32_t> as_values(batch);
    TestBackend::copy(as_values.data(), labels.data(), Index{batch});
    const double found = loss<CrossEntropyLoss>(logits, labels, gradient);
    BOOST_TEST(found == loss<CrossEntropyLoss>(logits, as_values, same));
    BOOST_TEST((transfer::values(gradient) == transfer::values(same)));
}

BOOST_AUTO_TEST_SUITE_END()
