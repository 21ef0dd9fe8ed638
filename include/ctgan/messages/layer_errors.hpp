#pragma once

#include <ctgan/core/config.hpp>
#include <ctgan/messages/message.hpp>

#include <cstdint>
#include <ratio>
#include <type_traits>

namespace ctgan::inline CTGAN_ABI {
struct LayerDefaults;
}

/// Messages about a layer that is wrong regardless of its input, such as "layer 2: Conv2d has a stride of 0,
/// expected at least 1".
namespace ctgan::inline CTGAN_ABI::messages {

/// A place, and what is wrong there.
template <class Place, class What>
struct Invalid {};
template <class Place, class What>
constexpr void write(Writer& writer, Invalid<Place, What>) {
    write(writer, Place{});
    write(writer, What{});
}

// ---- A class that is not a layer, or an incomplete layer.

struct out {
    static constexpr char words[] = "out";
};
struct forward {
    static constexpr char words[] = "forward";
};
struct backward {
    static constexpr char words[] = "backward";
};
struct prepare {
    static constexpr char words[] = "prepare";
};
struct as_prepared_requires {
    static constexpr char words[] =
        ", which a layer with the pattern `prepares` needs: template <class Pass> "
        "static void prepare(const Pass&);";
};
template <class... Parts>
struct a_layer_has {
    static constexpr char words[] =
        ". A layer is at least: struct Name : LayerDefaults { static auto out(In) -> Out; "
        "template <class Pass> static void forward(const Pass&); "
        "template <class Pass> static void backward(const Pass&); };";
};
template <class Member, class Least = a_layer_has<LayerDefaults, out, forward, backward>>
struct has_no {};
template <class Member, class Least>
constexpr void write(Writer& writer, has_no<Member, Least>) {
    writer << " has no static ";
    write(writer, Member{});
    writer << "() that can be called";
    write(writer, Least{});
}
template <class Least = a_layer_has<LayerDefaults, out, forward, backward>>
struct is_not_a_layer {};
template <class Least>
constexpr void write(Writer& writer, is_not_a_layer<Least>) {
    writer << " is not a layer: it is not derived from LayerDefaults";
    write(writer, Least{});
}
struct is_declared_but_not_defined {
    static constexpr char words[] = " is declared, but not defined before this line";
};
struct has_data_members {
    static constexpr char words[] =
        " has data members, but no object of a layer is ever created: its settings are template arguments, "
        "what it learns is declared in `parameters`";
};
/// The arguments make the mistake depend on the call, so that it is reported only where there is one.
template <class... Arguments>
struct is_only_a_description {};
template <class... Arguments>
constexpr void write(Writer& writer, is_only_a_description<Arguments...>) {
    writer << " is only a description of a network: make a Network of it, such as Network<Name> network(0)";
}
struct has_no_layer {
    static constexpr char words[] = " has no layer, expected at least one";
};

/// A layer that wraps another one, for its weight.
template <class Given, bool is_a_description>
struct takes_a_layer_with_weight {};
template <class Given, bool is_a_description>
constexpr void write(Writer& writer, takes_a_layer_with_weight<Given, is_a_description>) {
    writer << " takes a layer with a weight, such as Linear or Conv2d, but is given " << name_of<Given>();
    if (is_a_description) writer << ": wrap its layers instead";
}

// ---- A template argument out of range: " has FOUND WHAT, expected EXPECTED" for a count, else " has WHAT of
// FOUND, expected EXPECTED".

struct inputs {
    static constexpr char counted[] = "inputs";
};
struct outputs {
    static constexpr char counted[] = "outputs";
};
struct channels {
    static constexpr char counted[] = "channels";
};
struct groups {
    static constexpr char counted[] = "groups";
};
struct kernel {
    static constexpr char words[] = "a kernel";
};
struct stride {
    static constexpr char words[] = "a stride";
};
struct factor {
    static constexpr char words[] = "a factor";
};
struct padding {
    static constexpr char words[] = "a padding";
};
struct output_padding {
    static constexpr char words[] = "an output padding";
};
struct dilation {
    static constexpr char words[] = "a dilation";
};
struct extent {
    static constexpr char words[] = "a height or width";
};
struct extents {
    static constexpr char counted[] = "extents";
};
struct probability {
    static constexpr char words[] = "a probability";
};
struct share {
    static constexpr char words[] = "a share";
};
struct eps {
    static constexpr char words[] = "an eps";
};
struct momentum {
    static constexpr char words[] = "a momentum";
};
struct slope {
    static constexpr char words[] = "a slope";
};
struct alpha {
    static constexpr char words[] = "an alpha";
};
struct beta {
    static constexpr char words[] = "a beta";
};

template <auto Number>
struct found {};
template <auto Number>
constexpr void write(Writer& writer, found<Number>) {
    writer << Number;
}
template <std::intmax_t Num, std::intmax_t Den>
constexpr void write(Writer& writer, std::ratio<Num, Den>) {
    writer << Num << "/" << Den;
}

template <int Least>
struct at_least {
    static constexpr bool holds_for(int n) { return n >= Least; }
};
template <int Least>
constexpr void write(Writer& writer, at_least<Least>) {
    writer << "at least " << Least;
}
template <int Kernel>
struct at_most_half_of_the_kernel {
    static constexpr bool holds_for(int n) { return n >= 0 && n <= Kernel / 2; }
};
template <int Kernel>
constexpr void write(Writer& writer, at_most_half_of_the_kernel<Kernel>) {
    writer << "at least 0 and at most half of the kernel, " << Kernel / 2;
}
template <int Limit>
struct below_the_stride_of {
    static constexpr bool holds_for(int n) { return n >= 0 && n < Limit; }
};
template <int Limit>
constexpr void write(Writer& writer, below_the_stride_of<Limit>) {
    writer << "at least 0 and less than the stride, " << Limit;
}
template <int Groups>
struct multiple_of_groups {
    static constexpr bool holds_for(int n) { return n % Groups == 0; }
};
template <int Groups>
constexpr void write(Writer& writer, multiple_of_groups<Groups>) {
    writer << "a multiple of its " << Groups << " groups";
}
struct one_or_three_of_layer_norm {
    static constexpr char words[] = "LayerNorm<N> or LayerNorm<C, H, W>";
    static constexpr bool holds_for(int n) { return n == 1 || n == 3; }
};
template <int Stride, int Dilation>
struct below_the_stride_or_dilation_of {};
template <int Stride, int Dilation>
constexpr void write(Writer& writer, below_the_stride_or_dilation_of<Stride, Dilation>) {
    writer << "at least 0 and less than the stride, " << Stride << ", or the dilation, " << Dilation;
}
template <int In, int Out>
struct a_divisor_of_channels {};
template <int In, int Out>
constexpr void write(Writer& writer, a_divisor_of_channels<In, Out>) {
    writer << "a number that divides its channels, " << In << " and " << Out;
}
struct one_or_three {
    static constexpr char words[] = "Input<N> or Input<C, H, W>";
    static constexpr bool holds_for(int n) { return n == 1 || n == 3; }
};
struct at_least_0_and_below_1 {
    static constexpr char words[] = "at least 0 and below 1";
};
struct above_0_and_at_most_1 {
    static constexpr char words[] = "above 0 and at most 1";
};
struct zero_or_more {
    static constexpr char words[] = "at least 0";
};
struct at_least_0_and_at_most_1 {
    static constexpr char words[] = "at least 0 and at most 1";
};
struct positive {
    static constexpr char words[] = "above 0";
};
struct above_0 {
    static constexpr char words[] = "above 0, or the output would not tell the sign of the input";
};

template <class What, class Found, class Expected>
struct argument {};
template <class What, class Found, class Expected>
constexpr void write(Writer& writer, argument<What, Found, Expected>) {
    writer << " has ";
    if constexpr (requires { What::counted; }) {
        write(writer, Found{});
        writer << " " << What::counted;
    } else {
        write(writer, What{});
        writer << " of ";
        write(writer, Found{});
    }
    writer << ", expected ";
    write(writer, Expected{});
}

/// NoProblem if `holds`, else what is wrong with a layer's template argument.
template <bool holds, class What, int Number, class Expected>
using require_that = std::conditional_t<holds, NoProblem, argument<What, found<Number>, Expected>>;

struct too_many_digits {
    static constexpr char words[] = "too many digits";
};
struct a_fraction {
    static constexpr char words[] = "a fraction of two whole numbers of 64 bits, such as 0.2 or 1e-5";
};

/// NoProblem if a template argument that is a std::ratio or a Value is as expected, else what is wrong with
/// it.
template <class What, class Number, bool holds, class Expected>
using require_number = std::conditional_t<
    Number::den == 0, argument<What, too_many_digits, a_fraction>,
    std::conditional_t<holds, NoProblem, argument<What, std::ratio<Number::num, Number::den>, Expected>>>;

/// NoProblem if a layer's template argument is as expected, else what is wrong with it.
template <class What, int Number, class Expected>
using require =
    std::conditional_t<Expected::holds_for(Number), NoProblem, argument<What, found<Number>, Expected>>;

} // namespace ctgan::inline CTGAN_ABI::messages
