# packages: g++ cmake ninja-build
# shellcheck shell=sh disable=SC2154 # run.sh sets the variables
ln -s "$source_dir" ctgan
build_with_cmake -DCMAKE_PROJECT_app_INCLUDE="$PWD/nothing_else.cmake"
cmake -S . -B "$scratch/untyped" -G Ninja -DCMAKE_BUILD_TYPE= 2>&1 | grep -F 'ctgan: CMAKE_BUILD_TYPE is not set'
# Installing the user's program does not install ctgan.
cmake --install build --prefix "$scratch/installed"
[ ! -e "$scratch/installed" ]
