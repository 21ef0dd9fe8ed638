# packages: g++ cmake ninja-build libeigen3-dev
# shellcheck shell=sh disable=SC2154 # run.sh sets the variables
install_ctgan
cmake --find-package -DNAME=Eigen3 -DCOMPILER_ID=GNU -DLANGUAGE=CXX -DMODE=EXIST >"$scratch/eigen" 2>&1 || { echo 'skipped: no Eigen here'; exit 77; }
build_with_cmake -DCMAKE_PREFIX_PATH="$prefix"
prints 'Frechet distance 25.000000, of equal sets 0.000000' build/score

without_eigen() { cmake -DCMAKE_DISABLE_FIND_PACKAGE_Eigen3=ON build; }
fails_with 'ctgan, component score: found no Eigen3, expected version 3.4 or later.' without_eigen
