#pragma once

#include <ctgan/core/config.hpp>
#include <ctgan/messages/message.hpp>

/// Messages about the penalties of a Gan.
namespace ctgan::inline CTGAN_ABI::messages {

template <class Place>
struct of_discriminator {};
template <class Place>
constexpr void write(Writer& writer, of_discriminator<Place>) {
    writer << "Gan: the discriminator, ";
    write(writer, Place{});
}

/// A layer of a network whose Slopes are taken.
template <class Place>
struct of_slopes {};
template <class Place>
constexpr void write(Writer& writer, of_slopes<Place>) {
    writer << "Slopes: ";
    write(writer, Place{});
}
/// In place of a penalty in the messages of Slopes: its name.
struct Slopes {};

struct weight {
    static constexpr char words[] = "a weight";
};
struct a_number_for_a_weight {
    static constexpr char words[] = "a std::ratio or a Value";
};
struct every {
    static constexpr char words[] = "an interval";
};
template <class Penalty>
struct penalty_of_gan {};
template <class Penalty>
constexpr void write(Writer& writer, penalty_of_gan<Penalty>) {
    writer << "Gan: the penalty " << name_of<Penalty>();
}

struct lacks_a_member {
    static constexpr char words[] = " lacks a member, expected Weight, every, at, term(norm) and slope(norm)";
};

/// A number of a penalty in the list of an objective that has fewer.
template <int Number, int Count>
struct penalty_number {};
template <int Number, int Count>
constexpr void write(Writer& writer, penalty_number<Number, Count>) {
    writer << "Gan: found last_penalty<" << Number << ">(), expected a number from 0 to " << Count - 1
           << ", as the objective has " << Count << (Count == 1 ? " penalty" : " penalties");
}
struct input_of_slopes {
    static constexpr char words[] =
        "Slopes: found a network with several inputs, expected Slopes<Network, K>, where K is the number of "
        "an input that is no labels";
};

// ---- A layer whose patterns promise functions that it does not declare.

struct needs_tangent {
    static constexpr char words[] =
        " declares Tangent::own in its patterns, but no tangent() for a TangentPass";
};
struct needs_tangent_gradient {
    static constexpr char words[] =
        " declares parameters and a Tangent, but no tangent_gradient() for a TangentGradientPass";
};
struct needs_curvature {
    static constexpr char words[] =
        " declares is_curved in its patterns, but no curvature() for a CurvaturePass";
};

/// A layer through which a penalty cannot pass.
template <class Penalty, bool mixes_samples>
struct has_no_tangent {};
template <class Penalty, bool mixes_samples>
constexpr void write(Writer& writer, has_no_tangent<Penalty, mixes_samples>) {
    if (mixes_samples)
        writer
            << " mixes the samples of a batch, but " << name_of<Penalty>()
            << " is about the slope at each one by itself: use SpectralNorm, LayerNorm or no normalization";
    else
        writer << " declares no Tangent in its patterns, which " << name_of<Penalty>() << " needs";
}

} // namespace ctgan::inline CTGAN_ABI::messages
