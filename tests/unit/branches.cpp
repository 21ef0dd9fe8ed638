// Add, Concat and Residual compute what their branches compute as networks of their own. On whole numbers,
// whose sums are exact.

#include <ctgan/dcgan.hpp>

#include <boost/test/unit_test.hpp>

#include "integers.hpp"
#include <cmath>
#include <limits>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

using namespace ctgan;

namespace {

constexpr int batch = 3;
using Shape = Image<4, 6, 5>;
using Floats = std::vector<float>;

using A = Sequential<Conv2d<4, 4, 3, 1, 1>, ReLU, Conv2d<4, 4, 3, 1, 1>>;
using B = Conv2d<4, 4, 1>;
using C = Sequential<ReLU, Conv2d<4, 3, 3, 1, 1>>;

/// Flattened: Input, the three layers of A, B, the sum. A layer reads what the one before it returns, or the
/// input of the branches.
using Block = Sequential<Input<4, 6, 5>, Residual<A, B>>;
static_assert(Block::valid && Block::depth == 6);
static_assert(std::is_same_v<Block::layer<4>, B> && std::is_same_v<Block::given<4>, Shape>);
static_assert(Block::graph::wiring.operand(1) == 1 && Block::graph::wiring.operand(2) == 2);
static_assert(Block::graph::wiring.operand(4) == 1 && Block::graph::wiring.operand_count(5) == 2);
static_assert(Block::graph::wiring.operands[5] == 4 && Block::graph::wiring.operands[6] == 5);

Floats whole_numbers(Index n, std::uint32_t purpose) {
    const auto drawn = integers::draw(n, purpose);
    return {drawn.begin(), drawn.end()};
}

/// What a pass forward and backward returns.
struct Results {
    Floats output, input_gradient, gradients;
};

/// Both passes of a network, all of whose memory has been filled with NaN before. Its parameters are whole
/// numbers that depend on their place in `parameters`, from `first` on.
template <class Net>
Results run(const Floats& parameters, const Floats& input, const Floats& output_gradient) {
    using TheNetwork = Network<Net, TestBackend>;
    constexpr float nan = std::numeric_limits<float>::quiet_NaN();
    TheNetwork network(0);
    BOOST_TEST_REQUIRE(static_cast<Index>(parameters.size()) == network.arena_size());
    transfer::put(parameters, network.parameters());
    BatchOn<Shape, TestBackend> x(batch);
    BatchOn<typename Net::output_shape, TestBackend> dy(batch);
    transfer::put(input, x.data());
    transfer::put(output_gradient, dy.data());

    typename TheNetwork::TrainingWorkspace workspace(batch);
    typename TheNetwork::Workspace inference(batch);
    const auto poison = [&](auto& of) {
        detail::for_each_index<Net::depth>([&](auto i) {
            constexpr int At = decltype(i)::value + 1;
            if (float* const to = of.template writable_position<At>())
                TestBackend::fill(to, Index{batch} * Net::template shape<At>::size, nan);
        });
    };
    poison(workspace);
    poison(inference);
    TestBackend::fill(workspace.gradients(), workspace.gradients_size(), nan);
    typename TheNetwork::Gradients gradients;
    TestBackend::fill(gradients.data(), gradients.size(), nan);

    Results results;
    results.output = transfer::values(network.forward_training(x, workspace));
    BOOST_TEST(transfer::values(network.forward(x, inference)) == results.output,
               boost::test_tools::per_element());
    results.input_gradient =
        transfer::values(network.template backward<WithRespectTo::both>(dy, workspace, &gradients));
    results.gradients = transfer::values(gradients);

    // The gradients of one kind alone are the same.
    TestBackend::fill(workspace.gradients(), workspace.gradients_size(), nan);
    BOOST_TEST(transfer::values(network.backward_to_input(dy, workspace)) == results.input_gradient,
               boost::test_tools::per_element());
    typename TheNetwork::Gradients alone;
    TestBackend::fill(alone.data(), alone.size(), nan);
    TestBackend::fill(workspace.gradients(), workspace.gradients_size(), nan);
    network.backward(dy, workspace, alone);
    const Floats to_parameters = transfer::values(alone);
    for (std::size_t i = 0; i < to_parameters.size(); ++i)
        if (!std::isnan(to_parameters[i]) || !std::isnan(results.gradients[i])) // the gaps of the arena
            BOOST_TEST(to_parameters[i] == results.gradients[i]);
    return results;
}

/// Values [rows][columns]: the columns from `first` on, `count` of them.
Floats columns_of(const Floats& values, int columns, int first, int count) {
    Floats part;
    for (std::size_t row = 0; row < values.size(); row += static_cast<std::size_t>(columns))
        for (int c = first; c < first + count; ++c) part.push_back(values[row + static_cast<std::size_t>(c)]);
    return part;
}

void add(Floats& to, const Floats& values) {
    if (to.empty()) to.resize(values.size());
    for (std::size_t i = 0; i < to.size(); ++i) to[i] += values[i];
}

void check_same(const Floats& found, const Floats& expected, const char* what) {
    BOOST_TEST_REQUIRE(found.size() == expected.size());
    std::size_t wrong = 0, nonzero = 0;
    for (std::size_t i = 0; i < found.size(); ++i) {
        if (std::isnan(expected[i]) && std::isnan(found[i])) continue; // a gap
        wrong += found[i] == expected[i] ? 0 : 1;
        nonzero += expected[i] != 0 ? 1 : 0;
    }
    BOOST_TEST(wrong == 0U, what << ": " << wrong << " of " << found.size() << " values differ");
    BOOST_TEST(nonzero > found.size() / 4,
               what << ": " << nonzero << " of " << found.size() << " values are not zero");
}

/// Compares a layer with branches, after another layer, with its branches. `sums`: they are added up,
/// otherwise their channels are put together.
template <class Before, class Layer, bool sums, class... Branches>
void check_after() {
    using Whole = Sequential<Input<4, 6, 5>, Before, Layer>;
    constexpr int channels = Whole::output_shape::channels;
    const Floats parameters = whole_numbers(Network<Whole, TestBackend>(0).arena_size(), 1);
    const Floats input = whole_numbers(Index{batch} * Shape::size, 2);
    const Floats output_gradient = whole_numbers(Index{batch} * Whole::output_shape::size, 3);
    const Results whole = run<Whole>(parameters, input, output_gradient);

    Floats output(whole.output.size()), input_gradient, gradients;
    std::size_t first_parameter = 0;
    int first_channel = 0;
    const auto visit = [&]<class Branch>(std::type_identity<Branch>) {
        using Alone = Sequential<Input<4, 6, 5>, Before, Branch>;
        constexpr int own = Alone::output_shape::channels;
        const auto size = static_cast<std::size_t>(Network<Alone, TestBackend>(0).arena_size());
        const auto begin = parameters.begin() + static_cast<std::ptrdiff_t>(first_parameter);
        const Results part =
            run<Alone>({begin, begin + static_cast<std::ptrdiff_t>(size)}, input,
                       sums ? output_gradient : columns_of(output_gradient, channels, first_channel, own));
        first_parameter += size;
        add(input_gradient, part.input_gradient);
        gradients.insert(gradients.end(), part.gradients.begin(), part.gradients.end());
        if (sums)
            add(output, part.output);
        else
            for (std::size_t i = 0; i < part.output.size(); ++i)
                output[i / own * channels + static_cast<std::size_t>(first_channel) + i % own] =
                    part.output[i];
        if (!sums) first_channel += own;
    };
    (visit(std::type_identity<Branches>{}), ...);
    check_same(whole.output, output, "output");
    check_same(whole.input_gradient, input_gradient, "gradient with respect to the input");
    if (!gradients.empty()) check_same(whole.gradients, gradients, "gradients");
}

/// Branches that read what is in the workspace's memory.
template <class Layer, bool sums, class... Branches>
void check() {
    check_after<LeakyReLU<std::ratio<1, 2>>, Layer, sums, Branches...>();
}

} // namespace

