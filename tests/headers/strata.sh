#!/bin/sh
# The order of the headers.   strata.sh INCLUDE_DIR/ctgan
#   - A file includes only files of a lower stratum; may_include lists the exceptions.
#   - A third party's name stands only in the room that owns it.
set -u

# The stratum of a file.
stratum() {
    case $1 in
    config.hpp | version.hpp) echo 0 ;;
    shape.hpp | fail.hpp | finite.hpp | sentence.hpp | diagnosis.hpp | faults.hpp | missing_room.hpp | slots.hpp | random.hpp) echo 1 ;;
    tensor.hpp | backend.hpp) echo 2 ;;
    layer.hpp | backend/cpu/* | backend/cuda/*) echo 3 ;;
    layers/* | optim/* | losses.hpp | cross_entropy.hpp | init.hpp | byte_images.hpp | backend/cpu.hpp | backend/cuda.hpp) echo 4 ;;
    sequential.hpp | plan.hpp | patterns.hpp | workspace.hpp | handed.hpp | network.hpp) echo 5 ;;
    gan.hpp | gan_loop.hpp | io/* | testing/*) echo 6 ;;
    ctgan.hpp | dcgan.hpp) echo 7 ;;
    *) echo 99 ;; # not in this table
    esac
}

# Exceptions: what may be included although it lies in the same stratum, or may not although it lies lower.
may_include() {
    case "$1 -> $2" in
    'backend/cpu/'*' -> backend/cpu/'*) true ;;
    'backend/cuda/'*' -> backend/cuda/'*) true ;;
    'optim/'*' -> optim/'*) true ;;
    'cross_entropy.hpp -> losses.hpp') true ;;
    'io/'*' -> io/'*) true ;;
    *' -> io/'*) false ;;
    'diagnosis.hpp -> sentence.hpp' | 'diagnosis.hpp -> missing_room.hpp' | 'faults.hpp -> sentence.hpp' | 'missing_room.hpp -> shape.hpp') true ;;
    'diagnosis.hpp -> shape.hpp' | 'random.hpp -> shape.hpp') true ;;
    'plan.hpp -> sequential.hpp' | 'patterns.hpp -> plan.hpp' | 'network.hpp -> patterns.hpp' | 'workspace.hpp -> plan.hpp' | 'handed.hpp -> workspace.hpp' | 'network.hpp -> handed.hpp' | 'network.hpp -> workspace.hpp') true ;;
    'gan_loop.hpp -> gan.hpp' | 'io/gan_state.hpp -> gan.hpp' | 'dcgan.hpp -> ctgan.hpp') true ;;
    *) [ "$(stratum "$1")" -gt "$(stratum "$2")" ] ;;
    esac
}

# owned NAMES ROOM: the names, a regular expression, stand only in files of the room, a shell pattern.
owned() {
    for file in $files; do
        # shellcheck disable=SC2254 # the room is a pattern
        case $file in $2) continue ;; esac
        found=$(grep -m1 -noE "$1" "$file") && complain "$file:$found belongs into $2"
    done
}

complaints=0
complain() {
    echo "$1"
    complaints=$((complaints + 1))
}

cd "${1:?usage: $0 INCLUDE_DIR/ctgan}" || exit 1
files=$(find . -type f | sed 's|^\./||' | sort)
for file in $files; do
    if [ "$(stratum "$file")" -eq 99 ]; then complain "$file: has no stratum in strata.sh"; continue; fi
    if grep -nH '#include *"' "$file"; then complain "$file: write #include <ctgan/...>"; fi
    includes=$(sed -n 's|^ *# *include *<ctgan/\([^>]*\)>.*|\1|p' "$file")
    for included in $includes; do
        if [ ! -f "$included" ]; then complain "$file: includes $included, which does not exist"; continue; fi
        may_include "$file" "$included" ||
            complain "$file ($(stratum "$file")): includes $included ($(stratum "$included"))"
    done
done

owned '<Eigen/|Eigen::|omp\.h|omp_[a-z]|# *pragma omp|std::thread' 'backend/cpu/*'
owned 'thrust[/:]|__global__|<<<' 'backend/cuda/*'
owned '<png\.h>|<zlib\.h>|<nlohmann/' 'io/*'

# The rooms mirror each other: a file of verbs has one of the same name in the other room.
for file in backend/cpu/*.hpp backend/cuda/*.hpp; do
    grep -qE '^struct [A-Za-z]+Verbs' "$file" || continue
    for room in cpu cuda; do
        [ -f "backend/$room/$(basename "$file")" ] || complain "$file: backend/$room has none of that name"
    done
done
# What crosses to a device has to lie alike on both sides, which nvcc 13 does not keep for this attribute.
if grep -rn 'no_unique_address' .; then complain 'no_unique_address: nvcc and its host compiler lay it out differently'; fi

echo "$(printf '%s\n' "$files" | wc -l) headers, $complaints complaints"
[ "$complaints" -eq 0 ]
