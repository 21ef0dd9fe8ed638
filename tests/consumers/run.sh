#!/bin/sh
# A small project outside of the tree takes ctgan in one of four ways, builds main.cpp and runs it.
# run.sh find_package|add_subdirectory|meson_subproject|pkg_config CTGAN_SOURCE_DIR COMPILER
set -eu
way=$1
source_dir=$2
CXX=$3
export CXX
here=$source_dir/tests/consumers
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

# What is not here skips the test.
need() {
    command -v "$1" >/dev/null || { echo "skipped: no $1 here"; exit 77; }
}

install_with_cmake() {
    cmake -S "$source_dir" -B "$scratch/ctgan" -G Ninja -DCMAKE_INSTALL_PREFIX="$scratch/prefix" \
        -DCTGAN_BUILD_EXAMPLES=OFF -DCTGAN_BUILD_TESTS=OFF -DCTGAN_BUILD_BENCHMARKS=OFF
    cmake --install "$scratch/ctgan" >"$scratch/install.log"
}

build_with_cmake() {
    cmake -S "$here/$way" -B "$scratch/build" -G Ninja "$@"
    cmake --build "$scratch/build"
}

case $way in
find_package)
    install_with_cmake
    build_with_cmake -DCMAKE_PREFIX_PATH="$scratch/prefix"
    "$scratch/build/io_consumer" >/dev/null
    ;;
add_subdirectory)
    build_with_cmake -DCTGAN_SOURCE_DIR="$source_dir"
    ;;
meson_subproject)
    need meson
    mkdir -p "$scratch/project/subprojects/ctgan"
    cp "$here/meson_subproject/meson.build" "$here/main.cpp" "$scratch/project"
    # The library alone: a subproject does not look at our tests and examples.
    (cd "$source_dir" && cp -R meson.build meson_options.txt include "$scratch/project/subprojects/ctgan")
    meson setup "$scratch/build" "$scratch/project"
    meson compile -C "$scratch/build"
    ;;
pkg_config)
    need meson
    need pkg-config
    meson setup "$scratch/ctgan" "$source_dir" --prefix "$scratch/prefix" -Dexamples=disabled -Dtests=disabled -Dbenchmarks=disabled
    meson install -C "$scratch/ctgan" --quiet
    PKG_CONFIG_PATH=$scratch/prefix/share/pkgconfig
    export PKG_CONFIG_PATH
    pkg-config --exists --print-errors ctgan-io
    mkdir "$scratch/build"
    # shellcheck disable=SC2046 # the flags are words
    "$CXX" -std=c++20 -o "$scratch/build/consumer" "$here/main.cpp" $(pkg-config --cflags --libs ctgan)
    ;;
*)
    echo "no such way: $way" >&2
    exit 2
    ;;
esac

printed=$("$scratch/build/consumer")
echo "$way: the consumer has $printed parameters, expected 15"
[ "$printed" = 15 ]
