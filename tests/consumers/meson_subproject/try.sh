# packages: g++ meson ninja-build pkg-config
# shellcheck shell=sh disable=SC2154 # run.sh sets the variables
need meson
# Only the library: a subproject does not read ctgan's tests and examples.
mkdir -p subprojects/ctgan
(cd "$source_dir" && cp -R LICENSE meson.build meson_options.txt cmake include "$scratch/project/subprojects/ctgan")
meson setup build --buildtype plain
meson compile -C build
