#!/bin/sh
# Two files of one program that are compiled for different processors, or with other settings that change ctgan's code, use two
# libraries side by side: no function of ctgan is in both object files, and each file gets the numbers that it gets alone,
# whichever is linked first. A network that one passes to the other is an error of the linker, which names both settings'
# functions.   two_architectures.sh COMPILER [FLAG...]
set -eu
here=$(cd "$(dirname "$0")" && pwd)
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
# Folders as absolute paths, because the programs are built in another one.
for flag; do
    shift
    if [ -d "$flag" ]; then flag=$(cd "$flag" && pwd); fi
    set -- "$@" "$flag"
done
set -- "$@" -std=c++20 -pthread
cd "$scratch"

failed=0
fail() {
    echo "FAILED  $1"
    failed=1
}

# object FILE.o SETTINGS COMPILER [FLAG...]: compiles plain.cpp, unless that has been done.
object() {
    object=$1 settings=$2
    shift 2
    # shellcheck disable=SC2086 # the settings are words
    [ -f "$object" ] || "$@" $settings -c -o "$object" "$here/plain.cpp"
}
# main NAME...: writes a program that calls these functions and prints their results.
main() {
    for name; do echo "extern \"C\" double $name(int steps);"; done
    echo '#include <cstdio>'
    echo 'int main() {'
    for name; do printf 'std::printf("%s %%.17g\\n", %s(3));\n' "$name" "$name"; done
    echo '}'
}
# symbols OBJECT: the names that the linker would merge with those of other files.
symbols() {
    nm --defined-only "$1" | awk '$(NF - 1) ~ /^[A-Zuvw]$/ { print $NF }' | LC_ALL=C sort -u
}

# check OBJECT SETTINGS OBJECT SETTINGS LINK_FLAGS COMPILER [FLAG...]: two objects, both with a function of their name. Neither
# has a symbol of the other that matches $separate.
check() {
    first=$1 of_first=$2 second=$3 of_second=$4 link=$5
    shift 5
    object "$first.o" "-DTRAIN=$first $of_first" "$@"
    object "$second.o" "-DTRAIN=$second $of_second" "$@"
    symbols "$first.o" >first.symbols
    symbols "$second.o" >second.symbols
    [ "$(grep -c 5ctgan first.symbols)" -gt 10 ] || fail "$first: nm shows hardly any function of ctgan"
    # Eigen's placeholders `all` and `last` are objects without code worth mentioning, which only -O0 keeps.
    LC_ALL=C comm -12 first.symbols second.symbols | c++filt |
        grep -E "$separate" | grep -vE '^(Eigen::symbolic::|Eigen::internal::(all_t|FixedInt<1>)::)' >common || true
    if [ -s common ]; then
        fail "$first and $second: $(wc -l <common) functions are in both object files, such as"
        head -n 5 common | cut -c1-200
    fi
    main "$first" >first.cpp
    main "$second" >second.cpp
    main "$first" "$second" >both.cpp
    # shellcheck disable=SC2086 # the flags are words
    {
        "$@" -o first first.cpp "$first.o" $link
        "$@" -o second second.cpp "$second.o" $link
        "$@" -o both both.cpp "$first.o" "$second.o" $link
        "$@" -o reversed both.cpp "$second.o" "$first.o" $link
    }
    ./first >alone
    ./second >>alone
    for program in both reversed; do
        ./$program >together
        cmp -s alone together ||
            fail "$first and $second: found $(tr '\n' ' ' <together), expected $(tr '\n' ' ' <alone)as in two programs"
    done
    awk 'NR == 1 { a = $2 } NR == 2 { exit !(a > 0 && (a - $2) ^ 2 < (1e-3 * a) ^ 2) }' alone ||
        fail "$first and $second: found results that are not close: $(tr '\n' ' ' <alone)"
    echo "$first and $second: $(tr '\n' ' ' <alone)"
}

# On other processors than x86-64 the second architecture is the one without vector instructions.
baseline='' other=-DCTGAN_SCALAR
if "$@" -march=native -dM -E -x c++ /dev/null | grep -q __FMA__; then baseline=-march=x86-64 other=-march=native; fi

separate='ctgan::'
for level in O0 O2; do
    check baseline_$level "-$level $baseline" other_$level "-$level $other" '' "$@"
done
[ "$other" != -march=native ] || [ "$(cut -d' ' -f2 alone | uniq | wc -l)" -eq 2 ] ||
    fail 'both architectures round alike, so that this test would not see whose functions are used'
check baseline_O0 '' scalar '-O0 -DCTGAN_SCALAR' '' "$@"
check baseline_O0 '' no_exceptions '-O0 -fno-exceptions' '' "$@"
check baseline_O0 '' no_checks '-O0 -DNDEBUG' '' "$@"
if echo '#include <Eigen/Core>' | "$@" -E -x c++ - >/dev/null 2>&1; then
    check baseline_O0 '' eigen "-O0 $baseline -DCTGAN_EIGEN=1" '' "$@"
    # With Eigen's packets, its functions are also separate for two processors.
    separate='ctgan::|Eigen::'
    check eigen '' other_eigen "-O0 $other -DCTGAN_EIGEN=1" '' "$@"
    separate='ctgan::'
fi
if echo 'int main() {}' | "$@" -fopenmp -x c++ -o empty - 2>/dev/null; then
    check baseline_O0 '' openmp '-O0 -fopenmp' -fopenmp "$@"
    check openmp '' idle_openmp '-O0 -fopenmp -DCTGAN_OPENMP=0' -fopenmp "$@"
fi

# One file passes a network to the other: the linker names the function and the library that its caller uses.
object takes.o "-O0 $baseline -DTRAIN=takes -DTAKES_NETWORK" "$@"
object gives.o "-O0 $other -DTRAIN=gives -DGIVES_NETWORK" "$@"
if "$@" -o passed takes.o gives.o 2>errors; then
    fail 'a network passed to a file of another architecture: found that it links'
else
    tag=$(nm -C gives.o | sed -n 's/.* U take(ctgan::\([a-z0-9_]*\)::.*/\1/p')
    grep -E "undefined.*take\(ctgan::$tag::Network<" errors | cut -c1-200 | head -n 1 | grep . ||
        fail "a network passed to a file of another architecture: found $(head -n 5 errors)"
    [ "$(nm -C takes.o | grep -c " T take(ctgan::$tag::")" -eq 0 ] || fail "both files have the tag $tag"
fi
exit $failed
