#!/bin/sh
# Checks that the files that must repeat the version of include/ctgan/version.hpp agree with it. CMake, Meson and Conan read it
# from there.
#   version.sh CTGAN_SOURCE_DIR
set -eu
cd "$1"
version=$(awk '/define CTGAN_VERSION_/ {v = v dot $3; dot = "."} END {print v}' include/ctgan/version.hpp)
minor=${version%.*}
wrong=0

# check FILE EXPECTED FOUND
check() {
    if [ "$3" = "$2" ]; then return; fi
    echo "$1: found version '$3', expected '$2'"
    wrong=1
}
check packaging/vcpkg/ctgan/vcpkg.json "$version" "$(sed -n 's/.*"version-semver": "\(.*\)".*/\1/p' packaging/vcpkg/ctgan/vcpkg.json)"
check CHANGELOG.md "$version" "$(sed -n 's/^## \([0-9.]*\).*/\1/p' CHANGELOG.md | head -n 1)"
check tests/consumers/conan/conanfile.txt "$version" "$(sed -n "s|^ctgan/\([0-9.]*\)\$|\1|p" tests/consumers/conan/conanfile.txt)"
for file in $(grep -lE 'find_package\(ctgan [0-9]|FIND_PACKAGE_ARGS|>=' -r tests/consumers --include=CMakeLists.txt --include=meson.build); do
    check "$file" "$minor" "$(sed -nE "s/.*(find_package\(ctgan |FIND_PACKAGE_ARGS |version: '>=)([0-9.]+).*/\2/p" "$file" | sort -u)"
done
if [ "$wrong" -eq 0 ]; then echo "all files have version $version"; fi
exit "$wrong"
