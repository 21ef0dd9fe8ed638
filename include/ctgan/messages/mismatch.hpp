#pragma once

#include <ctgan/core/shape.hpp>
#include <ctgan/messages/message.hpp>

#include <type_traits>

/// Messages about two things that do not fit: `PLACE takes X but is given Y`. Each type below writes one part
/// of the message. Messages about a layer by itself are in layer_errors.hpp.
namespace ctgan::messages {

// ---- PLACE: where it happened.

template <int Number, class Layer>
struct layer {};
template <int Number, class Layer>
constexpr void write(Writer& writer, layer<Number, Layer>) {
    writer << "layer " << Number << ": " << name_of<Layer>();
}
struct the_network {
    static constexpr char words[] = "Network";
};
struct the_gan {
    static constexpr char words[] = "Gan";
};
struct train_step_of_gan {
    static constexpr char words[] = "train_step";
};
struct the_sequential {
    static constexpr char words[] = "Sequential";
};
struct forward_of_network {
    static constexpr char words[] = "forward: the network";
};
struct forward_training {
    static constexpr char words[] = "forward_training";
};
struct forward_training_of_network {
    static constexpr char words[] = "forward_training: the network";
};
struct output_gradient_of_network {
    static constexpr char words[] = "output gradient: the network";
};
struct backward_in_network {
    static constexpr char words[] = "backward: the network";
};
template <int Number>
struct gan_argument {};
template <int Number>
constexpr void write(Writer& writer, gan_argument<Number>) {
    constexpr const char* names[] = {"the generator", "the discriminator", "the objective", "the backend",
                                     "the scalar"};
    writer << "Gan, template argument " << Number << ": " << names[Number - 1];
}
struct discriminator_in_gan {
    static constexpr char words[] = "Gan: the discriminator";
};
struct discriminator_on_training_data {
    static constexpr char words[] = "training data: the discriminator";
};
struct generator_on_noise {
    static constexpr char words[] = "noise: the generator";
};
template <class Loss>
struct prediction_of {};
template <class Loss>
constexpr void write(Writer& writer, prediction_of<Loss>) {
    writer << "prediction: " << name_of<Loss>();
}
template <class Loss>
struct target_of {};
template <class Loss>
constexpr void write(Writer& writer, target_of<Loss>) {
    writer << "target: " << name_of<Loss>();
}
template <class Loss>
struct gradient_of {};
template <class Loss>
constexpr void write(Writer& writer, gradient_of<Loss>) {
    writer << "gradient: " << name_of<Loss>();
}
template <class Loss>
struct value_of {};
template <class Loss>
constexpr void write(Writer& writer, value_of<Loss>) {
    writer << "value: " << name_of<Loss>();
}
template <class Rule>
struct optimizer {};
template <class Rule>
constexpr void write(Writer& writer, optimizer<Rule>) {
    writer << Rule::name;
}

// ---- X and Y: shapes.

template <int N>
constexpr void write(Writer& writer, Flat<N>) {
    writer << "[" << N << "]";
}
template <int C, int H, int W>
constexpr void write(Writer& writer, Image<C, H, W>) {
    writer << "[" << C << ", " << H << ", " << W << "]";
}

/// What a layer takes: images of C channels, with any height and width that are at least `Least`.
template <int C, int... Least>
struct ImageOf {};
template <int C, int... Least>
constexpr void write(Writer& writer, ImageOf<C, Least...>) {
    writer << "[" << C << ", H, W]";
}
/// The same, for a message about an image that is too small.
template <int C, int LeastHeight, int LeastWidth>
struct ImageOfAtLeast {};
template <int C, int LeastHeight, int LeastWidth>
constexpr void write(Writer& writer, ImageOfAtLeast<C, LeastHeight, LeastWidth>) {
    writer << "[" << C << ", H >= " << LeastHeight << ", W >= " << LeastWidth << "]";
}
/// What a layer takes: images of any size.
struct AnyImage {
    static constexpr char words[] = "[C, H, W]";
};
/// What the first layer is given if nothing states the input of the network.
struct Nothing {
    static constexpr char words[] = "nothing: begin the Sequential with Input<C, H, W> or Input<N>";
    static constexpr int size = 1, channels = 1, pixels = 1; ///< for code that uses such a network regardless
};
/// What a layer takes if it does not declare `Takes`.
struct AShapeThatItsOutAccepts {
    static constexpr char words[] = "a shape that its out() accepts";
};

// ---- X and Y: anything else.

template <class T>
struct values {};
template <class T>
constexpr void write(Writer& writer, values<T>) {
    writer << name_of<T>() << " values";
}
template <class Backend>
struct memory_of {};
template <class Backend>
constexpr void write(Writer& writer, memory_of<Backend>) {
    writer << "memory of " << name_of<Backend>();
}
/// An argument of an unexpected kind, written as the name of its type.
template <class T>
struct other_type {};
template <class T>
constexpr void write(Writer& writer, other_type<T>) {
    writer << name_of<T>();
}
struct batch_or_view {
    static constexpr char words[] = "a Batch or a View of one";
};
struct loss_value {
    static constexpr char words[] = "a LossValue";
};
struct class_labels {
    static constexpr char words[] = "class labels, which are integers,";
};
struct a_sequential {
    static constexpr char words[] = "a Sequential";
};
struct an_objective {
    static constexpr char words[] =
        "LeastSquares, NonSaturating, Hinge, Wasserstein, a loss with one term for each score, or "
        "a struct with the terms Real, Generated and Generator,";
};
struct a_backend {
    static constexpr char words[] = "Cpu or Cuda";
};
struct float_or_double {
    static constexpr char words[] = "float or double";
};
struct view_to_write_to {
    static constexpr char words[] = "a View to write to";
};
struct read_only_view {
    static constexpr char words[] = "a read-only View";
};
template <class Layer>
struct randomness_because_of {};
template <class Layer>
constexpr void write(Writer& writer, randomness_because_of<Layer>) {
    writer << "a Randomness, such as {.seed = 1, .pass = step}, because ";
    write(writer, Layer{});
    writer << " draws random numbers,";
}
/// An argument that is missing.
struct none {
    static constexpr char words[] = "none";
};
struct batch_that_lives_until_backward {
    static constexpr char words[] = "a batch that lives until the backward pass";
};
struct temporary_batch {
    static constexpr char words[] = "a temporary one";
};
struct const_network {
    static constexpr char words[] = "a const Network, which is frozen";
};
struct network_to_change {
    static constexpr char words[] = "a Network that it may change";
};
struct network_it_was_made_for {
    static constexpr char words[] = "the network that it was made for";
};
struct another_network {
    static constexpr char words[] = "another network";
};
struct gradients_of_the_network {
    static constexpr char words[] = "the Gradients of its network";
};
struct gradients_of_another_network {
    static constexpr char words[] = "the Gradients of another network";
};
struct gradient_to_a_batch {
    static constexpr char words[] =
        "the gradient with respect to a batch, which only passes through a frozen network";
};
struct seed_of_network {
    static constexpr char words[] = "a seed, such as in `network(0)`,";
};
struct workspace {
    static constexpr char words[] = "a workspace";
};
struct number_of_the_step {
    static constexpr char words[] = "the number of the step";
};
struct options_in_braces {
    static constexpr char words[] = "options in braces, such as {.lr = 1e-3},";
};
struct init_after_options {
    static constexpr char words[] = "the initialization after the options";
};
struct init_before_options {
    static constexpr char words[] = "it before them";
};
struct gan_to_change {
    static constexpr char words[] = "a Gan that it may change";
};
struct const_gan {
    static constexpr char words[] = "a const one";
};
struct a_network {
    static constexpr char words[] = "a Network, such as Network<Sequential<...>>,";
};
struct workspace_of_the_network {
    static constexpr char words[] = "a workspace of its own type";
};
struct workspace_of_another_network {
    static constexpr char words[] = "a workspace of another network";
};
struct const_workspace {
    static constexpr char words[] = "a const one";
};
struct training_workspace {
    static constexpr char words[] = "its TrainingWorkspace";
};
struct workspace_for_inference {
    static constexpr char words[] = "its Workspace, which does not keep what backward reads";
};

// ---- The whole message.

template <class X>
struct takes {};
template <class Y>
struct but_is_given {};

/// Two things that do not fit.
template <class Place, class Takes, class Given>
struct Mismatch {};
template <class Place, class Takes, class Given>
constexpr void write(Writer& writer, Mismatch<Place, takes<Takes>, but_is_given<Given>>) {
    write(writer, Place{});
    writer << " takes ";
    write(writer, Takes{});
    writer << " but is given ";
    write(writer, Given{});
}

/// What a layer takes, reduced to the part that the given shape does not meet.
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

/// Layer number `Number` does not take the shape that it is given.
template <int Number, class Layer, class Given>
using LayerMismatch =
    Mismatch<layer<Number, Layer>, takes<typename Unmet<typename Layer::Takes, Given>::type>,
             but_is_given<Given>>;

/// NoProblem if `holds`, else the mismatch.
template <bool holds, class Place, class Takes, class Given>
using unless = std::conditional_t<holds, NoProblem, Mismatch<Place, takes<Takes>, but_is_given<Given>>>;

/// Whether two types agree: they are the same, or one is the output of a network with a mistake.
template <class Takes, class Given>
inline constexpr bool agree = is_invalid<Takes> || is_invalid<Given>;
template <class Both>
inline constexpr bool agree<Both, Both> = true;

/// NoProblem if the two agree, else the mismatch.
template <class Place, class Takes, class Given>
using compare = unless<agree<Takes, Given>, Place, Takes, Given>;

} // namespace ctgan::messages
