#pragma once

#include "../program.hpp"
#include "options.hpp"
#include <filesystem>
#include <functional>

/// What the programs that train have in common.
namespace train {

/// The flags that are not settings of a run.
struct ProgramFlags {
    std::filesystem::path checkpoint; ///< only check this one; empty: train
};

/// Declares the flags of both programs, but not those that choose the device. The current values of the
/// options become the defaults.
void declare_flags(program::Arguments& arguments, Options& options, ProgramFlags& flags);

/// What the program does when the flags are parsed: `train` returns 0, or the number of the signal that
/// stopped it. Returns the exit code. Throws std::exception.
int run_program(const Options& options, const ProgramFlags& flags, const std::function<int()>& train);

} // namespace train
