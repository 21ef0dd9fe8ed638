# packages: g++ cmake ninja-build pkg-config zlib1g-dev libpng-dev nlohmann-json3-dev
# shellcheck shell=sh disable=SC2154 # run.sh sets the variables
need pkg-config
install_ctgan
cp -R "$prefix" "$scratch/moved"
PKG_CONFIG_PATH=$scratch/moved/share/pkgconfig
export PKG_CONFIG_PATH
sh -eu build.sh
