# packages: g++ cmake ninja-build libeigen3-dev zlib1g-dev libpng-dev nlohmann-json3-dev
# Without vcpkg: stand_in.cmake runs the portfile. Where VCPKG_ROOT names vcpkg, port.sh runs that.
port=$source_dir/packaging/vcpkg/ctgan
prefix=$scratch/prefix
need cmake
cmake -DPORT=ctgan -DPORTFILE="$port/portfile.cmake" -DCURRENT_PACKAGES_DIR="$prefix" -DSCRATCH="$scratch" \
    -P stand_in.cmake >"$scratch/port.log" 2>&1 || { cat "$scratch/port.log"; exit 1; }
build_with_cmake -DCMAKE_PREFIX_PATH="$prefix"
