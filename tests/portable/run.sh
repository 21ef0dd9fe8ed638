#!/bin/sh
# Compiles the same program for several targets without a warning. Each must pass its checks, and their losses must agree.
# run.sh 'TARGET...' [INCLUDE_FLAG...]: the losses of all targets are compared with those of the first one. A target whose
# compiler, processor or emulator is missing is skipped; with fewer than two targets the script exits with 77 (skipped).
set -u
targets=$1
shift
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# The allowed relative difference of two losses. Targets add in different orders, and some round a product before adding it,
# which changes a loss by about 1e-7 at first. Adam amplifies this as any rounding: another small DCGAN's losses differed by 2e-6
# after ten steps; here there are five.
tolerance=1e-5

gxx=$(command -v g++ || command -v c++)
clang=$(command -v clang++)
newer_clang=$(command -v clang++-19)
cross=$(command -v aarch64-linux-gnu-g++ || command -v aarch64-linux-gnu-g++-12)
emulator=$(command -v qemu-aarch64 || command -v qemu-aarch64-static)
mingw=$(command -v x86_64-w64-mingw32-g++-posix || command -v x86_64-w64-mingw32-g++)
wine=$(command -v wine64 || command -v wine)
export WINEPREFIX="$work/wine" WINEDEBUG=-all # wine creates a folder of its own
machine=$(uname -m)
# Without GNU's extensions ctgan uses Eigen's packets.
eigen=$(echo '#include <Eigen/Core>' | "$gxx" "$@" -M -x c++ - 2>/dev/null)
has() { grep -qw "$1" /proc/cpuinfo 2>/dev/null; }

# choose TARGET: sets $compiler, $flags and $launcher, a command in front of the program; or fails and sets $missing.
choose() {
    compiler=$gxx flags= launcher= missing=
    case $1 in
    plain) ;;
    native) flags=-march=native ;;
    avx2)
        flags='-mavx2 -mfma'
        [ "$machine" = x86_64 ] && has avx2 && has fma || missing='a processor with AVX2'
        ;;
    scalar) flags='-march=native -DCTGAN_SCALAR' ;;
    # What a system without threads and a compiler without GNU's extensions get (core/config.hpp), compiled where both exist.
    one-thread) flags=-DCTGAN_THREADS=0 ;;
    # What the library has itself where mingw's libraries do not suffice.
    own-parts) flags='-DCTGAN_OWN_WAIT=1 -DCTGAN_OWN_FMA=1' ;;
    no-extensions)
        flags=-DCTGAN_GNU_EXTENSIONS=0
        [ -n "$eigen" ] || missing=Eigen
        ;;
    clang-no-extensions)
        compiler=$clang flags='-march=native -DCTGAN_GNU_EXTENSIONS=0'
        [ -n "$eigen" ] || missing=Eigen
        ;;
    clang) compiler=$clang flags=-march=native ;;
    clang-19) compiler=$newer_clang flags=-march=native ;;
    aarch64)
        compiler=$cross flags=-static launcher=$emulator
        if [ "$machine" = aarch64 ]; then compiler=$gxx flags= launcher=; else
            [ -n "$launcher" ] || missing=qemu-aarch64
        fi
        ;;
    windows)
        # Without wider registers: this compiler does not align the stack for them.
        compiler=$mingw flags=-static launcher=$wine
        [ -n "$wine" ] || missing=wine
        ;;
    *)
        echo "$0: no target is called '$1'" >&2
        exit 2
        ;;
    esac
    [ -n "$compiler" ] || missing='its compiler'
    [ -z "$missing" ]
}

ran=0 failed=0
for target in $targets; do
    if ! choose "$target"; then
        echo "skipped $target: $missing is missing"
        continue
    fi
    # shellcheck disable=SC2086 # flags and launcher may be several words or none
    if ! "$compiler" -std=c++20 -O2 $flags -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Werror "$@" \
        "$here/check.cpp" -o "$work/$target.exe" -pthread; then
        echo "FAILED  $target: does not compile"
        failed=$((failed + 1))
        continue
    fi
    # shellcheck disable=SC2086
    if ! $launcher "$work/$target.exe" >"$work/$target.txt"; then
        cat "$work/$target.txt"
        echo "FAILED  $target"
        failed=$((failed + 1))
        continue
    fi
    grep '^loss ' "$work/$target.txt" >"$work/$target.losses"
    ran=$((ran + 1))
    if [ $ran -eq 1 ]; then
        first=$target
        # Constant losses would agree even if training did nothing.
        if [ "$(sort -u "$work/$target.losses" | wc -l)" -lt 10 ]; then
            echo "FAILED  $target: its losses do not change"
            failed=$((failed + 1))
        fi
    fi
    largest=$(paste "$work/$first.losses" "$work/$target.losses" | awk '
        { d = ($2 - $4) / $2; if (d < 0) d = -d; if (!(d <= largest)) largest = d }
        END { printf "%.2g", (NR < 12) ? 1 : largest }')
    echo "passed  $target, $(grep '^lanes' "$work/$target.txt"), losses differ by $largest from those of $first"
    if ! awk "BEGIN { exit !($largest <= $tolerance) }"; then
        echo "FAILED  $target: its losses differ by $largest from those of $first, expected at most $tolerance"
        failed=$((failed + 1))
    fi
done
[ $failed -eq 0 ] || exit 1
[ $ran -ge 2 ] || exit 77
