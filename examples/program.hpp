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

/// What the programs have in common: how they read their arguments and how they end.
namespace program {

/// Checks of a number's range whose message says what was found and what was expected.
template <class T, class Good>
CLI::Validator number(const std::string& expected, Good good) {
    return CLI::Validator(
        [=](const std::string& text) {
            T value{};
            const auto read = std::from_chars(text.data(), text.data() + text.size(), value);
            const bool whole = read.ec == std::errc() && read.ptr == text.data() + text.size();
            const bool fits = whole && good(value);
            return fits ? std::string() : "found '" + text + "', expected " + expected;
        },
        "");
}
inline CLI::Validator between(long least, long most) {
    return number<long>("a whole number from " + std::to_string(least) + " to " + std::to_string(most),
                        [=](long value) { return value >= least && value <= most; });
}
inline CLI::Validator at_least(long least) { return between(least, std::numeric_limits<long>::max()); }
inline CLI::Validator positive() {
    return number<double>("a number above 0", [](double value) {
        return value > 0 && value < std::numeric_limits<double>::infinity();
    });
}

/// Where a standard stream was closed, the next file opened would take its place, and what is printed would
/// be written into it.
inline void keep_standard_streams() {
    for (const int stream : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO})
        if (::fcntl(stream, F_GETFD) < 0 && ::open("/dev/null", O_RDWR) < 0) std::abort();
}

/// Parses the arguments and runs `body`, which returns the exit code, or nothing for 0. 2 is bad usage, 1 any
/// other failure. A failure is one line on standard error that begins with the program's name.
template <class Body>
int run(CLI::App& app, int argc, char** argv, const Body& body) {
    const auto fail = [&](int code, const std::string& line) {
        std::fflush(stdout);
        std::fprintf(stderr, "%s: %s\n", app.get_name().c_str(), line.c_str());
        return code;
    };
    keep_standard_streams();
    // Beyond a limit on file sizes, or into a pipe that nobody reads, a write is to fail with an error that
    // can be told, not with the process's end.
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
