#pragma once

#include <ctgan/messages/message.hpp>

// If a macro is defined in a system header, g++ reports an error in it at the place of use, without two more
// lines about the macro.
#if CTGAN_GNU_EXTENSIONS
#    pragma GCC system_header
#endif

/// Asserts that nothing is wrong with the arguments of a function, and compiles the block that follows only
/// in that case. For use in namespace ctgan, with the name of a problem (message.hpp):
///
///     using Problem = detail::problem_of_step<...>;
///     CTGAN_REQUIRE (Problem) {
///         ...
///     }
///
/// The mistake is then the only error. Pass a name: clang would print all lines of a longer argument.
#define CTGAN_REQUIRE(Problem)                                                                               \
    static_assert(nothing_is_wrong<messages::Message<Problem>::text>, CTGAN_MESSAGE(Problem));               \
    if constexpr (std::is_same_v<Problem, messages::NoProblem>)
