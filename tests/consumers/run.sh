#!/bin/sh
# Uses ctgan in a small project outside the repository in one of several ways, builds main.cpp and runs it.
#   run.sh WAY CTGAN_SOURCE_DIR COMPILER       WAY: a folder next to this script
#   CTGAN_PREFIX=FOLDER                        one installation for all ways that need one; by default each way installs
#                                              ctgan again
# The folder of a way contains the files that a user writes, and try.sh with the commands that a user runs. try.sh runs in the
# project's folder, which contains main.cpp and io.cpp, and builds the program build/app and, if it uses ctgan::io, build/io.
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

# need PROGRAM: skips the test if the program is not installed.
need() {
    command -v "$1" >/dev/null || { echo "skipped: no $1 here"; exit 77; }
}

# Installs ctgan with CMake and sets $prefix.
install_ctgan() {
    need cmake
    prefix=${CTGAN_PREFIX:-$scratch/prefix}
    if [ -n "${CTGAN_PREFIX:-}" ] && [ -d "$prefix" ]; then return; fi
    # shellcheck disable=SC2119
    configure_to_install
    cmake --install "$scratch/ctgan" --prefix "$prefix" >"$scratch/install.log"
}

# configure_to_install [FLAG...]
# shellcheck disable=SC2120 # a try.sh passes flags
configure_to_install() {
    cmake -S "$source_dir" -B "$scratch/ctgan" -G Ninja \
        -DCTGAN_BUILD_EXAMPLES=OFF -DCTGAN_BUILD_TESTS=OFF -DCTGAN_BUILD_BENCHMARKS=OFF "$@" >"$scratch/configure.log"
}

# Without optimization, to save time.
build_with_cmake() {
    need cmake
    cmake -S . -B build -G Ninja -DCMAKE_CXX_FLAGS_RELEASE=-O0 "$@"
    cmake --build build
}

# fails_with MESSAGE COMMAND...: checks that the command fails with the message. CMake wraps messages, so white space is
# normalized.
fails_with() {
    message=$1
    shift
    if "$@" >"$scratch/output" 2>&1; then
        echo "$way: found success, expected to fail with: $message" >&2
        return 1
    fi
    if tr -s ' \n' '  ' <"$scratch/output" | grep -qF "$message"; then return 0; fi
    cat "$scratch/output"
    echo "$way: found the above, expected: $message" >&2
    return 1
}

# prints EXPECTED PROGRAM: checks the program's output.
prints() {
    printed=$("$2")
    echo "$way: $2 prints '$printed', expected '$1'"
    [ "$printed" = "$1" ]
}

mkdir "$scratch/project"
cp -R "$here/main.cpp" "$here/io.cpp" "$here/$way/." "$scratch/project"
cd "$scratch/project"
# shellcheck disable=SC1091 # each try.sh is checked on its own
. ./try.sh

prints '15 parameters, 2 outputs' build/app
if [ -f build/io ]; then prints 'a picture of 80 bytes' build/io; fi
