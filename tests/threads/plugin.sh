#!/bin/sh
# A shared library that draws with a network is opened, used and closed thirty times, compiled by g++ with and without unique
# symbols, which keep it loaded, and by clang. Then valgrind looks for memory that a program with a thread pool does not free.
#   plugin.sh COMPILER [FLAG...]
set -eu
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
compiler=$1
shift
"$compiler" -std=c++20 -O1 "$here/plugin_host.cpp" -o "$work/host" -ldl -pthread
# check NAME unloads|stays COMPILER [FLAG...]
check() {
    name=$1 expected=$2
    shift 2
    "$@" -std=c++20 -O1 -fPIC -shared -pthread "$here/plugin_library.cpp" -o "$work/$name.so"
    timeout 60 "$work/host" "$work/$name.so" "$expected" >"$work/out" 2>&1 || { cat "$work/out"; echo "FAILED  $name"; exit 1; }
    echo "$name: $(cat "$work/out")"
}
check g++ stays g++ "$@"
check g++-without-unique-symbols unloads g++ -fno-gnu-unique "$@"
if command -v clang++ >/dev/null; then check clang++ unloads clang++ "$@"; fi
# On OpenMP's threads. GNU's library is unloaded with the plugin, clang's stays.
printf 'int main() {}\n' >"$work/empty.cpp"
for openmp in g++ clang++; do
    if command -v $openmp >/dev/null && $openmp -fopenmp "$work/empty.cpp" -o "$work/empty" 2>/dev/null; then
        unique=
        if [ $openmp = g++ ]; then unique=-fno-gnu-unique; fi
        check $openmp-openmp unloads $openmp $unique -fopenmp "$@"
    fi
done

if ! command -v valgrind >/dev/null; then
    echo 'without valgrind: not here'
    exit 0
fi
printf 'extern "C" float draw(unsigned long);\nint main() { return draw(5) == draw(5) ? 0 : 1; }\n' >"$work/main.cpp"
"$compiler" -std=c++20 -O1 -pthread "$@" "$work/main.cpp" "$here/plugin_library.cpp" -o "$work/program"
valgrind --quiet --leak-check=full --show-leak-kinds=all --errors-for-leak-kinds=all --error-exitcode=1 "$work/program" ||
    { echo 'FAILED  valgrind reports the above'; exit 1; }
echo 'valgrind: nothing is left at the end'
