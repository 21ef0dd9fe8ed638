#pragma once

#include <ctgan/config.hpp>

#include <cstddef>
#include <string_view>

/// How a sentence is written while compiling, and how a compiler is made to print it.
///
/// A mistake is a type of diagnosis.hpp, say `Mismatch<layer<3, Conv2d<...>>, takes<X>, but_is_given<Y>>`,
/// and the function or class that the user named asserts that there is none:
///
///     static_assert(nothing_is_wrong<diagnosis::Sentence<Problem>::text>, CTGAN_SENTENCE(Problem));
///
/// g++ prints the text, a template argument; clang with C++26 prints it as the message. clang before that and
/// nvcc cannot print what was computed: they print the type, whose names read in the same order. The
/// assertion stands where the user's line leads to, and not in a helper, because a compiler explains each
/// step on the way with up to three lines.
namespace ctgan {

/// False for every sentence: the name that a compiler prints in front of it. It is not in `diagnosis` because
/// clang spells out a mistake's type only behind a name without qualification.
template <auto sentence>
inline constexpr bool nothing_is_wrong = sentence.size() == 0;

namespace diagnosis {

/// Text that is written while compiling.
class Pen {
  public:
    constexpr Pen& operator<<(std::string_view words) {
        for (const char c : words) put(c);
        return *this;
    }
    constexpr Pen& operator<<(long number) {
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

/// A sentence in a form that may be a template argument, which is how g++ comes to print it.
template <std::size_t Length>
struct Text {
    char characters[Length + 1] = {};
    constexpr const char* data() const { return characters; }
    constexpr std::size_t size() const { return Length; }
};

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

/// Nothing is wrong.
struct Fits {};
/// Something is, and has been said elsewhere.
struct Said {};

/// The first of several that is not Fits.
template <class... Problems>
struct First {
    using type = Fits;
};
template <class Problem, class... Rest>
struct First<Problem, Rest...> {
    using type = Problem;
};
template <class... Rest>
struct First<Fits, Rest...> : First<Rest...> {};
template <class... Problems>
using first = typename First<Problems...>::type;

/// A mistake in words; no words where nothing is wrong.
template <class Problem>
struct Sentence {
#if CTGAN_PRINTS_TYPES_OF_CLASSES_ONLY
    template <class>
    static constexpr bool none = false;
    static_assert(none<Problem>, "ctgan: a mistake; the type below says which");
    static constexpr Text<0> text{};
#else
    static constexpr Pen pen = [] {
        Pen p;
        write(p, Problem{});
        return p;
    }();
    static constexpr Text<pen.length()> text = [] {
        Text<pen.length()> t;
        for (std::size_t i = 0; i < pen.length(); ++i) t.characters[i] = pen.begin()[i];
        return t;
    }();
#endif
};
template <>
struct Sentence<Fits> {
    static constexpr Text<0> text{};
};
template <>
struct Sentence<Said> : Sentence<Fits> {};

#if CTGAN_COMPUTED_MESSAGES
#    define CTGAN_SENTENCE(...) ::ctgan::diagnosis::Sentence<__VA_ARGS__>::text
#else
#    define CTGAN_SENTENCE(...) "ctgan: a mistake; the sentence stands beside this line"
#endif

} // namespace diagnosis
} // namespace ctgan
