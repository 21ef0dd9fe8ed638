#pragma once

#include <CLI/CLI.hpp>

#include <cstdio>
#include <exception>
#include <new>
#include <string>

/// What the programs have in common: how they read their arguments and how they end.
namespace program {

/// Parses the arguments and runs `body`. Returns the exit code: 0 done; 2 bad usage; 1 any other failure. A failure is
/// one line on standard error that begins with the program's name.
template <class Body>
int run(CLI::App& app, int argc, char** argv, const Body& body) {
    const auto fail = [&](int code, const std::string& line) {
        std::fflush(stdout);
        std::fprintf(stderr, "%s: %s\n", app.get_name().c_str(), line.c_str());
        return code;
    };
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
