# packages: g++ cmake ninja-build zlib1g-dev libpng-dev nlohmann-json3-dev python3-venv
# pip: conan
# shellcheck shell=sh disable=SC2154 # run.sh sets the variables
need conan
need cmake
# Use a separate cache and a copy of the recipe, because Conan builds the recipe's test next to the recipe.
CONAN_HOME=$scratch/conan
export CONAN_HOME
mkdir -p "$CONAN_HOME" "$scratch/clone/tests"
echo 'tools.cmake.cmaketoolchain:generator=Ninja' >"$CONAN_HOME/global.conf"
(cd "$source_dir" && cp -R LICENSE include packaging "$scratch/clone" && cp -R tests/consumers "$scratch/clone/tests")
{
    conan profile detect
    conan remote disable '*'
    # The libraries of ctgan::io from this system, under their names in ConanCenter.
    for library in zlib/1.2.13 libpng/1.6.39 nlohmann_json/3.11.2; do
        conan create on_this_system.py --name "${library%/*}" --version "${library#*/}"
    done
    for io in False True; do
        conan create "$scratch/clone/packaging/conan" -s compiler.cppstd=20 -o "ctgan/*:io=$io"
    done
} >"$scratch/conan.log" 2>&1 || { cat "$scratch/conan.log"; exit 1; }
grep -E 'parameters|picture' "$scratch/conan.log" # the output of the package's own test
fails_with 'Current cppstd (17) is lower than the required C++ standard (20).' \
    conan create "$scratch/clone/packaging/conan" -s compiler.cppstd=17

conan install . --output-folder=conan -s compiler.cppstd=20 2>"$scratch/install.log" || { cat "$scratch/install.log"; exit 1; }
build_with_cmake -DCMAKE_TOOLCHAIN_FILE=conan/conan_toolchain.cmake -DCMAKE_BUILD_TYPE=Release -DCMAKE_CXX_FLAGS_RELEASE=-O0
# The option io adds a target: only the programs that use it link its libraries.
ninja -C build -t commands io | grep -e '-lpng' | grep -q -e '-lz'
if ninja -C build -t commands app | grep -E -e '-l(png|z)'; then
    echo 'conan: found the libraries of ctgan::io, as above, in a program of ctgan::ctgan, expected none'
    exit 1
fi
