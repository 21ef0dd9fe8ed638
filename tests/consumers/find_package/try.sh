# packages: g++ cmake ninja-build
# shellcheck shell=sh disable=SC2154 # run.sh sets the variables
install_ctgan
# The installed files may be moved.
cp -R "$prefix" "$scratch/moved"
build_with_cmake -DCMAKE_PREFIX_PATH="$scratch/moved"
# Without a build type nothing would be optimized, and CMake says so.
cmake -S . -B "$scratch/untyped" -G Ninja -DCMAKE_BUILD_TYPE= -DCMAKE_PREFIX_PATH="$scratch/moved" 2>&1 |
    grep -F 'ctgan: CMAKE_BUILD_TYPE is not set'

# The error messages.
configure_again() { cmake "$@" build; }
sed -i 's/ctgan 0.1/ctgan 0.2/' CMakeLists.txt
fails_with 'compatible with requested version "0.2"' configure_again
sed -i 's/ctgan 0.2 REQUIRED/ctgan REQUIRED COMPONENTS oi/' CMakeLists.txt
fails_with "ctgan: found a request for component 'oi', expected 'io', the only one." configure_again
fails_with 'Could not find a package configuration file provided by "Eigen3"' \
    configure_again -U Eigen3_DIR -DCMAKE_FIND_USE_CMAKE_SYSTEM_PATH=OFF -DCMAKE_FIND_USE_SYSTEM_ENVIRONMENT_PATH=OFF \
    -DCMAKE_FIND_USE_PACKAGE_REGISTRY=OFF
