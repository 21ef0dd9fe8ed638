#pragma once

#include <ctgan/config.hpp>
#include <ctgan/shape.hpp>

#include <cstddef>
#include <string_view>
#include <type_traits>

/// Every sentence that a user can be shown while compiling, and the one way to show it.
///
/// A misfit is a type, `Mismatch<Place, takes<X>, but_is_given<Y>>`, which travels as a value of the type
/// level until one `Check` of it fails. g++ and clang 19 then print the sentence; clang 14, which cannot
/// print computed text, prints the type, whose names read in the same order.
namespace ctgan::diagnosis {

/// Text that is written while compiling.
class Pen {
  public:
    constexpr Pen& operator<<(std::string_view words) {
        for (const char c : words) put(c);
        return *this;
    }
    constexpr Pen& operator<<(int number) {
        if (number < 0) put('-');
        char digits[12] = {};
        int count = 0;
        for (long rest = number < 0 ? -long{number} : long{number}; rest > 0 || count == 0; rest /= 10)
            digits[count++] = static_cast<char>('0' + rest % 10);
        while (count > 0) put(digits[--count]);
        return *this;
    }
    constexpr std::size_t length() const { return length_; }
    constexpr const char* begin() const { return text_; }

  private:
    constexpr void put(char c) {
        if (length_ < sizeof text_) text_[length_++] = c;
    }
    char text_[256] = {};
    std::size_t length_ = 0;
};

/// A sentence in a form that may be a template argument, which is how g++ comes to print it.
template <std::size_t Length>
struct Text {
    char characters[Length + 1] = {};
    constexpr const char* data() const { return characters; }
    constexpr std::size_t size() const { return Length; }
};

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
template <int C>
constexpr void write(Pen& pen, ImageOf<C>) {
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

/// The name of a type as the compiler writes it.
template <class T>
consteval std::string_view full_name_of() {
    std::string_view text = __PRETTY_FUNCTION__;
    text.remove_prefix(text.find("T = ") + 4);
    const std::size_t aliases = text.find("; std::string_view ="); // g++ explains the return type
    return text.substr(0, aliases != std::string_view::npos ? aliases : text.find_last_of(']'));
}

/// The bare name of a class template or class: `ConvTranspose2d` of `ctgan::ConvTranspose2d<64, 32, 4, 2,
/// 1>`.
template <class T>
consteval std::string_view name_of() {
    std::string_view text = __PRETTY_FUNCTION__;
    text.remove_prefix(text.find("T = ") + 4);
    text = text.substr(0, text.find_first_of("<;]"));
    const std::size_t scope = text.rfind("::");
    return scope == std::string_view::npos ? text : text.substr(scope + 2);
}

/// Places where two shapes meet. Each writes the words before "takes".
template <int Number, class Layer>
struct layer {
    static constexpr void write_place(Pen& pen) { pen << "layer " << Number << ": " << name_of<Layer>(); }
};
struct forward_of_network {
    static constexpr void write_place(Pen& pen) { pen << "forward: the network"; }
};
struct backward_of_network {
    static constexpr void write_place(Pen& pen) { pen << "backward: the network, from its output,"; }
};
struct discriminator_in_gan {
    static constexpr void write_place(Pen& pen) { pen << "Gan: the discriminator"; }
};
struct discriminator_on_training_data {
    static constexpr void write_place(Pen& pen) { pen << "training data: the discriminator"; }
};
struct generator_on_noise {
    static constexpr void write_place(Pen& pen) { pen << "noise: the generator"; }
};
template <class Loss>
struct prediction_of {
    static constexpr void write_place(Pen& pen) { pen << name_of<Loss>() << ": the prediction"; }
};
template <class Loss>
struct target_of {
    static constexpr void write_place(Pen& pen) { pen << name_of<Loss>() << ": the target"; }
};
template <class Loss>
struct gradient_of {
    static constexpr void write_place(Pen& pen) { pen << name_of<Loss>() << ": the gradient"; }
};

template <class Shape>
struct takes {};
template <class Shape>
struct but_is_given {};

template <class Place, class Takes, class Given>
struct Mismatch;

template <class Place, class Takes, class Given>
struct Mismatch<Place, takes<Takes>, but_is_given<Given>> {
    static constexpr Pen pen = [] {
        Pen p;
        Place::write_place(p);
        p << " takes ";
        write(p, Takes{});
        p << " but is given ";
        write(p, Given{});
        return p;
    }();
    static constexpr Text<pen.length()> sentence = [] {
        Text<pen.length()> text;
        for (std::size_t i = 0; i < pen.length(); ++i) text.characters[i] = pen.begin()[i];
        return text;
    }();
};

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

/// Nothing is wrong.
struct Fits {};

/// False for every sentence: the name that a compiler prints in front of it.
template <auto Sentence>
inline constexpr bool shapes_agree = false;

/// Raises exactly one error where `Problem` is a Mismatch, and none where it is Fits.
template <class Problem>
struct Check {
#if CTGAN_COMPUTED_MESSAGES
    static_assert(false, Problem::sentence);
#else
    static_assert(shapes_agree<Problem::sentence>,
                  "ctgan: two shapes disagree; the sentence stands beside this line");
#endif
};
template <>
struct Check<Fits> {};

/// Fits where the two shapes are the same type, else the mismatch.
template <class Place, class Takes, class Given>
using compare = std::conditional_t<std::is_same_v<Takes, Given>, Fits,
                                   Mismatch<Place, takes<Takes>, but_is_given<Given>>>;

/// The same, but nothing is reported where an error has been reported before.
template <bool Sound, class Place, class Takes, class Given>
using compare_if = std::conditional_t<Sound, compare<Place, Takes, Given>, Fits>;

/// As backend.hpp's Patterns, none of which is used.
struct NoPatterns {
    bool functions_behind_products = false, slopes_from_behind = false, dropped_channels = false,
         updates_from_products = false;
    template <class Patterns>
    constexpr operator Patterns() const {
        return Patterns::none();
    }
};

/// Stands in for a room that is not defined, so that nothing but that is reported. Every verb of the concept
/// Backend is there, takes everything and does nothing.
struct MissingRoom {
    template <class T>
    struct Memory {
        explicit Memory(Index) {}
        T* data() const { return nullptr; }
        Index size() const { return 0; }
    };
    static constexpr NoPatterns patterns{};
    struct Recording {
        template <class Action>
        bool run(const Action&) {
            return true;
        }
    };

    static void copy(const auto&...) {}
    static void to_host(const auto&...) {}
    static void from_host(const auto&...) {}
    static void fill(const auto&...) {}
    static void fill_uniform(const auto&...) {}
    static void fill_normal(const auto&...) {}
    static void fill_mask(const auto&...) {}
    static void once(const auto&...) {}
    static void for_each(const auto&...) {}
    static void tabulate(const auto&...) {}
    static void map(const auto&...) {}
    static void zip(const auto&...) {}
    static void sum(const auto&...) {}
    static void update(const auto&...) {}

    template <int...>
    static void sum_rows(const auto&...) {}
    template <int...>
    static void scale_channels(const auto&...) {}
    template <int...>
    static void channels_last(const auto&...) {}
    template <int...>
    static void channels_first(const auto&...) {}
    template <int...>
    static void linear(const auto&...) {}
    template <int...>
    static void linear_input_gradient(const auto&...) {}
    template <int...>
    static void linear_weight_gradient(const auto&...) {}
    template <int...>
    static void linear_update(const auto&...) {}
    template <int...>
    static void batch_moments(const auto&...) {}
    template <int...>
    static void batch_norm(const auto&...) {}
    template <int...>
    static void batch_norm_gradient_sums(const auto&...) {}
    template <int...>
    static void batch_norm_input_gradient(const auto&...) {}

    template <class T, class Geometry, auto algorithms>
    static constexpr Extent convolution_scratch{};
    template <class Geometry>
    static void convolution(const auto&...) {}
    template <class Geometry>
    static void transposed_convolution(const auto&...) {}
    template <class Geometry>
    static void convolution_weight_gradient(const auto&...) {}
};

template <class B>
inline constexpr bool is_defined = requires {
    sizeof(B);
};

/// The room of that name.
template <class B>
using room = std::conditional_t<is_defined<B>, B, MissingRoom>;

/// Raises one error where the room of that name is declared but not defined.
template <class B>
struct CheckBackend {
    static_assert(is_defined<B>,
                  "ctgan: this backend is not defined in this file: Cuda needs a file compiled by "
                  "nvcc, Cpu needs <ctgan/backend/cpu.hpp>");
};

} // namespace ctgan::diagnosis
