#!/bin/sh
# Compiles the unit tests for another system and runs them there, under an emulator. Takes many minutes.
#   units.sh SYSTEM [INCLUDE_FLAG...]     aarch64 (qemu) or windows (mingw and wine)
# Exits with 77 (skipped) if the compiler, the emulator or Boost is missing. $JOBS compilers run at a time (1 unless set).
set -u
system=$1
shift
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
# shellcheck source-path=SCRIPTDIR source=systems.sh
. "$here/systems.sh"
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
printf '#define BOOST_TEST_MODULE unit\n#include <boost/test/included/unit_test.hpp>\n' >"$work/main.cpp"

# shellcheck disable=SC2016,SC2086 # expanded by the inner shell; the flags are words
if ! { find "$here/../unit" -name '*.cpp' ! -name main.cpp; echo "$work/main.cpp"; } | xargs -P "${JOBS:-1}" -I{} sh -c '
    source=$1 folder=$2
    shift 2
    "$@" -c "$source" -o "$folder/$(basename "$source" .cpp).o"' sh {} "$work" "$compiler" -std=c++20 -O1 ${flags#-static} \
    -I "$here/.." -isystem "$work/include" "$@"; then
    echo "FAILED  $system: does not compile"
    exit 1
fi
# shellcheck disable=SC2086
"$compiler" $flags "$work"/*.o -pthread -o "$work/unit.exe" || exit 1
(cd "$work" && $launcher ./unit.exe)
