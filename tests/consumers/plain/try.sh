# packages: g++ libeigen3-dev zlib1g-dev libpng-dev nlohmann-json3-dev
# shellcheck shell=sh disable=SC2154 # run.sh sets the variables
[ -d /usr/include/eigen3 ] || { echo "skipped: no Eigen in /usr/include"; exit 77; }
ln -s "$source_dir" ctgan
sh -eu build.sh
