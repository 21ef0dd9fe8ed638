#!/bin/sh
# Checks that the headers do not depend on names that other headers define as macros: <complex.h> defines I, <termios.h> B0, and
# Windows' headers small, near, far, interface, hyper, min and max.   macro_names.sh COMPILER [FLAG...] INCLUDE_DIR
# Includes all headers but those of the CUDA backend in one file.
set -u

# Removes the last argument from the list: the compiler and its flags remain.
left=$#
for argument; do
    shift
    left=$((left - 1))
    if [ "$left" -gt 0 ]; then set -- "$@" "$argument"; else root=$argument; fi
done
set -- "$@" -fsyntax-only -I"$root" -x c++

# The files of impl/ are the ends of other headers, those called source.hpp for programs with separate compilation.
headers=$(cd "$root" && find ctgan -name '*.hpp' ! -path '*/cuda*' ! -path '*/ranks/mpi.hpp' ! -path '*/ranks/nccl.hpp' ! -path '*/impl/*' ! -name source.hpp | sort)
# Those of other libraries come first: they may use these names.
# shellcheck disable=SC2086 # a list of files
if ! echo '#include <Eigen/SVD>' | "$@" 2>/dev/null; then
    headers=$(printf '%s\n' "$headers" | grep -vE '^ctgan/score/(eigen|moments|frechet)[.]hpp$')
fi
of_others=$(cd "$root" && sed -n 's/^ *# *include <\([^> ]*\)>.*/\1/p' $headers ctgan/*/impl/*.hpp | grep -v -e '^ctgan/' -e '^omp\.h$' | sort -u)
# include HEADER...: those that this system has.
include() {
    for header; do printf '#if __has_include(<%s>)\n#include <%s>\n#endif\n' "$header" "$header"; done
}

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
# shellcheck disable=SC2086 # lists of files
{
    include $of_others
    for name in I B0 small near far interface hyper 'min(a, b)' 'max(a, b)'; do
        printf '#undef %s\n#define %s !!! a macro !!!\n' "${name%(*}" "$name"
    done
    include $headers
} >"$work/macros.cpp"
# shellcheck disable=SC2086
include complex.h termios.h $headers >"$work/complex.cpp"

failed=0
# check FILE STANDARD COMPILER [FLAG...]
check() {
    file=$1 standard=$2
    shift 2
    "$@" -std="$standard" "$work/$file" 2>"$work/errors" && return
    echo "FAILED  $file, $standard"
    grep 'error: ' "$work/errors" | head -n 10
    failed=1
}
check macros.cpp c++20 "$@"
check complex.cpp gnu++20 "$@"
echo "$(printf '%s\n' "$headers" | wc -l) headers after macros, $failed failed"
exit $failed
