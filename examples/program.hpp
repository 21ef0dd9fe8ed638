#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace CLI {
class App;
class Option;
} // namespace CLI

/// What the programs have in common: how they parse arguments and report errors. CLI11 does the parsing. It
/// takes seconds to compile, so only program.cpp includes it.
namespace program {

/// An argument with a value. Each function refines it and returns it, so that calls can be chained. If a
/// value fails a check, the message says what was found and what was expected.
class Option {
  public:
    explicit Option(CLI::Option* option) : option_(option) {}

    Option required() const;
    Option between(long min, long max) const;
    Option at_least(long min) const;
    /// Any finite number above 0.
    Option positive() const;
    Option one_of(std::vector<std::string> words) const;
    /// Shows the variable's value of now as the default in --help.
    Option show_default() const;

  private:
    CLI::Option* option_; // of the Arguments
};

/// The arguments of a program: declared first, then parsed by run().
class Arguments {
  public:
    Arguments(const std::string& description, const std::string& program);
    ~Arguments();

    /// If an option or flag is given twice, its last value counts, instead of an error. Affects those that
    /// are declared afterwards.
    void let_the_last_count();

    /// Declares an option ("--name") or a positional argument ("name"), which sets `variable`. T is int, long
    /// long, std::uint64_t, double, std::string or std::filesystem::path.
    template <class T>
    Option option(const std::string& name, T& variable, const std::string& description);

    /// Declares a flag, which sets `variable` to true, or to false if the name begins with an exclamation
    /// mark.
    void flag(const std::string& name, bool& variable, const std::string& description);

    /// Parses the arguments and runs `body`, which returns the exit code. Returns 2 if the arguments are
    /// wrong and 1 after any other error. An error is one line on standard error that begins with the
    /// program's name.
    int run(int argc, char** argv, const std::function<int()>& body);

  private:
    std::unique_ptr<CLI::App> app_;
};

} // namespace program
