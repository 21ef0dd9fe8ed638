// Where the plan puts the activations of networks with branches: no two values that are needed at the same
// time overlap, and no more memory is taken than what is needed at the same time.

#include <ctgan/dcgan.hpp>

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <string>
#include <vector>

using namespace ctgan;

namespace {

template <int In, int Out>
using Up = Residual<Sequential<BatchNorm2d<In>, ReLU, Upsample<2>, Conv2d<In, Out, 3, 1, 1>, BatchNorm2d<Out>,
                               ReLU, Conv2d<Out, Out, 3, 1, 1>>,
                    Sequential<Upsample<2>, Conv2d<In, Out, 1>>>;
template <int In, int Out>
using Down =
    Residual<Sequential<ReLU, Conv2d<In, Out, 3, 1, 1>, ReLU, Conv2d<Out, Out, 3, 1, 1>, AvgPool2d<2>>,
             Sequential<Conv2d<In, Out, 1>, AvgPool2d<2>>>;
template <int C>
using Keep = Residual<Sequential<ReLU, Conv2d<C, C, 3, 1, 1>, ReLU, Conv2d<C, C, 3, 1, 1>>>;
using ResNetGenerator = Sequential<Linear<128, 256 * 4 * 4>, Reshape<256, 4, 4>, Up<256, 256>, Up<256, 256>,
                                   Up<256, 256>, BatchNorm2d<256>, ReLU, Conv2d<256, 3, 3, 1, 1>, Tanh>;
using ResNetDiscriminator =
    Sequential<Input<3, 32, 32>, Conv2d<3, 128, 3, 1, 1>, Down<128, 128>, Down<128, 128>, Keep<128>,
               Keep<128>, ReLU, Flatten, Linear<128 * 8 * 8, 1>>;

template <int C, class Inner>
using Level = Concat<Identity, Sequential<Conv2d<C, 2 * C, 4, 2, 1>, LeakyReLU<std::ratio<1, 5>>, Inner,
                                          ConvTranspose2d<4 * C, C, 4, 2, 1>, ReLU>>;
template <int C>
using Lowest = Concat<Identity, Sequential<Conv2d<C, 2 * C, 4, 2, 1>, LeakyReLU<std::ratio<1, 5>>,
                                           ConvTranspose2d<2 * C, C, 4, 2, 1>, ReLU>>;
using UNet = Sequential<Input<1, 28, 28>, Conv2d<1, 32, 3, 1, 1>, LeakyReLU<std::ratio<1, 5>>,
                        Level<32, Lowest<64>>, Conv2d<64, 1, 1>, Tanh>;

using Nested =
    Sequential<Input<8, 6, 6>, Residual<Residual<Residual<Conv2d<8, 8, 3, 1, 1>>>>,
               Add<Conv2d<8, 8, 1>, Identity,
                   Sequential<Conv2d<8, 16, 1>, Concat<Conv2d<16, 2, 1>, ReLU, Tanh>, Conv2d<34, 8, 1>>>,
               Concat<Add<Identity, Identity>, Sequential<Conv2d<8, 4, 1>, Residual<ReLU>>>,
               Conv2d<12, 3, 1>>;

/// A value of a pass in memory: the output of a layer that computes something, and when it is needed.
struct Value {
    int position, written, last_read;
    Index begin, size;
};

template <class Net>
std::vector<Value> values_of() {
    using Plan = detail::MemoryPlan<Net>;
    std::vector<Value> values;
    const auto& wiring = Net::graph::wiring;
    const auto first_with_this_value = [&](int position) {
        while (position > 0 && Plan::facts[position - 1].is_identity) position = wiring.operand(position - 1);
        return position;
    };
    for (int position = 1; position <= Net::depth; ++position) {
        if (Plan::facts[position - 1].is_identity) continue;
        Value value{position, position - 1, position - 1, Plan::for_inference.at[position],
                    Plan::sizes[position]};
        for (int layer = 0; layer < Net::depth; ++layer)
            for (int k = wiring.first[layer]; !Plan::facts[layer].is_identity && k < wiring.first[layer + 1];
                 ++k)
                if (first_with_this_value(wiring.operands[k]) == position) value.last_read = layer;
        if (first_with_this_value(Net::depth) == position) value.last_read = Net::depth;
        values.push_back(value);
    }
    return values;
}

/// Whether a layer may write over a value that it reads for the last time.
template <class Net>
bool may_overwrite(const Value& read, const Value& written) {
    using Plan = detail::MemoryPlan<Net>;
    const auto& layer = Plan::facts[written.written];
    // A sum writes the first two operands over one of them, and then reads the others.
    const auto& wiring = Net::graph::wiring;
    for (int k = wiring.first[written.written] + 2; k < wiring.first[written.written + 1]; ++k)
        if (Plan::values.at[wiring.operands[k]] == read.position) return false;
    return (layer.in_place || layer.is_sum) && read.last_read == written.written &&
           read.begin == written.begin && read.size == written.size;
}

template <class Net>
void check(const char* name, Index expected) {
    const auto values = values_of<Net>();
    for (const Value& a : values)
        for (const Value& b : values) {
            if (a.written >= b.written || a.last_read < b.written || may_overwrite<Net>(a, b)) continue;
            BOOST_TEST((a.begin + a.size <= b.begin || b.begin + b.size <= a.begin),
                       name << ": positions " << a.position << " and " << b.position << " overlap");
        }
    // What is needed while a layer runs; one that writes over its input needs that once.
    Index needed = 0;
    for (int layer = 0; layer < Net::depth; ++layer) {
        Index sum = 0;
        for (const Value& value : values) {
            if (value.written > layer || value.last_read < layer) continue;
            const bool overwritten = std::any_of(values.begin(), values.end(), [&](const Value& other) {
                return other.written == layer && &other != &value && value.last_read == layer &&
                       may_overwrite<Net>(value, other);
            });
            if (!overwritten) sum += value.size;
        }
        needed = std::max(needed, sum);
    }
    BOOST_TEST(detail::MemoryPlan<Net>::for_inference.total == needed,
               name << ": " << needed << " are needed");
    if (expected > 0) BOOST_TEST(needed == expected);
}

} // namespace

BOOST_AUTO_TEST_CASE(values_that_are_needed_at_the_same_time_do_not_overlap) {
    check<dcgan::Generator>("the reference's generator", 2 * 12544); // Linear's output, and Reshape's
    check<dcgan::Discriminator>("the reference's discriminator", 0);
    check<ResNetGenerator>("ResNet generator", 786432);
    check<ResNetDiscriminator>("ResNet discriminator", 393216);
    check<UNet>("U-Net", 100352);
    check<Nested>("nested branches", 0);
    check<Sequential<Linear<4, 16>, Add<Identity, Linear<16, 16>, Identity>>>(
        "a value that a sum reads twice", 0);
}
