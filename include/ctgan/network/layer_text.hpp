#pragma once

#include <ctgan/core/config.hpp>
#include <ctgan/layers/layer.hpp>
#include <ctgan/messages/layer_errors.hpp>
#include <ctgan/messages/message.hpp>

#include <ratio>
#include <type_traits>

/// A layer as text, the same with every compiler: "Conv2d<1, 64, 3, 2, 0>".
namespace ctgan::inline CTGAN_ABI::detail {

/// Writes template arguments: next() before each one, end() behind the last. Without any it writes nothing.
class ArgumentsInBrackets {
  public:
    explicit constexpr ArgumentsInBrackets(messages::Writer& writer) : writer_(writer) {}
    constexpr messages::Writer& next() {
        writer_ << (any_ ? ", " : "<");
        any_ = true;
        return writer_;
    }
    constexpr void end() {
        if (any_) writer_ << ">";
    }

  private:
    messages::Writer& writer_;
    bool any_ = false;
};

template <class Layer>
constexpr void write_layer(messages::Writer& writer);

template <class Argument>
constexpr void write_argument(messages::Writer& writer) {
    if constexpr (std::is_base_of_v<LayerDefaults, Argument>) // of a layer around another one
        write_layer<Argument>(writer);
    else
        writer << messages::name_of<Argument>();
}
template <class Argument>
    requires requires { typename std::ratio<Argument::num, Argument::den>::type; }
constexpr void write_argument(messages::Writer& writer) {
    writer << long{Argument::num} << "/" << long{Argument::den};
}

/// Writes the template arguments of a layer without a write_arguments() of its own. They are not taken from
/// the compiler's text of the type, because compilers differ in which arguments they leave out. For a user's
/// own layer whose template takes anything other than ints alone or types alone, nothing is written.
template <class Layer>
struct ArgumentsOf {
    static constexpr void write(messages::Writer&) {}
};
template <template <int...> class Layer, int... N>
struct ArgumentsOf<Layer<N...>> {
    static constexpr void write(messages::Writer& writer) {
        ArgumentsInBrackets arguments(writer);
        const int done[] = {0, (arguments.next() << N, 0)...};
        static_cast<void>(done);
        arguments.end();
    }
};
template <template <class...> class Layer, class... Arguments>
struct ArgumentsOf<Layer<Arguments...>> {
    static constexpr void write(messages::Writer& writer) {
        ArgumentsInBrackets arguments(writer);
        const int done[] = {0, (write_argument<Arguments>(arguments.next()), 0)...};
        static_cast<void>(done);
        arguments.end();
    }
};
/// Writes a layer's name and template arguments.
template <class Layer>
constexpr void write_layer(messages::Writer& writer) {
    writer << messages::name_in_messages<Layer>;
    if constexpr (requires { Layer::write_arguments(writer); })
        Layer::write_arguments(writer);
    else
        ArgumentsOf<Layer>::write(writer);
}

} // namespace ctgan::inline CTGAN_ABI::detail
