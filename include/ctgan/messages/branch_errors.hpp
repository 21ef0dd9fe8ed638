#pragma once

#include <ctgan/core/config.hpp>
#include <ctgan/core/shape.hpp>
#include <ctgan/messages/layer_errors.hpp>
#include <ctgan/messages/mismatch.hpp>

#include <type_traits>

/// Messages about branches: where in them a mistake is, and branches that do not fit together, such as
/// "layer 4: Residual takes a body that returns [32, 14, 14] but is given one that returns [64, 14, 14]: give
/// it a shortcut, such as Conv2d<32, 64, 1>".
namespace ctgan::inline CTGAN_ABI::messages {

/// Their names. The layers themselves are not arguments of functions here: the compiler would look for these
/// functions in the types of the branches, too, and compile a Sequential that is only described.
namespace name_only {
struct Add {};
struct Concat {};
struct Outputs {};
struct Residual {};
struct Sequential {};
} // namespace name_only

/// The numbers of the two branches of a Residual; those of other layers are counted from 1.
inline constexpr int the_body = 0, the_shortcut = -1;

constexpr void write_branch(Writer& writer, int number) {
    if (number == the_body)
        writer << "body";
    else if (number == the_shortcut)
        writer << "shortcut";
    else
        writer << "branch " << number;
}

/// A layer within branches: the number of a layer of the network, the number of one of its branches, the
/// number of a layer of that branch, and so on.
template <class Layer, int... Path>
struct layer_in_branch {};
template <class Layer, int... Path>
constexpr void write(Writer& writer, layer_in_branch<Layer, Path...>) {
    const char* separator = "";
    bool is_layer = true;
    for (const int number : {Path...}) {
        writer << separator;
        if (is_layer)
            writer << "layer " << number;
        else
            write_branch(writer, number);
        is_layer = !is_layer;
        separator = ", ";
    }
    writer << ": " << name_in_messages<Layer>;
}

template <class Layer, int... Path>
struct LayerAt {
    using type = layer_in_branch<Layer, Path...>;
};
template <class Layer, int Number>
struct LayerAt<Layer, Number> {
    using type = layer<Number, Layer>;
};
/// A layer of the network or within its branches.
template <class Layer, int... Path>
using layer_at = typename LayerAt<Layer, Path...>::type;

/// A class derived from what is recognized by its own name only.
template <class Base>
struct is_derived_from {};
template <class Base>
constexpr void write(Writer& writer, is_derived_from<Base>) {
    writer << " is derived from " << name_of<Base>()
           << ", expected a name for it, such as `using Name = " << name_of<Base>() << "<...>;`";
}

template <int Branch>
struct has_empty_branch {};
template <int Branch>
constexpr void write(Writer& writer, has_empty_branch<Branch>) {
    writer << " has nothing in its ";
    write_branch(writer, Branch);
    writer << ", expected at least one layer, which may be Identity";
}

template <int Branches>
struct has_few_branches {};
template <int Branches>
constexpr void write(Writer& writer, has_few_branches<Branches>) {
    writer << " has " << Branches << (Branches == 1 ? " branch" : " branches") << ", expected at least 2";
}

/// What branches return that do not fit together.
template <int Branch, class Shape, int OtherBranch, class OtherShape>
struct shapes_of_branches {};
template <int Branch, class Shape, int OtherBranch, class OtherShape>
constexpr void write(Writer& writer, shapes_of_branches<Branch, Shape, OtherBranch, OtherShape>) {
    write(writer, Shape{});
    writer << " by " << (Branch > 0 ? "" : "the ");
    write_branch(writer, Branch);
    writer << " and ";
    write(writer, OtherShape{});
    writer << " by " << (OtherBranch > 0 ? "" : "the ");
    write_branch(writer, OtherBranch);
}
struct branches_of_one_shape {
    static constexpr char words[] = "branches that return one shape";
};
struct branches_of_one_size {
    static constexpr char words[] = "branches that return images of one height and width, or flat samples,";
};
struct branches_without_labels {
    static constexpr char words[] = "branches that return images or flat samples";
};

/// A body without a shortcut, which has to return the shape of its input.
template <class Shape>
struct body_that_returns {};
template <class Shape>
constexpr void write(Writer& writer, body_that_returns<Shape>) {
    writer << "a body that returns ";
    write(writer, Shape{});
}
template <class Given, class Shape>
struct body_that_needs_a_shortcut {};
template <class Given, class Shape>
constexpr void write(Writer& writer, body_that_needs_a_shortcut<Given, Shape>) {
    writer << "one that returns ";
    write(writer, Shape{});
    writer << "; give it a shortcut";
    write_shortcut(writer, Given{}, Shape{});
}
template <class Given, class Shape>
constexpr void write_shortcut(Writer&, Given, Shape) {}
template <int N, int M>
constexpr void write_shortcut(Writer& writer, Flat<N>, Flat<M>) {
    writer << ", such as Linear<" << N << ", " << M << ">";
}
template <int C, int H, int W, int K, int P, int Q>
constexpr void write_shortcut(Writer& writer, Image<C, H, W>, Image<K, P, Q>) {
    for (const int stride : {1, 2, 3, 4})
        if ((H - 1) / stride + 1 == P && (W - 1) / stride + 1 == Q) {
            writer << ", such as Conv2d<" << C << ", " << K << ", 1";
            if (stride > 1) writer << ", " << stride;
            writer << ">";
            return;
        }
}

} // namespace ctgan::inline CTGAN_ABI::messages
