#pragma once

#include <ctgan/core/config.hpp>

#include <concepts>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <initializer_list>
#include <string>
#include <string_view>

namespace ctgan::inline CTGAN_ABI::detail {

/// Throws the exception. Without exceptions (-fno-exceptions) it prints what() to standard error and aborts.
/// Compile all files of a program with the same setting.
template <class Exception>
[[noreturn]] CTGAN_COLD void fail(const Exception& exception) {
#if CTGAN_EXCEPTIONS
    throw exception;
#else
    std::fprintf(stderr, "%s\n", exception.what());
    std::abort();
#endif
}

/// A part of a message: a text, which is not copied, or a whole number.
class MessagePart {
  public:
    constexpr MessagePart(std::string_view text) : text_(text.data()), value_(text.size()) {}
    constexpr MessagePart(const char* text) : MessagePart(std::string_view(text)) {}
    MessagePart(const std::string& text) : MessagePart(std::string_view(text)) {}
    template <std::unsigned_integral N>
    constexpr MessagePart(N number) : value_(number) {}
    template <std::signed_integral N>
    constexpr MessagePart(N number)
        : value_(number < 0 ? -static_cast<std::uint64_t>(number) : static_cast<std::uint64_t>(number)),
          negative_(number < 0) {}

    void append_to(std::string& message) const {
        if (text_) {
            message.append(text_, value_);
            return;
        }
        char digits[20];
        int first = sizeof digits;
        std::uint64_t rest = value_;
        do digits[--first] = static_cast<char>('0' + rest % 10);
        while ((rest /= 10) != 0);
        if (negative_) message.append("-", 1);
        message.append(digits + first, sizeof digits - static_cast<std::size_t>(first));
    }

  private:
    const char* text_ = nullptr; ///< null for a number
    std::uint64_t value_;        ///< the text's length, or the number without its sign
    bool negative_ = false;
};

/// The parts one after the other. One function, which is given an array, because an expression of
/// std::string's operators costs 10 to 50 ms of compile time wherever it stands.
CTGAN_NOINLINE inline std::string joined(std::initializer_list<MessagePart> parts) {
    std::string message;
    for (const MessagePart& part : parts) part.append_to(message);
    return message;
}

/// fail() with an exception of the joined parts.
template <class Exception>
[[noreturn]] CTGAN_COLD void fail_with(std::initializer_list<MessagePart> parts) {
    fail(Exception(joined(parts)));
}

} // namespace ctgan::inline CTGAN_ABI::detail
