#!/bin/sh
# A library whose header is missing gives one error line, which names its package, from every header of ctgan that needs it.
# usage: missing_library.sh COMPILER INCLUDE_DIR [COMPILER FLAGS...]    the flags: where Eigen is, if it is tested
# Exits with 77 (skipped) if the compiler finds no system headers to leave out.
set -u
compiler=$1
include=$2
shift 2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
passed=0
failed=0

# The folders in which the compiler looks for system headers.
folders=$(echo | "$compiler" -x c++ -E -v - 2>&1 | sed -n '/^#include </,/^End of/{/^ /p}')
[ -n "$folders" ] || exit 77

# without HEADER: prints the flags with which the compiler finds all system headers but this one.
without() {
    echo "-nostdinc -nostdinc++"
    number=0
    for folder in $folders; do
        if [ -e "$folder/$1" ]; then # a folder with links to all that is in it except that
            number=$((number + 1))
            links=$work/$(echo "$1" | tr / _)$number
            if [ ! -d "$links" ]; then
                mkdir "$links"
                ln -s "$folder"/* "$links"
                rm "$links/${1%%/*}"
            fi
            folder=$links
        fi
        echo "-isystem $folder"
    done
}

# expect HEADER WORDS FILE: including FILE without that header must give one error, with these words.
expect() {
    echo "#include <ctgan/$3>" >"$work/file.cpp"
    # shellcheck disable=SC2046,SC2086 # words
    if ! "$compiler" -std=c++20 -fsyntax-only $(without "$1") -I "$include" $flags "$work/file.cpp" 2>"$work/errors" &&
        [ "$(grep -c 'error:' "$work/errors")" -eq 1 ] && grep -qF "$2" "$work/errors"; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        printf 'FAILED: %s without %s\n  expected: one error with "%s"\n  found: %s\n' "$3" "$1" "$2" \
            "$(grep -m 3 'error:' "$work/errors" | cut -c 1-300)"
    fi
}
flags=$*

for file in checksum byte_source idx data_set checkpoint; do
    expect zlib.h 'ctgan needs zlib for files: install zlib1g-dev' io/$file.hpp
done
expect png.h 'ctgan needs libpng for pictures: install libpng-dev' io/png.hpp
given=$flags
flags="$flags -DCTGAN_WITH_GIF"
expect gif_lib.h 'ctgan needs giflib for GIF files: install libgif-dev' io/animation.hpp
flags="$given -DCTGAN_WITH_JPEG"
expect jpeglib.h 'ctgan needs libjpeg-turbo for JPEG files: install libjpeg-dev' io/picture_file.hpp
flags=$given
for file in safetensors safetensors_write checkpoint weights load_network gan_state; do
    expect nlohmann/json.hpp 'ctgan needs nlohmann/json for files of weights: install nlohmann-json3-dev' io/$file.hpp
done
# Eigen is optional. Its folder may be among the flags or among the compiler's.
given=$flags
flags=-DCTGAN_EIGEN=1
expect Eigen/Core 'ctgan needs Eigen 3.4 or later: install libeigen3-dev' backend/cpu.hpp
flags=
for file in moments frechet; do
    expect Eigen/SVD "ctgan's scores need Eigen 3.4 or later: install libeigen3-dev" score/$file.hpp
done
flags=$given
# By default, no file of Eigen is read even if there is one.
echo '#include <ctgan/dcgan.hpp>' >"$work/file.cpp"
# shellcheck disable=SC2086 # words
if "$compiler" -std=c++20 -E -I "$include" $flags "$work/file.cpp" >"$work/preprocessed" &&
    grep -q '^# .*ctgan/backend/cpu/packets.hpp' "$work/preprocessed" && ! grep '^# .*/Eigen/' "$work/preprocessed"; then
    passed=$((passed + 1))
else
    failed=$((failed + 1))
    echo 'FAILED: dcgan.hpp reads files of Eigen, shown above, or cannot be read'
fi
# And with -DCTGAN_EIGEN=1 that check would find one, if Eigen is here.
# shellcheck disable=SC2086
if echo '#include <Eigen/Core>' | "$compiler" $flags -E -x c++ - >/dev/null 2>&1; then
    # shellcheck disable=SC2086
    if "$compiler" -std=c++20 -DCTGAN_EIGEN=1 -E -I "$include" $flags "$work/file.cpp" | grep -q '^# .*/Eigen/'; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        echo 'FAILED: with -DCTGAN_EIGEN=1, dcgan.hpp reads no file of Eigen'
    fi
fi
# The check itself: with the header, the same flags compile.
echo '#include <ctgan/io/png.hpp>' >"$work/file.cpp"
# shellcheck disable=SC2046,SC2086 # words
if "$compiler" -std=c++20 -fsyntax-only $(without no_such_header.h) -I "$include" $flags "$work/file.cpp"; then
    passed=$((passed + 1))
else
    failed=$((failed + 1))
fi

echo "$passed passed, $failed failed"
[ $failed -eq 0 ]
