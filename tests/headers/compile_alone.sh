#!/bin/sh
# Checks that every header compiles by itself, without a warning.   compile_alone.sh COMPILER [FLAG...] INCLUDE_DIR
# The headers of the CUDA backend are compiled for Thrust and the host's threads if Thrust is installed.
set -u

# Removes the last argument from the list: the compiler and its flags remain.
left=$#
for argument; do
    shift
    left=$((left - 1))
    if [ "$left" -gt 0 ]; then set -- "$@" "$argument"; else root=$argument; fi
done
set -- "$@" -std=c++20 -fsyntax-only -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Werror -I"$root" -x c++

# The files of impl/ are the ends of other headers: they need what those declare.
headers=$(cd "$root" && find ctgan -name '*.hpp' ! -path '*/impl/*' | sort)
# With separate compilation, headers of io and plot lack the includes of their definitions. "+" marks them in the list.
headers=$headers"
"$(printf '%s\n' "$headers" | grep -E '^ctgan/(io|plot)/' | sed 's/$/+/')
headers=$(printf '%s\n' "$headers" | grep -vE '^ctgan/(io|backend/cpu)/source.hpp$') # an error without it
headers="$headers
ctgan/backend/cpu/source.hpp+"
on_host='-fopenmp -DTHRUST_DEVICE_SYSTEM=THRUST_DEVICE_SYSTEM_OMP'
# shellcheck disable=SC2086 # the flags are words
if ! echo '#include <thrust/version.h>' | "$@" $on_host - 2>/dev/null; then
    echo "without the headers of the CUDA backend: no Thrust here"
    headers=$(printf '%s\n' "$headers" | grep -v 'backend/cuda')
fi
# shellcheck disable=SC2086
if ! echo '#include <Eigen/SVD>' | "$@" - 2>/dev/null; then
    echo "without the headers of score that need Eigen: no Eigen here"
    headers=$(printf '%s\n' "$headers" | grep -vE '^ctgan/score/(eigen|moments|frechet)[.]hpp$')
fi
mpi=$(mpicxx -show 2>/dev/null | grep -oE -- '-I *[^ ]+' | sed 's/^-I */-isystem /' | tr '\n' ' ')
# shellcheck disable=SC2086
if ! echo '#include <mpi.h>' | "$@" $mpi - 2>/dev/null; then
    echo "without ranks/mpi.hpp: no MPI here"
    headers=$(printf '%s\n' "$headers" | grep -v 'ranks/mpi')
fi
headers=$(printf '%s\n' "$headers" | grep -v 'ranks/nccl') # only nvcc compiles it: tests/nvcc/nccl.cu
export on_host mpi
# Includes each header twice, which fails for a header without #pragma once.
# shellcheck disable=SC2016 # expanded by the inner shell
if printf '%s\n' "$headers" | xargs -P2 -I{} sh -c '
    header=${1%+}
    case $1 in *+) set -- "$@" -DCTGAN_SEPARATE_COMPILATION ;; esac
    shift
    case $header in *backend/cuda*) set -- "$@" $on_host ;; *ranks/mpi*) set -- "$@" $mpi ;; esac
    printf "#include <%s>\n#include <%s>\n" "$header" "$header" | "$@" - || { echo "FAILED  $header"; exit 1; }
' sh {} "$@"; then
    echo "$(printf '%s\n' "$headers" | wc -l) headers compile by themselves"
else
    exit 1
fi
