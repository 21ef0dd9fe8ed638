#!/bin/sh
# The version stands in include/ctgan/version.hpp. CMake, Meson and Conan read it there; whatever has to repeat it agrees.
#   version.sh CTGAN_SOURCE_DIR
set -eu
cd "$1"
version=$(awk '/define CTGAN_VERSION_/ {v = v dot $3; dot = "."} END {print v}' include/ctgan/version.hpp)
minor=${version%.*}
wrong=0

# says FILE EXPECTED FOUND
says() {
    if [ "$3" = "$2" ]; then return; fi
    echo "$1: found version '$3', expected '$2'"
    wrong=1
}
says packaging/vcpkg/ctgan/vcpkg.json "$version" "$(sed -n 's/.*"version-semver": "\(.*\)".*/\1/p' packaging/vcpkg/ctgan/vcpkg.json)"
says CHANGELOG.md "$version" "$(sed -n 's/^## \([0-9.]*\).*/\1/p' CHANGELOG.md | head -n 1)"
says tests/consumers/conan/conanfile.txt "$version" "$(sed -n "s|^ctgan/\([0-9.]*\)\$|\1|p" tests/consumers/conan/conanfile.txt)"
for file in $(grep -lE 'find_package\(ctgan [0-9]|FIND_PACKAGE_ARGS|>=' -r tests/consumers --include=CMakeLists.txt --include=meson.build); do
    says "$file" "$minor" "$(sed -nE "s/.*(find_package\(ctgan |FIND_PACKAGE_ARGS |version: '>=)([0-9.]+).*/\2/p" "$file" | sort -u)"
done
if [ "$wrong" -eq 0 ]; then echo "version $version everywhere"; fi
exit "$wrong"
