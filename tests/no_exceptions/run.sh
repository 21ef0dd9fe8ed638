#!/bin/sh
# Tests networks in a program without exceptions and run-time type information: a forward pass runs, a mistake ends the program
# with one line, and ctgan::io gives a compile-time error that it needs exceptions.   run.sh COMPILER [FLAG...]
set -eu
here=$(cd "$(dirname "$0")" && pwd)
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
set -- "$@" -std=c++20 -fno-exceptions -fno-rtti -pthread -Wall -Wextra -Wpedantic -Werror

"$@" -o "$scratch/forward" "$here/forward.cpp"
printed=$("$scratch/forward")
echo "$printed"
[ "$printed" = '64 values, the first between -1 and 1' ]

expected='forward: found a batch of 2, expected 1 to 1, the workspace'"'"'s capacity'
status=0
(ulimit -c 0 && exec "$scratch/forward" one-more) >"$scratch/out" 2>"$scratch/errors" || status=$?
if [ "$status" -ne 134 ] || [ "$(cat "$scratch/errors")" != "$expected" ] || [ -s "$scratch/out" ]; then
    echo "no_exceptions: found status $status and '$(cat "$scratch/errors")', expected 134 and '$expected'"
    exit 1
fi

echo '#include <ctgan/io/idx.hpp>' >"$scratch/io.cpp"
if "$@" -fsyntax-only "$scratch/io.cpp" 2>"$scratch/errors"; then
    echo "no_exceptions: found that ctgan::io compiles, expected an error"
    exit 1
fi
grep -F 'ctgan::io reports bad files by exceptions' "$scratch/errors"
