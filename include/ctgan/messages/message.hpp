#pragma once

#include <ctgan/core/config.hpp>

#include <cstddef>
#include <initializer_list>
#include <string_view>
#include <type_traits>

/// How a message is composed at compile time, and how the compiler prints it.
///
/// A mistake is a type, called a problem; for example `Mismatch<layer<3, Conv2d<...>>, takes<X>,
/// but_is_given<Y>>` (mismatch.hpp). The class or function that the user named asserts that there is none:
///
///     static_assert(nothing_is_wrong<messages::Message<Problem>::text>, CTGAN_MESSAGE(Problem));
///
/// g++ prints the text because it is a template argument. clang prints it as the message of the assertion,
/// from C++26 on. Otherwise clang and nvcc cannot print computed text; they print the type, whose names read
/// in the same order. The assertion must be in the class or function that the user named, not in a helper: a
/// compiler explains every step in between with up to three lines. Functions use CTGAN_REQUIRE (require.hpp).
namespace ctgan::inline CTGAN_ABI {

/// False for every message but the empty one of NoProblem. The compiler prints this name before the text. It
/// is not in `messages` because clang spells out the type of a problem only after an unqualified name.
template <auto text>
inline constexpr bool nothing_is_wrong = text.size() == 0;

namespace messages {

/// Composes a text at compile time.
class Writer {
  public:
    constexpr Writer& operator<<(std::string_view words) {
        for (const char c : words) put(c);
        return *this;
    }
    constexpr Writer& operator<<(long number) {
        if (number < 0) put('-');
        char digits[20] = {};
        int count = 0;
        for (unsigned long rest = number < 0 ? 0UL - static_cast<unsigned long>(number)
                                             : static_cast<unsigned long>(number);
             rest > 0 || count == 0; rest /= 10)
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
    char text_[400] = {};
    std::size_t length_ = 0;
};

/// A text that can be a template argument, so that g++ prints it.
template <std::size_t Length>
struct Text {
    char characters[Length + 1] = {};
    constexpr const char* data() const { return characters; }
    constexpr std::size_t size() const { return Length; }
};

/// What follows "T = " in the name of a function template of T, as g++ and clang write it; for MSVC, which
/// writes `full_name_of<struct T>(void)`, the T alone.
consteval std::string_view from_argument(std::string_view function) {
    constexpr std::string_view start = "T = ", start_in_msvc = "name_of<", end_in_msvc = ">(void)";
    if (const std::size_t found = function.find(start); found != std::string_view::npos)
        return function.substr(found + start.size());
    function.remove_prefix(function.find(start_in_msvc) + start_in_msvc.size());
    for (const std::string_view kind : {"class ", "struct ", "enum "})
        if (function.starts_with(kind)) function.remove_prefix(kind.size());
    return function.substr(0, function.rfind(end_in_msvc));
}

/// The name of a type as the compiler writes it.
template <class T>
consteval std::string_view full_name_of() {
    const std::string_view text = from_argument(CTGAN_FUNCTION_NAME);
    const std::size_t aliases = text.find("; std::string_view ="); // g++ explains the return type
    return text.substr(0, aliases != std::string_view::npos ? aliases : text.find_last_of(']'));
}

/// The bare name of a class or class template: `ConvTranspose2d` for `ctgan::ConvTranspose2d<64, 32, 4, 2,
/// 1>`.
template <class T>
consteval std::string_view name_of() {
    std::string_view text = from_argument(CTGAN_FUNCTION_NAME);
    text = text.substr(0, text.find_first_of("<;]"));
    const std::size_t scope = text.rfind("::");
    return scope == std::string_view::npos ? text : text.substr(scope + 2);
}

/// What messages call a layer. It is the name of its class, unless a specialization gives another one.
template <class Layer>
inline constexpr std::string_view name_in_messages = name_of<Layer>();

/// Nothing is wrong.
struct NoProblem {};
/// Something is wrong, and another assertion reports it.
struct ReportedElsewhere {};

template <class... Problems>
struct FirstProblem {
    using type = NoProblem;
};
template <class Problem, class... Rest>
struct FirstProblem<Problem, Rest...> {
    using type = Problem;
};
template <class... Rest>
struct FirstProblem<NoProblem, Rest...> : FirstProblem<Rest...> {};

/// The first of several problems that is not NoProblem; NoProblem if there is none.
template <class... Problems>
using first_problem = typename FirstProblem<Problems...>::type;

/// Writes a type whose text is fixed, its member `words`.
template <class T>
    requires requires { T::words; }
constexpr void write(Writer& writer, T) { writer << std::string_view(T::words); }

/// The text of a problem; empty for NoProblem.
template <class Problem>
struct Message {
#if CTGAN_PRINTS_TYPES_OF_CLASSES_ONLY
    template <class>
    static constexpr bool none = false;
    static_assert(none<Problem>, "ctgan: a mistake; the type below says what is wrong");
    static constexpr Text<0> text{};
#else
    static constexpr Writer writer = [] {
        Writer result;
        write(result, Problem{});
        return result;
    }();
    static constexpr Text<writer.length()> text = [] {
        Text<writer.length()> result;
        for (std::size_t i = 0; i < writer.length(); ++i) result.characters[i] = writer.begin()[i];
        return result;
    }();
#endif
};
template <>
struct Message<NoProblem> {
    static constexpr Text<0> text{};
};
template <>
struct Message<ReportedElsewhere> : Message<NoProblem> {};

#if CTGAN_COMPUTED_MESSAGES
#    define CTGAN_MESSAGE(...) ::ctgan::messages::Message<__VA_ARGS__>::text
#else
#    define CTGAN_MESSAGE(...) "ctgan: a mistake; the text in nothing_is_wrong<...> says which"
#endif

} // namespace messages
} // namespace ctgan::inline CTGAN_ABI
