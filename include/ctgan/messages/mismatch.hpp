#pragma once

#include <ctgan/core/config.hpp>
#include <ctgan/core/shape.hpp>
#include <ctgan/messages/message.hpp>

#include <type_traits>

/// Messages about two things that do not fit: `PLACE takes X but is given Y`. Each type below writes one part
/// of the message. The parts that are about arguments of functions are in arguments.hpp, messages about a
/// layer by itself in layer_errors.hpp.
namespace ctgan::inline CTGAN_ABI::messages {

// ---- PLACE: where it happened.

template <int Number, class Layer>
struct layer {};
template <int Number, class Layer>
constexpr void write(Writer& writer, layer<Number, Layer>) {
    writer << "layer " << Number << ": " << name_in_messages<Layer>;
}
struct the_sequential {
    static constexpr char words[] = "Sequential";
};

// ---- X and Y: shapes.

template <int N>
constexpr void write(Writer& writer, Flat<N>) {
    writer << "[" << N << "]";
}
template <int C, int H, int W>
constexpr void write(Writer& writer, Image<C, H, W>) {
    writer << "[" << C << ", " << H << ", " << W << "]";
}

template <int N>
constexpr void write(Writer& writer, const Classes<N>&) {
    writer << "labels of " << N << (N == 1 ? " class" : " classes");
}
template <class... Shapes>
constexpr void write(Writer& writer, const SeveralShapes<Shapes...>&) {
    const char* separator = "";
    const int done[] = {(writer << separator, write(writer, Shapes{}), separator = " and ", 0)...};
    static_cast<void>(done);
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
/// What a layer takes: images of C channels with at least two pixels.
template <int C>
struct ImageOfSeveralPixels {};
template <int C>
constexpr void write(Writer& writer, ImageOfSeveralPixels<C>) {
    writer << "[" << C << ", H, W] of at least 2 pixels";
}
/// What a layer takes: images of any size.
struct AnyImage {
    static constexpr char words[] = "[C, H, W]";
};
/// The same, with any height and width that are at least these.
template <int LeastHeight, int LeastWidth>
struct AnyImageOfAtLeast {};
template <int LeastHeight, int LeastWidth>
constexpr void write(Writer& writer, AnyImageOfAtLeast<LeastHeight, LeastWidth>) {
    writer << "[C, H >= " << LeastHeight << ", W >= " << LeastWidth << "]";
}
/// What a layer takes: images whose channels are a multiple of a number.
template <int Number>
struct ImageOfMultiple {};
template <int Number>
constexpr void write(Writer& writer, ImageOfMultiple<Number>) {
    writer << "[" << Number << " C, H, W]";
}
/// What a layer takes: so many channels, of images or of flat samples.
template <int C>
struct OfChannels {};
template <int C>
constexpr void write(Writer& writer, OfChannels<C>) {
    writer << "[" << C << "] or [" << C << ", H, W]";
}
/// What the first layer is given if nothing states the input of the network.
struct Nothing {
    static constexpr char words[] = "nothing: begin the Sequential with Input<C, H, W> or Input<N>";
    static constexpr int size = 1, channels = 1, pixels = 1; ///< for code that uses such a network regardless
    /// For code that uses such a network regardless.
    template <class T>
    using value = T;
};
/// What a layer takes if it does not declare `Takes`.
struct AShapeThatItsOutAccepts {
    static constexpr char words[] = "a shape that its out() accepts";
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

/// Whether nothing states the shape that enters a network.
template <class Problem>
inline constexpr bool is_missing_input = false;
template <class Place, class Takes>
inline constexpr bool is_missing_input<Mismatch<Place, Takes, but_is_given<Nothing>>> = true;

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
template <int LeastHeight, int LeastWidth, int N>
struct Unmet<AnyImageOfAtLeast<LeastHeight, LeastWidth>, Flat<N>> {
    using type = AnyImage;
};

/// Several inputs, or outputs, where a layer takes one shape.
template <class... Shapes>
struct SeveralToSelect {};
template <class... Shapes>
constexpr void write(Writer& writer, SeveralToSelect<Shapes...>) {
    write(writer, SeveralShapes<Shapes...>{});
    writer << "; Select<K> takes one of several inputs, and nothing follows Outputs";
}
template <class Given>
struct GivenToLayer {
    using type = Given;
};
template <class... Shapes>
struct GivenToLayer<SeveralShapes<Shapes...>> {
    using type = SeveralToSelect<Shapes...>;
};

/// The layer at `Place` does not take the shape that it is given.
template <class Place, class Layer, class Given>
using LayerMismatch = Mismatch<Place, takes<typename Unmet<typename Layer::Takes, Given>::type>,
                               but_is_given<typename GivenToLayer<Given>::type>>;

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

} // namespace ctgan::inline CTGAN_ABI::messages
