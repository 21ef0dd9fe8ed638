# packages: g++ zlib1g-dev libpng-dev nlohmann-json3-dev
# shellcheck shell=sh disable=SC2154 # run.sh sets the variables
ln -s "$source_dir" ctgan
sh -eu build.sh
