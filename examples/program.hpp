#pragma once

#include <CLI/CLI.hpp>

#include <charconv>
#include <csignal>
#include <cstdio>
#include <exception>
#include <limits>
#include <new>
#include <string>

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

/// Parses the arguments and runs `body`. Returns the exit code: 0 done; 2 bad usage; 1 any other failure. A
/// failure is one line on standard error that begins with the program's name.
template <class Body>
int run(CLI::App& app, int argc, char** argv, const Body& body) {
    const auto fail = [&](int code, const std::string& line) {
        std::fflush(stdout);
        std::fprintf(stderr, "%s: %s\n", app.get_name().c_str(), line.c_str());
        return code;
    };
    // Beyond a limit on file sizes a write is to fail with an error that can be told, not with the process's
    // end.
    std::signal(SIGXFSZ, SIG_IGN);
    try {
        app.parse(argc, argv);
    } catch (const CLI::Success& help) {
        return app.exit(help);
    } catch (const CLI::ParseError& error) {
        return fail(2, error.what());
    }
    try {
        body();
        return 0;
    } catch (const std::bad_alloc&) {
        return fail(1, "out of memory");
    } catch (const std::exception& error) {
        return fail(1, error.what());
    }
}

} // namespace program
