#include <ctgan/ctgan.hpp>

#include <boost/test/unit_test.hpp>

#include <type_traits>

using namespace ctgan;

// A Sequential among the layers of another equals its layers in its place, at any depth.
namespace {

using Block = Sequential<ReLU, BatchNorm1d<4>>;
using Nested = Sequential<Linear<3, 4>, Block, Sequential<Sequential<Linear<4, 4>>, Block>, Linear<4, 2>>;
using Flattened =
    Sequential<Linear<3, 4>, ReLU, BatchNorm1d<4>, Linear<4, 4>, ReLU, BatchNorm1d<4>, Linear<4, 2>>;

} // namespace

BOOST_AUTO_TEST_CASE(a_nested_sequential_equals_its_layers) {
    static_assert(Nested::valid && Nested::depth == Flattened::depth);
    static_assert(std::is_same_v<Nested::layer<3>, Linear<4, 4>> &&
                  std::is_same_v<Nested::layer<5>, BatchNorm1d<4>>);
    static_assert(std::is_same_v<Nested::shape<5>, Flattened::shape<5>>);
    BOOST_TEST(Network<Nested>::parameter_count == Network<Flattened>::parameter_count);

    const Network<Nested> nested(5);
    const Network<Flattened> flattened(5);
    Network<Nested>::Workspace nested_workspace(2);
    Network<Flattened>::Workspace flattened_workspace(2);
    Batch<Flat<3>> input(2);
    Cpu::fill_normal(input.data(), input.size(), 1.F, {.seed = 1});
    const auto a = nested.forward(input, nested_workspace);
    const auto b = flattened.forward(input, flattened_workspace);
    for (Index i = 0; i < a.size(); ++i) BOOST_TEST(a.data[i] == b.data[i]);
}
