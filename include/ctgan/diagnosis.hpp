#pragma once

#include <ctgan/missing_room.hpp>
#include <ctgan/sentence.hpp>
#include <ctgan/shape.hpp>

#include <type_traits>

/// Every sentence about two things that do not fit. The mistake is a type that travels as a value of the type
/// level until the function or class that the user named asserts that it is Fits (sentence.hpp). Sentences
/// about one layer alone stand in faults.hpp.
namespace ctgan::diagnosis {

// ---- Where it happened. Each writes the words in front of the verb.

template <int Number, class Layer>
struct layer {};
template <int Number, class Layer>
constexpr void write(Pen& pen, layer<Number, Layer>) {
    pen << "layer " << Number << ": " << name_of<Layer>();
}
struct the_sequential {};
constexpr void write(Pen& pen, the_sequential) { pen << "Sequential"; }
struct forward_of_network {};
constexpr void write(Pen& pen, forward_of_network) { pen << "forward: the network"; }
struct forward_training {};
constexpr void write(Pen& pen, forward_training) { pen << "forward_training"; }
struct forward_training_of_network {};
constexpr void write(Pen& pen, forward_training_of_network) { pen << "forward_training: the network"; }
struct backward_of_network {};
constexpr void write(Pen& pen, backward_of_network) { pen << "backward: the network, from its output,"; }
struct backward_in_network {};
constexpr void write(Pen& pen, backward_in_network) { pen << "backward: the network"; }
struct discriminator_in_gan {};
constexpr void write(Pen& pen, discriminator_in_gan) { pen << "Gan: the discriminator"; }
struct discriminator_on_training_data {};
constexpr void write(Pen& pen, discriminator_on_training_data) { pen << "training data: the discriminator"; }
struct generator_on_noise {};
constexpr void write(Pen& pen, generator_on_noise) { pen << "noise: the generator"; }
template <class Loss>
struct prediction_of {};
template <class Loss>
constexpr void write(Pen& pen, prediction_of<Loss>) {
    pen << name_of<Loss>() << ": the prediction";
}
template <class Loss>
struct target_of {};
template <class Loss>
constexpr void write(Pen& pen, target_of<Loss>) {
    pen << name_of<Loss>() << ": the target";
}
template <class Loss>
struct gradient_of {};
template <class Loss>
constexpr void write(Pen& pen, gradient_of<Loss>) {
    pen << name_of<Loss>() << ": the gradient";
}
template <class Optimizer>
struct optimizer {};
template <class Optimizer>
constexpr void write(Pen& pen, optimizer<Optimizer>) {
    pen << name_of<Optimizer>();
}

// ---- What is taken and what is given.

/// What a layer takes where it leaves the height and width open, but for the least it can work on.
template <int C, int... Least>
struct ImageOf {};
/// The same where the image that it is given is too small.
template <int C, int LeastHeight, int LeastWidth>
struct ImageOfAtLeast {};
/// What a layer takes where it leaves the channels open, too.
struct AnyImage {};
/// The first layer's input where nothing says what it is.
struct Nothing {
    static constexpr int size = 1, channels = 1, pixels = 1; // for what is built on such a network regardless
};
/// What a layer takes that does not say so itself.
struct WhatItsOutAccepts {};

template <int N>
constexpr void write(Pen& pen, Flat<N>) {
    pen << "[" << N << "]";
}
template <int C, int H, int W>
constexpr void write(Pen& pen, Image<C, H, W>) {
    pen << "[" << C << ", " << H << ", " << W << "]";
}
template <int C, int... Least>
constexpr void write(Pen& pen, ImageOf<C, Least...>) {
    pen << "[" << C << ", H, W]";
}
template <int C, int LeastHeight, int LeastWidth>
constexpr void write(Pen& pen, ImageOfAtLeast<C, LeastHeight, LeastWidth>) {
    pen << "[" << C << ", H >= " << LeastHeight << ", W >= " << LeastWidth << "]";
}
constexpr void write(Pen& pen, AnyImage) { pen << "[C, H, W]"; }
constexpr void write(Pen& pen, Nothing) {
    pen << "nothing: begin the Sequential with Input<C, H, W> or Input<N>";
}
constexpr void write(Pen& pen, WhatItsOutAccepts) { pen << "a shape for which it declares out()"; }

template <class T>
struct numbers {};
template <class T>
constexpr void write(Pen& pen, numbers<T>) {
    pen << name_of<T>() << " numbers";
}
template <class Room>
struct memory_of {};
template <class Room>
constexpr void write(Pen& pen, memory_of<Room>) {
    pen << "memory of " << name_of<Room>();
}
/// Something of another kind.
template <class T>
struct other_type {};
template <class T>
constexpr void write(Pen& pen, other_type<T>) {
    pen << name_of<T>();
}

// The rest needs no arguments: a type and its words.
struct batch_or_view {};
constexpr void write(Pen& pen, batch_or_view) { pen << "a Batch or a View of one"; }
struct labels_of_classes {};
constexpr void write(Pen& pen, labels_of_classes) { pen << "labels of classes, which are whole numbers,"; }
struct view_to_write_to {};
constexpr void write(Pen& pen, view_to_write_to) { pen << "a View to write to"; }
struct view_of_const_numbers {};
constexpr void write(Pen& pen, view_of_const_numbers) { pen << "a View of const numbers"; }
struct const_network {};
constexpr void write(Pen& pen, const_network) { pen << "a const Network, which is frozen"; }
struct network_to_change {};
constexpr void write(Pen& pen, network_to_change) { pen << "a Network that it may change"; }
struct network_it_was_made_for {};
constexpr void write(Pen& pen, network_it_was_made_for) { pen << "the network that it was made for"; }
struct another_network {};
constexpr void write(Pen& pen, another_network) { pen << "another network"; }
struct gradients_of_the_network {};
constexpr void write(Pen& pen, gradients_of_the_network) { pen << "Gradients of its own parameters"; }
struct gradients_of_another_network {};
constexpr void write(Pen& pen, gradients_of_another_network) { pen << "Gradients of another network"; }
struct gradient_to_a_batch {};
constexpr void write(Pen& pen, gradient_to_a_batch) {
    pen << "the gradient to a batch, which goes on through a frozen network and changes nothing";
}
struct workspace_of_the_network {};
constexpr void write(Pen& pen, workspace_of_the_network) { pen << "a workspace of its own type"; }
struct workspace_of_another_network {};
constexpr void write(Pen& pen, workspace_of_another_network) { pen << "a workspace of another network"; }
struct const_workspace {};
constexpr void write(Pen& pen, const_workspace) { pen << "a const one"; }
struct training_workspace {};
constexpr void write(Pen& pen, training_workspace) { pen << "its TrainingWorkspace"; }
struct workspace_for_inference {};
constexpr void write(Pen& pen, workspace_for_inference) {
    pen << "its Workspace, which does not keep what backward reads";
}

template <class Shape>
struct takes {};
template <class Shape>
struct but_is_given {};

/// Two that do not fit.
template <class Place, class Takes, class Given>
struct Mismatch {};
template <class Place, class Takes, class Given>
constexpr void write(Pen& pen, Mismatch<Place, takes<Takes>, but_is_given<Given>>) {
    write(pen, Place{});
    pen << " takes ";
    write(pen, Takes{});
    pen << " but is given ";
    write(pen, Given{});
}

/// A layer's Takes with only that in it which what is given does not meet.
template <class Takes, class Given>
struct Unmet {
    using type = Takes;
};
template <int C, int... Least, class Given>
struct Unmet<ImageOf<C, Least...>, Given> {
    using type = ImageOf<C>;
};
template <int C, int LeastHeight, int LeastWidth, int GivenC, int H, int W>
    requires(H < LeastHeight || W < LeastWidth)
struct Unmet<ImageOf<C, LeastHeight, LeastWidth>, Image<GivenC, H, W>> {
    using type = ImageOfAtLeast<C, LeastHeight, LeastWidth>;
};

/// Layer number `Number` does not take what it is given.
template <int Number, class Layer, class Given>
using LayerMismatch =
    Mismatch<layer<Number, Layer>, takes<typename Unmet<typename Layer::Takes, Given>::type>,
             but_is_given<Given>>;

/// Fits where it holds, else the mismatch.
template <bool It, class Place, class Takes, class Given>
using unless = std::conditional_t<It, Fits, Mismatch<Place, takes<Takes>, but_is_given<Given>>>;

/// Fits where the two shapes are the same type, else the mismatch.
template <class Place, class Takes, class Given>
using compare = unless<std::is_same_v<Takes, Given>, Place, Takes, Given>;

} // namespace ctgan::diagnosis
