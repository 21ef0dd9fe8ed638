# packages: g++ cmake ninja-build zlib1g-dev libpng-dev nlohmann-json3-dev
# shellcheck shell=sh disable=SC2154 # run.sh sets the variables
need cmake
need dpkg-deb
configure_to_install
(cd "$scratch/ctgan" && cpack -G DEB) >"$scratch/cpack.log"
package=$(echo "$scratch"/ctgan/libctgan-dev_*_all.deb)
dpkg-deb --info "$package" | grep -E '^ (Depends|Recommends|Version):'
if [ -n "${CTGAN_INSTALL_PACKAGE:-}" ]; then # as root, on a separate system: tests/bare
    apt-get install -q -y "$package"
    build_with_cmake
else
    dpkg-deb --extract "$package" "$scratch/unpacked"
    build_with_cmake -DCMAKE_PREFIX_PATH="$scratch/unpacked/usr"
fi
if command -v lintian >/dev/null; then lintian --allow-root --fail-on error "$package"; fi
