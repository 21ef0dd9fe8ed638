#pragma once

#include <ctgan/sentence.hpp>

#include <cstdint>
#include <ratio>
#include <type_traits>

namespace ctgan {
struct LayerDefaults;
}

/// Every sentence about one layer that is wrong whatever it is given.
namespace ctgan::diagnosis {

/// "layer 2: Conv2d has a stride of 0, expected at least 1".
template <class Place, class What>
struct Fault {};
template <class Place, class What>
constexpr void write(Pen& pen, Fault<Place, What>) {
    write(pen, Place{});
    write(pen, What{});
}

/// The members of a layer, and the least that one has.
struct out {};
constexpr void write(Pen& pen, out) { pen << "out"; }
struct forward {};
constexpr void write(Pen& pen, forward) { pen << "forward"; }
struct backward {};
constexpr void write(Pen& pen, backward) { pen << "backward"; }
template <class... Parts>
struct a_layer_has {};
template <class... Parts>
constexpr void write(Pen& pen, a_layer_has<Parts...>) {
    pen << ". A layer is at least: struct Name : LayerDefaults { static auto out(In) -> Out; "
           "template <class Pass> static void forward(const Pass&); "
           "template <class Pass> static void backward(const Pass&); };";
}
template <class Member, class Least = a_layer_has<LayerDefaults, out, forward, backward>>
struct has_no {};
template <class Member, class Least>
constexpr void write(Pen& pen, has_no<Member, Least>) {
    pen << " has no static ";
    write(pen, Member{});
    pen << "() that can be called";
    write(pen, Least{});
}
template <class Least = a_layer_has<LayerDefaults, out, forward, backward>>
struct is_no_layer {};
template <class Least>
constexpr void write(Pen& pen, is_no_layer<Least>) {
    pen << " is no layer: it is not derived from LayerDefaults";
    write(pen, Least{});
}
struct is_declared_but_not_defined {};
constexpr void write(Pen& pen, is_declared_but_not_defined) {
    pen << " is declared, but not defined in front of this line";
}
struct has_data_members {};
constexpr void write(Pen& pen, has_data_members) {
    pen << " has data members, but a layer is never made: its settings are template arguments, "
           "what it learns stands in `parameters`";
}
struct is_a_network_of_its_own {};
constexpr void write(Pen& pen, is_a_network_of_its_own) {
    pen << " is derived from Sequential: nest it as `using Name = Sequential<...>`";
}
struct has_no_layer {};
constexpr void write(Pen& pen, has_no_layer) { pen << " has no layer, expected at least one"; }

// ---- Template arguments.

template <int Least>
struct at_least {
    static constexpr bool holds_for(int n) { return n >= Least; }
};
template <int Least>
constexpr void write(Pen& pen, at_least<Least>) {
    pen << "at least " << Least;
}
template <int Limit>
struct below_the_stride_of {
    static constexpr bool holds_for(int n) { return n >= 0 && n < Limit; }
};
template <int Limit>
constexpr void write(Pen& pen, below_the_stride_of<Limit>) {
    pen << "at least 0 and less than the stride, " << Limit;
}
struct one_or_three {
    static constexpr bool holds_for(int n) { return n == 1 || n == 3; }
};
constexpr void write(Pen& pen, one_or_three) { pen << "Input<N> or Input<C, H, W>"; }
struct at_least_0_and_below_1 {};
constexpr void write(Pen& pen, at_least_0_and_below_1) { pen << "at least 0 and below 1"; }
struct above_0 {};
constexpr void write(Pen& pen, above_0) {
    pen << "above 0, or the output would not tell the sign of the input";
}

struct inputs {};
constexpr void write(Pen& pen, inputs) { pen << "a number of inputs"; }
struct outputs {};
constexpr void write(Pen& pen, outputs) { pen << "a number of outputs"; }
struct channels {};
constexpr void write(Pen& pen, channels) { pen << "a number of channels"; }
struct kernel {};
constexpr void write(Pen& pen, kernel) { pen << "a kernel"; }
struct stride {};
constexpr void write(Pen& pen, stride) { pen << "a stride"; }
struct padding {};
constexpr void write(Pen& pen, padding) { pen << "a padding"; }
struct output_padding {};
constexpr void write(Pen& pen, output_padding) { pen << "an output padding"; }
struct extent {};
constexpr void write(Pen& pen, extent) { pen << "a height or width"; }
struct count_of_extents {};
constexpr void write(Pen& pen, count_of_extents) { pen << "a number of extents"; }
struct probability {};
constexpr void write(Pen& pen, probability) { pen << "a probability"; }
struct slope {};
constexpr void write(Pen& pen, slope) { pen << "a slope"; }

template <auto Number>
struct found {};
template <auto Number>
constexpr void write(Pen& pen, found<Number>) {
    pen << Number;
}
template <std::intmax_t Num, std::intmax_t Den>
constexpr void write(Pen& pen, std::ratio<Num, Den>) {
    pen << Num << "/" << Den;
}
template <class What, class Found, class Expected>
struct argument {};
template <class What, class Found, class Expected>
constexpr void write(Pen& pen, argument<What, Found, Expected>) {
    pen << " has ";
    write(pen, What{});
    pen << " of ";
    write(pen, Found{});
    pen << ", expected ";
    write(pen, Expected{});
}

/// Fits where a layer's template argument is what it has to be, else what is wrong with it.
template <class What, int Number, class Expected>
using require =
    std::conditional_t<Expected::holds_for(Number), Fits, argument<What, found<Number>, Expected>>;

} // namespace ctgan::diagnosis
