#!/bin/sh
# The number of threads and their cores under environment variables and a mask of cores: OpenMP's own, CTGAN_NUM_THREADS, taskset.
# Also where the system allows no more threads. With g++'s OpenMP, with clang's, and with the library's own threads.
# environment.sh [INCLUDE_FLAG...]
set -eu
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
unset OMP_NUM_THREADS OMP_PROC_BIND OMP_PLACES OMP_THREAD_LIMIT OMP_DYNAMIC CTGAN_NUM_THREADS
command -v taskset >/dev/null || { echo 'skipped: no taskset here'; exit 77; }
cores=$(nproc)
first=$(taskset -cp $$ | sed 's/.*: //; s/[-,].*//') # of those that this script may use
failed=0
# A limit on threads holds for a user, and not for root.
chmod 755 "$work"
nobody='setpriv --reuid=65534 --clear-groups'
[ "$(id -u)" -eq 0 ] && $nobody test -x "$work" && $nobody prlimit --nproc=1 true || nobody=
[ -n "$nobody" ] || echo 'skipped: a limit on the number of threads (needs root, setpriv and prlimit)'

# expect NAME EXPECTED [VARIABLE=VALUE...] PROGRAM...
expect() {
    name=$1 expected=$2
    shift 2
    found=$(env "$@" 2>&1) || true
    case $found in
    $expected) ;;
    *)
        echo "FAILED  $name, $*: found '$found', expected '$expected'"
        failed=1
        ;;
    esac
}
# check NAME openmp|own COMPILER [FLAG...]
check() {
    name=$1 kind=$2
    shift 2
    "$@" -std=c++20 -O1 -pthread "$here/environment.cpp" -o "$work/$name"
    program=$work/$name
    # A control group may allow less than the cores.
    default=$("$program" | sed 's/ .*//')
    if [ "$default" -gt "$cores" ]; then
        echo "FAILED  $name: found $default threads, expected at most $cores"
        failed=1
    fi
    expect "$name" '3 threads, 3 used*' CTGAN_NUM_THREADS=3 "$program"
    expect "$name" '1 threads, 1 used*' taskset -c "$first" "$program"
    # threads() is read before the first loop, when no thread has been started yet.
    [ -z "$nobody" ] || expect "$name" '* 1 used*' CTGAN_NUM_THREADS=3 $nobody prlimit --nproc=1 "$program"
    expect "$name" '3 threads, 3 used, on up to 1 cores each' CTGAN_NUM_THREADS=3 taskset -c "$first" "$program"
    if [ "$kind" = openmp ]; then
        expect "$name" '3 threads, 3 used*' OMP_NUM_THREADS=3 "$program"
        expect "$name" '2 threads, 2 used*' OMP_NUM_THREADS=3 CTGAN_NUM_THREADS=2 "$program"
        expect "$name" '*5 threads, 2 used*' CTGAN_NUM_THREADS=5 OMP_THREAD_LIMIT=2 "$program"
        # Bound to one core each. The first thread then has one core, which is not the number of threads.
        expect "$name" "$default threads, $default used, on up to 1 cores each" OMP_PROC_BIND=close OMP_PLACES=cores "$program"
    else
        expect "$name" "$default threads*" OMP_NUM_THREADS=7 "$program"
    fi
    echo "$name: $default threads by default"
}
echo 'int main() {}' >"$work/empty.cpp"
for compiler in g++ clang++; do
    command -v $compiler >/dev/null || continue
    check "$compiler-own" own $compiler "$@"
    if $compiler -fopenmp "$work/empty.cpp" -o "$work/empty" 2>/dev/null; then check "$compiler-openmp" openmp $compiler -fopenmp "$@"; fi
done
[ $failed -eq 0 ]
