#!/bin/sh
# Checks the include order of the headers.   include_order.sh INCLUDE_DIR/ctgan
#   - A file includes only files of its own folder and of earlier folders, and there are no circular includes.
#   - At most six headers are outside the folders, and no header is longer than 320 lines.
#   - Names of third-party libraries are used only in the folder that owns them.
#   - Both backends have the same files of operations.
#   - io/source.hpp has all definitions of io and plot.
set -u

# The include order: each folder may include earlier ones. The umbrella headers ctgan.hpp and dcgan.hpp include those up to gan.
folders='core messages backend ranks layers network losses optim gan score io plot testing'
# The two backends are for themselves: only the files in `of_backend` include their files.
of_backend='^(backend/(cpu|cuda)\.hpp|ctgan\.hpp)$'

# position FOLDER: prints its position in that list.
position() { echo "$folders" | tr ' ' '\n' | grep -nx "$1" | cut -d: -f1; }

# place FILE: prints the position of the file's folder in that list, 0 if the folder is not in it.
place() {
    case $1 in
    version.hpp) echo 1 ;; # config.hpp names the version in CTGAN_ABI
    ctgan.hpp | dcgan.hpp) position gan ;;
    io/source.hpp) position plot ;; # with separate compilation it defines the functions of io and plot
    */*) position "${1%%/*}" | grep . || echo 0 ;;
    *) echo 0 ;;
    esac
}

# owned NAMES FOLDER [FILE]: checks that the names, a regular expression, occur only in files of the folder, or in the file; both are
# shell patterns.
owned() {
    for file in $files; do
        # shellcheck disable=SC2254 # the folder is a pattern
        case $file in $2 | ${3-$2}) continue ;; esac
        found=$(grep -m1 -noE "$1" "$file") && complain "$file:$found belongs in $2"
    done
}

complaints=0
complain() {
    echo "$1"
    complaints=$((complaints + 1))
}

cd "${1:?usage: $0 INCLUDE_DIR/ctgan}" || exit 1
files=$(find . -type f | sed 's|^\./||' | sort)
edges=
for file in $files; do
    here=$(place "$file")
    if [ "$here" -eq 0 ]; then complain "$file: its folder is not in the list of include_order.sh"; continue; fi
    if grep -nH '#include *"' "$file"; then complain "$file: write #include <ctgan/...>"; fi
    if [ "$(wc -l <"$file")" -gt 320 ]; then complain "$file: $(wc -l <"$file") lines, expected at most 320"; fi
    for included in $(sed -n 's|^ *# *include *<ctgan/\([^>]*\)>.*|\1|p' "$file"); do
        if [ ! -f "$included" ]; then complain "$file: includes $included, which does not exist"; continue; fi
        [ "$(place "$included")" -le "$here" ] || complain "$file: includes $included of a later folder"
        case $included in
        backend/cpu/* | backend/cuda/*)
            if [ "${file%/*}" != "${included%/*}" ] && ! echo "$file" | grep -qE "$of_backend"; then
                complain "$file: includes $included, a file of one backend"
            fi
            ;;
        esac
        edges="$edges$file $included
"
    done
done
# Both umbrella headers begin with the headers that report mistakes: a compiler then lists only one of them.
reporting() { sed -n '/clang-format off/,/clang-format on/s/^#include //p' "$1"; }
[ "$(reporting ctgan.hpp)" = "$(reporting dcgan.hpp)" ] || complain 'ctgan.hpp and dcgan.hpp begin with other headers'
circle=$(printf '%s' "$edges" | tsort 2>&1 >/dev/null) || complain "headers that include each other: $circle"
top=$(printf '%s\n' "$files" | grep -cv /)
if [ "$top" -gt 6 ]; then complain "$top headers outside the folders, expected at most 6"; fi

owned '<Eigen/|Eigen::' 'backend/cpu/*' 'score/*'
owned 'omp\.h|omp_[a-z]|# *pragma omp|std::thread' 'backend/cpu/*'
owned 'thrust[/:]|__global__|<<<' 'backend/cuda/*'
owned '<mpi\.h>|MPI_[A-Z]|<nccl\.h>|nccl[A-Z]' 'ranks/*'
owned '<png\.h>|<zlib\.h>|<gif_lib\.h>|<jpeglib\.h>|<nlohmann/' 'io/*'

# With separate compilation, io/source.hpp defines what the headers only declare.
for file in $(printf '%s\n' "$files" | grep /impl/); do
    grep -q "<ctgan/$file>" io/source.hpp || complain "io/source.hpp does not include $file"
    header=$(echo "$file" | sed 's|/impl/|/|')
    if [ -f "$header" ] && ! grep -q "<ctgan/$file>" "$header"; then complain "$header does not include $file"; fi
done
for file in backend/cpu/*.hpp backend/cuda/*.hpp; do
    grep -qE '^struct [A-Za-z]+Operations' "$file" || continue
    for backend in cpu cuda; do
        [ -f "backend/$backend/$(basename "$file")" ] || complain "$file: backend/$backend has no file of that name"
    done
done
# Types that are passed to a device must have the same layout for both compilers, which nvcc 13 does not ensure with this
# attribute.
if grep -rn 'no_unique_address' .; then complain 'no_unique_address: the layouts of nvcc and its host compiler differ'; fi

echo "$(printf '%s\n' "$files" | wc -l) headers, $complaints complaints"
[ "$complaints" -eq 0 ]
