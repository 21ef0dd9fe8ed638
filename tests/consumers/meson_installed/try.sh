# packages: g++ meson ninja-build pkg-config zlib1g-dev libpng-dev nlohmann-json3-dev
# shellcheck shell=sh disable=SC2154 # run.sh sets the variables
need meson
need pkg-config
# Installed with Meson; the way pkg_config uses an installation by CMake.
prefix=$scratch/prefix
meson setup "$scratch/ctgan" "$source_dir" --prefix "$prefix" -Dexamples=disabled -Dtests=disabled -Dbenchmarks=disabled
meson install -C "$scratch/ctgan" --quiet
meson setup build --buildtype plain --pkg-config-path "$prefix/share/pkgconfig"
meson compile -C build
