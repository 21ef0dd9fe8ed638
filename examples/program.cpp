#include "program.hpp"

#include <CLI/CLI.hpp>

#include <charconv>
#include <csignal>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <fcntl.h>
#include <filesystem>
#include <limits>
#include <new>
#include <unistd.h>

namespace program {

namespace {

/// Checks that an argument is a number for which `good` is true.
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

/// Opens /dev/null in place of each standard stream that is closed. Otherwise the next file to be opened
/// would get its descriptor, and printed text would go into that file.
void keep_standard_streams() {
    for (const int stream : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO})
        if (::fcntl(stream, F_GETFD) < 0 && ::open("/dev/null", O_RDWR) < 0) std::abort();
}

} // namespace

Option Option::required() const { return Option(option_->required()); }

Option Option::between(long min, long max) const {
    const std::string expected = "a whole number from " + std::to_string(min) + " to " + std::to_string(max);
    return Option(
        option_->check(number<long>(expected, [=](long value) { return value >= min && value <= max; })));
}

Option Option::at_least(long min) const { return between(min, std::numeric_limits<long>::max()); }

Option Option::positive() const {
    return Option(option_->check(number<double>("a number above 0", [](double value) {
        return value > 0 && value < std::numeric_limits<double>::infinity();
    })));
}

Option Option::one_of(std::vector<std::string> words) const {
    return Option(option_->check(CLI::IsMember(std::move(words))));
}

Option Option::show_default() const { return Option(option_->capture_default_str()); }

Arguments::Arguments(const std::string& description, const std::string& program)
    : app_(std::make_unique<CLI::App>(description, program)) {}

Arguments::~Arguments() = default;

void Arguments::let_the_last_count() {
    app_->option_defaults()->multi_option_policy(CLI::MultiOptionPolicy::TakeLast);
}

template <class T>
Option Arguments::option(const std::string& name, T& variable, const std::string& description) {
    return Option(app_->add_option(name, variable, description));
}
template Option Arguments::option(const std::string&, int&, const std::string&);
template Option Arguments::option(const std::string&, long long&, const std::string&);
template Option Arguments::option(const std::string&, std::uint64_t&, const std::string&);
template Option Arguments::option(const std::string&, double&, const std::string&);
template Option Arguments::option(const std::string&, std::string&, const std::string&);
template Option Arguments::option(const std::string&, std::filesystem::path&, const std::string&);

void Arguments::flag(const std::string& name, bool& variable, const std::string& description) {
    app_->add_flag(name, variable, description);
}

int Arguments::run(int argc, char** argv, const std::function<int()>& body) {
    const auto fail = [&](int code, const std::string& line) {
        std::fflush(stdout);
        std::fprintf(stderr, "%s: %s\n", app_->get_name().c_str(), line.c_str());
        return code;
    };
    keep_standard_streams();
    // A write beyond the limit on file sizes, or into a pipe without a reader, must fail with an error that
    // can be reported instead of ending the process.
    std::signal(SIGXFSZ, SIG_IGN);
    std::signal(SIGPIPE, SIG_IGN);
    try {
        app_->parse(argc, argv);
    } catch (const CLI::Success& help) {
        return app_->exit(help);
    } catch (const CLI::ParseError& error) {
        return fail(2, error.what());
    }
    try {
        return body();
    } catch (const std::bad_alloc&) {
        return fail(1, "out of memory");
    } catch (const std::exception& error) {
        return fail(1, error.what());
    }
}

} // namespace program
