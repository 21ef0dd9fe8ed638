#pragma once

#include <ctgan/core/config.hpp>
#include <ctgan/core/fail.hpp>
#include <ctgan/ranks/agreement.hpp>
#include <ctgan/ranks/exchange.hpp>
#include <ctgan/ranks/launcher.hpp>

#include <exception>
#include <stdexcept>

// The target ctgan::mpi defines CTGAN_WITH_MPI.
#ifdef CTGAN_WITH_MPI
#    include <ctgan/ranks/mpi.hpp>
#endif

namespace ctgan::inline CTGAN_ABI::ranks {

// The two forms of run() have different names for the linker.
#ifdef CTGAN_WITH_MPI
inline namespace with_mpi {

/// Calls work(mpi) and returns its result. If it throws on any rank, all ranks end with exit code 1, and a
/// line on standard error names the program, the rank and the error.
template <class Work>
int run(Mpi& mpi, const char* program, const Work& work) {
    try {
        return work(mpi);
    } catch (const SettingsDiffer& error) {
        mpi.end_all(program, error.what(), Mpi::Report::by_rank_0);
    } catch (const std::exception& error) {
        mpi.end_all(program, error.what(), Mpi::Report::by_each);
    } catch (...) {
        mpi.end_all(program, "found an exception of unknown type", Mpi::Report::by_each);
    }
}

/// Calls work(exchange), where `exchange` is an Mpi if MPI started this process, else Alone, and returns its
/// result. `patience` is how many seconds another rank may leave a message unanswered. Errors as above; those
/// of a single process reach the caller. Throws std::runtime_error if MPI started a program without MPI.
template <class Work>
int run(const char* program, double patience, const Work& work) {
    if (started_by_mpi()) {
        Mpi mpi(Mpi::Seconds{patience});
        return run(mpi, program, work);
    }
    Alone alone;
    return work(alone);
}

} // namespace with_mpi
#else
inline namespace without_mpi {

/// The same for a program without MPI.
template <class Work>
int run(const char*, double, const Work& work) {
    if (started_by_mpi())
        ctgan::detail::fail_with<std::runtime_error>(
            {"found a start by MPI, expected none: this program was built without MPI"});
    Alone alone;
    return work(alone);
}

} // namespace without_mpi
#endif

} // namespace ctgan::inline CTGAN_ABI::ranks
