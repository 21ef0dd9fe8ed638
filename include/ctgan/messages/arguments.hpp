#pragma once

#include <ctgan/core/config.hpp>
#include <ctgan/messages/mismatch.hpp>

#include <cstddef>

/// The parts of `PLACE takes X but is given Y` (mismatch.hpp) that are about arguments: of functions of
/// networks, losses and optimizers, and the template arguments of a Gan.
namespace ctgan::inline CTGAN_ABI::messages {

// ---- PLACE: where it happened.

struct the_network {
    static constexpr char words[] = "Network";
};
struct the_gan {
    static constexpr char words[] = "Gan";
};
struct train_step_of_gan {
    static constexpr char words[] = "train_step";
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
    constexpr const char* names[] = {"the generator",
                                     "the discriminator",
                                     "the objective",
                                     "the backend",
                                     "the scalar",
                                     "the optimizer of the generator",
                                     "the optimizer of the discriminator"};
    writer << "Gan, template argument " << Number << ": " << names[Number - 1];
}
struct discriminator_in_gan {
    static constexpr char words[] = "Gan: the discriminator";
};
struct discriminator_on_training_data {
    static constexpr char words[] = "training data: the discriminator";
};
struct names_of_layers {
    static constexpr char words[] = "layer names: the network";
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

// ---- X and Y.

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
struct a_const_one {
    static constexpr char words[] = "a const one, which cannot be written to";
};
struct argument_of_loss {
    static constexpr char words[] = "the template argument of loss";
};
struct a_loss {
    static constexpr char words[] =
        "MSELoss, BCEWithLogitsLoss, CrossEntropyLoss or a struct with term(p, t) and slope(p, t),";
};
struct frozen {
    static constexpr char words[] = "Frozen";
};
struct average {
    static constexpr char words[] = "Averaged";
};
struct class_labels {
    static constexpr char words[] = "class labels, which are integers,";
};
struct a_sequential {
    static constexpr char words[] = "a Sequential";
};
struct an_objective {
    static constexpr char words[] =
        "LeastSquares, NonSaturating, Hinge, Wasserstein, RelativisticPairing, a "
        "loss with one term for each score, or a struct with the terms Real, Generated and Generator,";
};
struct a_backend {
    static constexpr char words[] = "Cpu or Cuda";
};
struct an_optimizer {
    static constexpr char words[] = "the template of an optimizer, such as Adam, AdamW, SGD or RMSprop,";
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
template <std::size_t Layers>
struct one_for_each {};
template <std::size_t Layers>
constexpr void write(Writer& writer, one_for_each<Layers>) {
    writer << static_cast<long>(Layers) << ", one for each layer with tensors,";
}
template <std::size_t Names>
struct number_of_names {};
template <std::size_t Names>
constexpr void write(Writer& writer, number_of_names<Names>) {
    writer << static_cast<long>(Names);
}
/// Anything, by a conversion that is worse than every other one: for functions that only report an error.
struct Anything {
    constexpr Anything() = default;
    template <class T>
    constexpr Anything(const T&) {}
};
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
struct only_options {
    static constexpr char words[] = "only options";
};
struct seed_and_initialization {
    static constexpr char words[] =
        "a seed and possibly an initialization, such as `network(0, init::Dcgan{})`,";
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
struct seed_batch_and_options {
    static constexpr char words[] =
        "a seed, the size of the largest batch and the options of both optimizers, such as "
        "`gan(1, 64, {.lr = 2e-4}, {.lr = 2e-4})`,";
};
struct other_arguments {
    static constexpr char words[] = "other arguments";
};
struct network_and_options {
    static constexpr char words[] =
        "the network whose parameters it updates, such as in `optimizer(network, {.lr = 1e-3})`,";
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
struct network_of_its_type {
    static constexpr char words[] = "the network that its type names";
};
struct description_of_network {
    static constexpr char words[] = "a Sequential, such as Sequential<Input<C, H, W>, ...>,";
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
struct workspace_of_frozen {
    static constexpr char words[] = "the Workspace of a Frozen network";
};
struct workspace_not_of_frozen {
    static constexpr char words[] = "the workspace of a Network that is not Frozen";
};
struct workspace_or_training_workspace {
    static constexpr char words[] = "its Workspace or its TrainingWorkspace";
};

} // namespace ctgan::inline CTGAN_ABI::messages