BOOST_AUTO_TEST_CASE(a_residual_block_adds_its_shortcut_and_its_body) {
    check<Residual<A>, true, A, Identity>();
    check<Residual<A, B>, true, A, B>();
    check<Residual<ReLU>, true, ReLU, Identity>();
    check<Residual<Identity>, true, Identity, Identity>();
}

BOOST_AUTO_TEST_CASE(add_adds_its_branches) {
    check<Add<A, B>, true, A, B>();
    check<Add<Identity, A, B, ReLU>, true, Identity, A, B, ReLU>();
    // A sum that writes over what it reads may read that again.
    check<Add<Identity, B, Identity>, true, Identity, B, Identity>();
    check<Add<B, Identity, Identity>, true, B, Identity, Identity>();
    check<Add<Identity, Identity, Identity>, true, Identity, Identity, Identity>();
}

BOOST_AUTO_TEST_CASE(concat_puts_the_channels_of_its_branches_together) {
    check<Concat<A, C>, false, A, C>();
    check<Concat<Identity, A>, false, Identity, A>();
    check<Concat<B, Identity, C, Identity>, false, B, Identity, C, Identity>();
}

BOOST_AUTO_TEST_CASE(branches_may_contain_branches) {
    check<Add<Residual<A, B>, Concat<C, Conv2d<4, 1, 1>>>, true, Residual<A, B>,
          Concat<C, Conv2d<4, 1, 1>>>();
    check<Concat<Sequential<Residual<B>, Residual<ReLU>>, Add<Identity, Concat<C, Conv2d<4, 1, 1>>>>, false,
          Sequential<Residual<B>, Residual<ReLU>>, Add<Identity, Concat<C, Conv2d<4, 1, 1>>>>();
}

BOOST_AUTO_TEST_CASE(branches_may_read_the_user_s_input) {
    check_after<Identity, Residual<A, B>, true, A, B>();
    check_after<Identity, Residual<ReLU>, true, ReLU, Identity>();
    check_after<Identity, Concat<Identity, A>, false, Identity, A>();
}
