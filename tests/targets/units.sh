#!/bin/sh
# Compiles the unit tests, or the suite tests/$SUITE, for another system and runs them there, under an emulator. Takes many minutes.
#   units.sh SYSTEM [FLAG...]     aarch64 (qemu) or windows (mingw and wine); the flags are for compiling and linking
# SUITE=io needs POSIX, and zlib and libpng of that system: Debian's zlib1g-dev:arm64 and libpng-dev:arm64, or the flags -isystem and
# -L for their folders. Exits with 77 (skipped) if the compiler, the emulator, Boost or one of these is missing. $JOBS compilers run
# at a time (1 unless set).
set -u
system=$1 suite=${SUITE:-unit}
shift
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
# shellcheck source-path=SCRIPTDIR source=systems.sh
. "$here/systems.sh"
trap remove_work EXIT
if ! choose "$system"; then
    echo "skipped $system: $missing is missing"
    exit 77
fi

# Boost's libraries are of this system. Its header alone is enough, from a folder without this system's other headers.
boost=$(echo '#include <boost/test/included/unit_test.hpp>' | c++ -M -x c++ - 2>/dev/null | tr ' ' '\n' |
    grep '/boost/test/included/unit_test.hpp$')
if [ -z "$boost" ]; then
    echo 'skipped: no Boost.Test'
    exit 77
fi
mkdir "$work/include"
ln -s "${boost%/test/included/unit_test.hpp}" "$work/include/boost"
json=$(echo '#include <nlohmann/json.hpp>' | c++ -std=c++20 -M -x c++ "$@" - 2>/dev/null | tr ' ' '\n' | grep '/nlohmann/json.hpp$')
[ -z "$json" ] || ln -s "$(dirname "$json")" "$work/include/nlohmann"
libraries=''
if [ "$suite" = io ]; then
    libraries='-lpng -lz'
    # shellcheck disable=SC2086 # the flags are words
    if [ "$system" = windows ] || ! printf '#include <png.h>\n#include <zlib.h>\nint main() { return png_access_version_number() == 0; }' |
        "$compiler" $flags "$@" -x c++ - -x none $libraries -o "$work/libraries.exe" 2>/dev/null; then
        echo "skipped $system: no POSIX, zlib or libpng there"
        exit 77
    fi
fi
printf '#define BOOST_TEST_MODULE %s\n#include <boost/test/included/unit_test.hpp>\n' "$suite" >"$work/main.cpp"

# shellcheck disable=SC2016,SC2086 # expanded by the inner shell; the flags are words
if ! { find "$here/../$suite" -name '*.cpp' ! -name main.cpp; echo "$work/main.cpp"; } | xargs -P "${JOBS:-1}" -I{} sh -c '
    source=$1 folder=$2
    shift 2
    "$@" -c "$source" -o "$folder/$(basename "$source" .cpp).o"' sh {} "$work" "$compiler" -std=c++20 -O1 ${flags#-static} \
    -I "$here/.." -isystem "$work/include" "$@"; then
    echo "FAILED  $system: does not compile"
    exit 1
fi
# shellcheck disable=SC2086
"$compiler" $flags "$work"/*.o "$@" $libraries -pthread -o "$work/$suite.exe" || exit 1
(cd "$work" && $launcher "./$suite.exe")
