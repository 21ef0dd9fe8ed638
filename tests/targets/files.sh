#!/bin/sh
# Compiles files.cpp for each system and runs it, under an emulator if need be.
#   files.sh 'SYSTEM...' [FLAG...]     of native, aarch64 (qemu), windows (mingw and wine)
# A system whose compiler or emulator is missing is skipped; without any the script exits with 77 (skipped).
set -u
systems=$1
shift
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
# shellcheck source-path=SCRIPTDIR source=systems.sh
. "$here/systems.sh"
trap remove_work EXIT
mkdir "$work/include"
json=$(echo '#include <nlohmann/json.hpp>' | c++ -std=c++20 -M -x c++ "$@" - 2>/dev/null | tr ' ' '\n' | grep '/nlohmann/json.hpp$')
[ -z "$json" ] || ln -s "$(dirname "$json")" "$work/include/nlohmann"

ran=0 failed=0
for system in $systems; do
    if ! choose "$system"; then
        echo "skipped $system: $missing is missing"
        continue
    fi
    zlib='-DWITH_ZLIB -lz' with='with zlib'
    # shellcheck disable=SC2086 # the flags are words
    if [ -z "$json" ] || ! printf '#include <zlib.h>\nint main() { return zlibVersion() == nullptr; }' |
        "$compiler" $flags "$@" -x c++ - -lz -o "$work/zlib.exe" 2>/dev/null; then
        zlib='' with='without zlib and checkpoints'
    fi
    # shellcheck disable=SC2086
    if ! "$compiler" -std=c++20 -O1 $flags -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Werror "$@" \
        -isystem "$work/include" "$here/files.cpp" $zlib -o "$work/files.exe"; then
        echo "FAILED  $system: does not compile"
        failed=$((failed + 1))
        continue
    fi
    # In the folder, because a path of this system may be none on the other.
    if (cd "$work" && $launcher ./files.exe) >"$work/output" 2>"$work/errors"; then
        echo "passed  $system, $with: $(tail -n 1 "$work/output")"
        ran=$((ran + 1))
    else
        echo "FAILED  $system, $with"
        cat "$work/output" "$work/errors"
        failed=$((failed + 1))
    fi
done
[ $failed -eq 0 ] || exit 1
[ $ran -gt 0 ] || exit 77
