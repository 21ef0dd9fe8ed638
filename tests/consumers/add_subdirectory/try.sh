# packages: g++ cmake ninja-build libeigen3-dev
# shellcheck shell=sh disable=SC2154 # run.sh sets the variables
ln -s "$source_dir" ctgan
build_with_cmake -DCMAKE_PROJECT_app_INCLUDE="$PWD/nothing_else.cmake"
# The library does not install itself with the user's program.
cmake --install build --prefix "$scratch/installed"
[ ! -e "$scratch/installed" ]
