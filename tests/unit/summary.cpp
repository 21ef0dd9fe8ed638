#include <ctgan/ctgan.hpp>

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cstddef>
#include <ratio>
#include <string>
#include <string_view>

using namespace ctgan;

namespace {

using Net =
    Sequential<Input<2, 8, 8>, Conv2d<2, 1200, 1>, LeakyReLU<std::ratio<1, 5>>,
               Residual<Sequential<BatchNorm2d<1200>, Conv2d<1200, 4, 4, 2, 1>>, Conv2d<1200, 4, 1, 2>>,
               Sequential<Identity, Concat<Identity, Conv2d<4, 4, 1>>>, Flatten, Linear<128, 3>>;
constexpr std::string_view table =
    R"(===============================================================================
Name              Layer                     Output shape  Parameters      FLOPs
===============================================================================
                  Input<2, 8, 8>            [2, 8, 8]             --         --
0                 Conv2d<2, 1200, 1, 1, 0>  [1200, 8, 8]       3,600    307,200
1                 LeakyReLU<1/5>            [1200, 8, 8]          --         --
2                 Residual                  [4, 4, 4]             --         --
  2.body.0        BatchNorm2d<1200>         [1200, 8, 8]       2,400         --
  2.body.1        Conv2d<1200, 4, 4, 2, 1>  [4, 4, 4]         76,804  1,881,600
  2.shortcut      Conv2d<1200, 4, 1, 2, 0>  [4, 4, 4]          4,804    153,600
3.0               Identity                  [4, 4, 4]             --         --
3.1               Concat                    [8, 4, 4]             --         --
  3.1.branches.0  Identity                  [4, 4, 4]             --         --
  3.1.branches.1  Conv2d<4, 4, 1, 1, 0>     [4, 4, 4]             20        512
4                 Flatten                   [128]                 --         --
5                 Linear<128, 3>            [3]                  387        768
===============================================================================
Parameters: 88,015, and running statistics: 2,400
FLOPs of a forward pass, per sample: 2,343,680
Memory of the weights, as float: 361.9 kB
Workspace for inference: )";

// Seven levels, whose whole names would take more than 110 characters.
template <int Levels>
struct DeepIn {
    using type = Sequential<ReLU, Concat<Identity, typename DeepIn<Levels - 1>::type>, Conv2d<6, 3, 1>>;
};
template <>
struct DeepIn<0> {
    using type = Conv2d<3, 3, 3, 1, 1>;
};
using Deep = Sequential<Input<3, 8, 8>, DeepIn<7>::type>;

std::size_t count_lines(std::string_view text) {
    return static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
}
std::size_t longest_line(std::string_view text) {
    std::size_t longest = 0;
    for (std::size_t begin = 0, end; (end = text.find('\n', begin)) != text.npos; begin = end + 1)
        longest = (std::max)(longest, end - begin);
    return longest;
}

} // namespace

BOOST_AUTO_TEST_CASE(a_summary_is_the_table_of_a_network) {
    constexpr std::string_view text = summary<Net>;
    BOOST_TEST(text.substr(0, table.size()) == table);
    BOOST_TEST(text.data()[text.size()] == '\0');
    static_assert(Network<Net>::parameter_count == 88015 && Network<Net>::flops == 2343680);
    BOOST_TEST(summary<Network<Net>> == text);
    BOOST_TEST(summary<Frozen<Network<Net>>> == text);
    const std::string in_double(summary<Network<Net, Cpu, double>>);
    BOOST_TEST(in_double.find("as double: 723.7 kB\n") != std::string::npos);
    // The workspaces of one sample and of ten.
    BOOST_TEST(count_lines(text) == count_lines(table) + 3);
}

BOOST_AUTO_TEST_CASE(a_summary_has_the_names_of_the_tensors) {
    for (const std::string_view name : automatic_names<Net>)
        BOOST_TEST(summary<Net>.find(std::string(name) + " ") != std::string_view::npos, name);
}

BOOST_AUTO_TEST_CASE(names_in_a_summary_are_relative_where_lines_would_be_too_long) {
    BOOST_TEST(longest_line(summary<Deep>) <= 110U);
    const std::string text(summary<Deep>);
    BOOST_TEST(text.find("\n0.0   ") != std::string::npos);
    BOOST_TEST(text.find("\n  branches.1.0  ") != std::string::npos);
    BOOST_TEST(text.find("\n              branches.1  ") != std::string::npos);
    BOOST_TEST(text.find("\n            branches.1.2  ") != std::string::npos);
}
