#!/bin/sh
# A small project outside of the tree takes ctgan in one way, builds main.cpp and runs it.
#   run.sh WAY CTGAN_SOURCE_DIR COMPILER       WAY: a folder beside this script
#   CTGAN_PREFIX=FOLDER                        where CMake installs ctgan for all ways that need it installed; else each
#                                              installs it anew
# A way's folder holds what a user writes, and try.sh, which does what a user does. That runs in the project's folder,
# where main.cpp and io.cpp lie, and leaves the program as build/app and, where it takes ctgan::io, as build/io.
set -eu
way=$1
source_dir=$2
CXX=$3
export CXX
here=$source_dir/tests/consumers
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
if [ ! -f "$here/$way/try.sh" ]; then
    echo "consumers: found no way $way, expected one of: $(cd "$here" && echo */ | tr -d /)" >&2
    exit 2
fi

# What is not here skips the test.
need() {
    command -v "$1" >/dev/null || { echo "skipped: no $1 here"; exit 77; }
}

# Installs with CMake and sets $prefix.
install_ctgan() {
    need cmake
    prefix=${CTGAN_PREFIX:-$scratch/prefix}
    if [ -n "${CTGAN_PREFIX:-}" ] && [ -d "$prefix" ]; then return; fi
    configure_to_install
    cmake --install "$scratch/ctgan" --prefix "$prefix" >"$scratch/install.log"
}

configure_to_install() {
    cmake -S "$source_dir" -B "$scratch/ctgan" -G Ninja \
        -DCTGAN_BUILD_EXAMPLES=OFF -DCTGAN_BUILD_TESTS=OFF -DCTGAN_BUILD_BENCHMARKS=OFF >"$scratch/configure.log"
}

# Without optimization, which this is not about.
build_with_cmake() {
    need cmake
    cmake -S . -B build -G Ninja "$@"
    cmake --build build
}

# fails_with SENTENCE COMMAND...: the command fails, and says so. CMake breaks lines where it likes.
fails_with() {
    sentence=$1
    shift
    if "$@" >"$scratch/said" 2>&1; then
        echo "$way: found success, expected to fail with: $sentence" >&2
        return 1
    fi
    if tr -s ' \n' '  ' <"$scratch/said" | grep -qF "$sentence"; then return 0; fi
    cat "$scratch/said"
    echo "$way: found the above, expected: $sentence" >&2
    return 1
}

# prints EXPECTED PROGRAM
prints() {
    printed=$("$2")
    echo "$way: $2 prints '$printed', expected '$1'"
    [ "$printed" = "$1" ]
}

mkdir "$scratch/project"
cp -R "$here/main.cpp" "$here/io.cpp" "$here/$way/." "$scratch/project"
cd "$scratch/project"
# shellcheck disable=SC1091 # each is looked at by itself
. ./try.sh

prints '15 parameters, 2 outputs' build/app
if [ -f build/io ]; then prints 'a picture of 80 bytes' build/io; fi
