#pragma once

#include <ctgan/core/config.hpp>
#include <ctgan/core/shape.hpp>
#include <ctgan/messages/layer_errors.hpp>
#include <ctgan/messages/mismatch.hpp>

#include <type_traits>

/// Messages about networks with several inputs or outputs.
namespace ctgan::inline CTGAN_ABI::messages {

struct several_inputs {
    static constexpr char counted[] = "shapes";
};

struct classes {
    static constexpr char counted[] = "classes";
};

struct two_or_more {
    static constexpr char words[] = "at least 2";
    static constexpr bool holds_for(int n) { return n >= 2; }
};

/// An argument of Inputs.
template <class T>
struct a_type_as_input {};
template <class T>
constexpr void write(Writer& writer, a_type_as_input<T>) {
    writer << " has " << name_of<T>() << " as an input, expected Flat<N>, Image<C, H, W> or Classes<N>";
}
template <class T>
inline constexpr bool is_shape = false;
template <int N>
inline constexpr bool is_shape<Flat<N>> = true;
template <int C, int H, int W>
inline constexpr bool is_shape<Image<C, H, W>> = true;
template <int N>
inline constexpr bool is_shape<Classes<N>> = N > 0;
template <class T>
using must_be_a_shape = std::conditional_t<is_shape<T>, NoProblem, a_type_as_input<T>>;

/// What Select<K> takes.
template <int K>
struct InputsUpTo {};
template <int K>
constexpr void write(Writer& writer, InputsUpTo<K>) {
    writer << "at least " << K + 1 << " inputs of the network, which are counted from 0,";
}

template <int K>
struct has_unused_input {};
template <int K>
constexpr void write(Writer& writer, has_unused_input<K>) {
    writer << " has an input " << K << " that nothing reads, expected a Select<" << K << "> after it";
}
struct is_not_the_last {
    static constexpr char words[] = " is within branches, expected it as the last entry of the network";
};

// ---- Arguments of functions: PLACE.

/// An argument among those for the inputs or the outputs of a network.
template <class Place, int K>
struct input_of_network {};
template <class Place, int K>
constexpr void write(Writer& writer, input_of_network<Place, K>) {
    write(writer, Place{});
    writer << " at input " << K;
}
template <class Place, int K>
struct output_of_network {};
template <class Place, int K>
constexpr void write(Writer& writer, output_of_network<Place, K>) {
    write(writer, Place{});
    writer << " at output " << K;
}

struct generator_in_gan {
    static constexpr char words[] = "Gan: the generator";
};
struct gan_loop {
    static constexpr char words[] = "GanLoop: a conditional Gan";
};
struct batch_of_labels {
    static constexpr char words[] = "labels: a batch";
};
struct labels_in_gan {
    static constexpr char words[] = "labels: the Gan";
};

// ---- X and Y.

struct noise_and_labels {
    static constexpr char words[] = "noise and one input more, the labels,";
};
struct one_output {
    static constexpr char words[] = "a network with one output";
};
struct several_outputs {
    static constexpr char words[] = "one that ends with Outputs";
};
struct labels_of_images {
    static constexpr char words[] = "the labels of the images behind them";
};
struct integers {
    static constexpr char words[] = "integers, such as a std::vector<int>,";
};
struct other_values {
    static constexpr char words[] = "other values";
};
struct no_labels {
    static constexpr char words[] = "no labels";
};

template <int Count>
struct batches_and_workspace {};
template <int Count>
constexpr void write(Writer& writer, batches_and_workspace<Count>) {
    writer << Count << (Count == 1 ? " batch" : " batches") << " and a workspace";
}
/// The types make the mistake depend on the call.
template <class... Given>
struct other_arguments_than {
    static constexpr char words[] = "other arguments";
};

} // namespace ctgan::inline CTGAN_ABI::messages
