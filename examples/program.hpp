#pragma once

#include <CLI/CLI.hpp>

#include <charconv>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <fcntl.h>
#include <limits>
#include <new>
#include <string>
#include <type_traits>
#include <unistd.h>

/// What the programs have in common: how they parse arguments and report errors.
namespace program {

/// Checks that an argument is a number for which `good` is true. The message says what was found and what was
/// expected.
template <class T, class Good>
CLI::Validator number(const std::string& expected, Good good) {
    return CLI::Validator(
        [=](const std::string& text) {
            T value{};
            const auto read = std::from_chars(text.data(), text.data() + text.size(), value);
            const bool whole = read.ec == std::errc() && read.ptr == text.data() + text.size();
            const bool valid = whole && good(value);
            return valid ? std::string() : "found '" + text + "', expected " + expected;
        },
        "");
}
inline CLI::Validator between(long min, long max) {
    return number<long>("a whole number from " + std::to_string(min) + " to " + std::to_string(max),
                        [=](long value) { return value >= min && value <= max; });
}
inline CLI::Validator at_least(long min) { return between(min, std::numeric_limits<long>::max()); }
inline CLI::Validator positive() {
    return number<double>("a number above 0", [](double value) {
        return value > 0 && value < std::numeric_limits<double>::infinity();
    });
}

/// Opens /dev/null in place of each standard stream that is closed. Otherwise the next file to be opened
/// would get its descriptor, and printed text would go into that file.
inline void keep_standard_streams() {
    for (const int stream : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO})
        if (::fcntl(stream, F_GETFD) < 0 && ::open("/dev/null", O_RDWR) < 0) std::abort();
}

/// Parses the arguments and runs `body`, which returns the exit code, or nothing for 0. Returns 2 if the
/// arguments are wrong and 1 after any other error. An error is one line on standard error that begins with
/// the program's name.
template <class Body>
int run(CLI::App& app, int argc, char** argv, const Body& body) {
    const auto fail = [&](int code, const std::string& line) {
        std::fflush(stdout);
        std::fprintf(stderr, "%s: %s\n", app.get_name().c_str(), line.c_str());
        return code;
    };
    keep_standard_streams();
    // A write beyond the limit on file sizes, or into a pipe without a reader, must fail with an error that
    // can be reported instead of ending the process.
    std::signal(SIGXFSZ, SIG_IGN);
    std::signal(SIGPIPE, SIG_IGN);
    try {
        app.parse(argc, argv);
    } catch (const CLI::Success& help) {
        return app.exit(help);
    } catch (const CLI::ParseError& error) {
        return fail(2, error.what());
    }
    try {
        if constexpr (std::is_same_v<decltype(body()), int>) return body();
        body();
        return 0;
    } catch (const std::bad_alloc&) {
        return fail(1, "out of memory");
    } catch (const std::exception& error) {
        return fail(1, error.what());
    }
}

} // namespace program
