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

struct weight {
    static constexpr char words[] = "a weight";
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
