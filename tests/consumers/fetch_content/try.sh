# packages: g++ cmake ninja-build
# shellcheck shell=sh disable=SC2154 # run.sh sets the variables
tar -czf "$scratch/ctgan.tar.gz" -C "$source_dir" CMakeLists.txt cmake include
build_with_cmake -Dctgan_archive="file://$scratch/ctgan.tar.gz"
[ -d build/_deps/ctgan-src/include ]

# An installed ctgan is preferred (FIND_PACKAGE_ARGS); a folder given by the user replaces both.
install_ctgan
cmake -S . -B "$scratch/installed" -G Ninja -Dctgan_archive=/nowhere -DCMAKE_PREFIX_PATH="$prefix"
[ ! -e "$scratch/installed/_deps/ctgan-src" ]
cmake -S . -B "$scratch/folder" -G Ninja -Dctgan_archive=/nowhere -DFETCHCONTENT_SOURCE_DIR_CTGAN="$source_dir"
