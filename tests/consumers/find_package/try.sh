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
fails_with "ctgan: found a request for component 'oi', expected 'io', 'jpeg', 'score' or 'mpi'." configure_again
sed -i 's/REQUIRED COMPONENTS oi/REQUIRED/' CMakeLists.txt

# threads_of PREFIX [FLAG...]: prints which threads a project gets, and whether it is compiled for OpenMP.
threads_of() {
    found_in=$1
    shift
    rm -rf "$scratch/threads"
    cmake -S . -B "$scratch/threads" -G Ninja -DCMAKE_PREFIX_PATH="$found_in" -DCMAKE_EXPORT_COMPILE_COMMANDS=ON "$@" >"$scratch/threads.log"
    grep -o -e '-DCTGAN_OPENMP=.' -e '-fopenmp[^ ]*' "$scratch/threads/compile_commands.json" | sort | tr '\n' ' '
}
# threads_are EXPECTED PREFIX [FLAG...]
threads_are() {
    expected=$1
    shift
    found=$(threads_of "$@")
    echo "$way: threads '$found', expected '$expected'"
    [ "$found" = "$expected" ]
}
# Threads: OpenMP's if the project's compiler has them, unless the installation or the project says no.
configure_to_install -B "$scratch/own" -DCTGAN_OPENMP=OFF
grep -qF -e '-- ctgan: threads of its own' "$scratch/configure.log"
cmake --install "$scratch/own" --prefix "$scratch/with_own_threads" >"$scratch/install.log"
grep -q '^Cflags: .*-pthread -DCTGAN_OPENMP=0$' "$scratch/with_own_threads/share/pkgconfig/ctgan.pc"
threads_are '-DCTGAN_OPENMP=0 ' "$scratch/with_own_threads"
threads_are '-DCTGAN_OPENMP=0 ' "$scratch/moved" -DCTGAN_OPENMP=OFF
threads_are '-DCTGAN_OPENMP=0 ' "$scratch/moved" -DCMAKE_DISABLE_FIND_PACKAGE_OpenMP=ON
echo 'int main() {}' >"$scratch/empty.cpp"
if "$CXX" -fopenmp "$scratch/empty.cpp" -o "$scratch/empty" 2>/dev/null; then
    threads_are '-DCTGAN_OPENMP=1 -fopenmp ' "$scratch/moved"
    threads_are '-DCTGAN_OPENMP=1 -fopenmp ' "$scratch/with_own_threads" -DCTGAN_OPENMP=ON
    grep -q '^Cflags: .*-fopenmp -DCTGAN_OPENMP=1$' "$scratch/moved/share/pkgconfig/ctgan.pc"
fi

# The installed files carry the choice of Eigen's packets; by default they name no Eigen.
install_with_eigen() {
    configure_to_install -B "$scratch/eigen_$1" -DCTGAN_EIGEN="$1"
    cmake --install "$scratch/eigen_$1" --prefix "$scratch/with_eigen_$1" >"$scratch/install.log"
}
install_with_eigen OFF
if grep -i eigen "$scratch/with_eigen_OFF/share/ctgan/ctgan.cmake" "$scratch/with_eigen_OFF/share/pkgconfig/ctgan.pc"; then exit 1; fi
# Only the component score asks for it.
cmake -S . -B "$scratch/without_eigen" -G Ninja -DCMAKE_PREFIX_PATH="$scratch/with_eigen_OFF" -DCMAKE_DISABLE_FIND_PACKAGE_Eigen3=ON
if install_with_eigen ON 2>"$scratch/no_eigen.log"; then
    cmake -S . -B "$scratch/eigen" -G Ninja -DCMAKE_PREFIX_PATH="$scratch/with_eigen_ON" -DCMAKE_EXPORT_COMPILE_COMMANDS=ON
    grep -q -e '-DCTGAN_EIGEN=1' "$scratch/eigen/compile_commands.json"
    grep -qx 'Requires: eigen3' "$scratch/with_eigen_ON/share/pkgconfig/ctgan.pc"
    grep -q '^Cflags: .*-DCTGAN_EIGEN=1$' "$scratch/with_eigen_ON/share/pkgconfig/ctgan.pc"
    fails_with 'Could not find a package configuration file provided by "Eigen3"' \
        cmake -U Eigen3_DIR -DCMAKE_FIND_USE_CMAKE_SYSTEM_PATH=OFF -DCMAKE_FIND_USE_SYSTEM_ENVIRONMENT_PATH=OFF \
        -DCMAKE_FIND_USE_PACKAGE_REGISTRY=OFF "$scratch/eigen"
else
    grep -F 'provided by "Eigen3"' "$scratch/no_eigen.log"
fi
