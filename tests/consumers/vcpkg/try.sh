# packages: g++ cmake ninja-build zlib1g-dev libpng-dev nlohmann-json3-dev
# shellcheck shell=sh disable=SC2154 # run.sh sets the variables
need cmake
if [ -x "${VCPKG_ROOT:-}/vcpkg" ]; then
    # vcpkg itself. The libraries of ctgan::io are those of this system, so their ports here are empty.
    for library in libpng nlohmann-json zlib; do
        mkdir -p "$scratch/ports/$library"
        echo "{\"name\": \"$library\", \"version\": \"1\"}" >"$scratch/ports/$library/vcpkg.json"
        echo 'set(VCPKG_POLICY_EMPTY_PACKAGE enabled)' >"$scratch/ports/$library/portfile.cmake"
    done
    build_with_cmake -DCMAKE_TOOLCHAIN_FILE="$VCPKG_ROOT/scripts/buildsystems/vcpkg.cmake" \
        -DVCPKG_OVERLAY_PORTS="$source_dir/packaging/vcpkg;$scratch/ports" >"$scratch/vcpkg.log" 2>&1 || { cat "$scratch/vcpkg.log"; exit 1; }
    # vcpkg warns of problems in a package.
    if grep -i 'warning' "$scratch/vcpkg.log"; then exit 1; fi
    ls -d build/vcpkg_installed/*/share/ctgan
else
    # Without vcpkg a stand-in runs the portfile.
    cmake -DPORT=ctgan -DPORTFILE="$source_dir/packaging/vcpkg/ctgan/portfile.cmake" \
        -DCURRENT_PACKAGES_DIR="$scratch/prefix" -DSCRATCH="$scratch" \
        -P stand_in.cmake >"$scratch/port.log" 2>&1 || { cat "$scratch/port.log"; exit 1; }
    build_with_cmake -DCMAKE_PREFIX_PATH="$scratch/prefix"
fi
