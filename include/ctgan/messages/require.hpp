#pragma once

#include <ctgan/messages/message.hpp>

// g++ reports an error inside a macro of a system header where the macro is used, without two more lines
// about the macro.
#pragma GCC system_header

/// Asserts that nothing is wrong with what a function was given, and compiles the block that follows only
/// then. For use in namespace ctgan, with the name of a problem (message.hpp):
///
///     using Problem = detail::problem_of_step<...>;
///     CTGAN_REQUIRE(Problem) {
///         ...
///     }
///
/// The mistake is then the only error. A long argument in place of a name would make clang print all of its
/// lines.
#define CTGAN_REQUIRE(Problem)                                                                               \
    static_assert(nothing_is_wrong<messages::Message<Problem>::text>, CTGAN_MESSAGE(Problem));               \
    if constexpr (std::is_same_v<Problem, messages::NoProblem>)
