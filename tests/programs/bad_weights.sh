#!/bin/sh
# Runs sample_dcgan and train_dcgan with bad files of weights. Each run must end with code 1 and one line on standard error that
# contains the expected words, and must write nothing, within 2 s of processor time and 256 MB of memory.
# usage: bad_weights.sh SAMPLE_DCGAN TRAIN_DCGAN
set -u
# Absolute paths, because the tests run in a temporary folder.
sample=$(cd "$(dirname "$1")" && pwd)/$(basename "$1")
train=$(cd "$(dirname "$2")" && pwd)/$(basename "$2")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 1
export LC_ALL=C OMP_NUM_THREADS=1
passed=0
failed=0

# With sanitizers the limits are not tested: the address sanitizer reserves terabytes, and all sanitizers are slow.
limits='ulimit -t 2 && ulimit -v 262144'
(eval "$limits" && "$sample" --help) >/dev/null 2>&1 || limits='ulimit -t 60'
# With CUDA the libraries of train_dcgan alone need more address space than that.
train_limits=$limits
(eval "$limits" && "$train" --help) >/dev/null 2>&1 || train_limits='ulimit -t 2'

# check STATUS WHAT EXPECTED CODE: counts and reports a result.
check() {
    if [ "$1" -eq 0 ]; then passed=$((passed + 1)); else
        failed=$((failed + 1))
        printf 'FAILED: %s\n  expected: %s\n  found: exit %s: %s\n' "$2" "$3" "$4" "$(head -c 600 stderr)"
    fi
}

# refused PROGRAM WORDS ARGUMENTS...: runs the program and checks that it refuses the file.
refused() {
    program=$1 words=$2
    shift 2
    if [ "$program" = "$train" ]; then program_limits=$train_limits; else program_limits=$limits; fi
    (eval "$program_limits" && exec "$program" "$@") >stdout 2>stderr
    code=$?
    [ $code -eq 1 ] && [ "$(wc -l <stderr)" -eq 1 ] && grep -q "^$(basename "$program"): " stderr &&
        grep -qF -- "$words" stderr && [ ! -e result ] && [ ! -e result.png ]
    check $? "$(basename "$program") $*" "exit 1, one line with \"$words\", nothing written" $code
    rm -rf result result.png
}
sample_refuses() { refused "$sample" "$2" --weights "$1" --out result.png; }
train_refuses() { refused "$train" "$2" --data images --batch-size 4 --out result --init-generator "$1"; }
both_refuse() { sample_refuses "$1" "$2" && train_refuses "$1" "$2"; }

# bytes N...: prints the bytes.
bytes() {
    for n; do
        # shellcheck disable=SC2059 # the format is the byte
        printf "$(printf '\\%03o' "$n")"
    done
}
# length N: prints the length of a header as eight bytes, the lowest first.
length() { bytes $(($1 & 255)) $(($1 >> 8 & 255)) $(($1 >> 16 & 255)) $(($1 >> 24 & 255)) 0 0 0 0; }
# with_header: prints a safetensors file without data, whose header is standard input.
with_header() {
    cat >header
    length "$(wc -c <header)"
    cat header
}
# one DTYPE SHAPE OFFSETS: prints a header with one tensor, "w".
one() { printf '{"w":{"dtype":%s,"shape":%s,"data_offsets":%s}}' "$1" "$2" "$3"; }
# repeated COUNT TEXT: prints TEXT COUNT times.
repeated() { awk -v count="$1" -v text="$2" 'BEGIN { while (count-- > 0) printf "%s", text }'; }

# Eight pictures, enough for two steps.
{ bytes 0 0 8 3 0 0 0 8 0 0 0 28 0 0 0 28; head -c 6272 /dev/zero; } >images
"$train" --data images --batch-size 4 --max-steps 1 --out run >stdout 2>stderr || { cat stderr; exit 1; }
good=run/generator.safetensors

# Lengths.
for n in 0 1 7; do head -c $n $good >"short$n" && sample_refuses "short$n" 'header length'; done
head -c 8 $good >only_length && sample_refuses only_length 'expected at most the 0 bytes that follow it'
for length in '255 255 255 255 255 255 255 255' '0 0 0 0 0 0 0 128' '248 255 255 255 255 255 255 255' '0 0 0 0 0 0 0 0' '1 0 0 0 0 0 0 0'; do
    # shellcheck disable=SC2086 # numbers
    { bytes $length; printf '{}'; } >false_length && sample_refuses false_length 'offset 0: found a header length of '
done
{ length 4194305; head -c 5000000 /dev/zero | tr '\0' ' '; } >over_the_cap && sample_refuses over_the_cap 'expected at most 4194304'
# Headers.
printf '{"\377":1}' | with_header >utf8 && sample_refuses utf8 'utf8: offset '
{ bytes 239 187 191; printf '{}'; } | with_header >bom && sample_refuses bom 'expected a JSON object as the header'
for json in '[]' 'null' '"x"' '    '; do printf '%s' "$json" | with_header >no_object && sample_refuses no_object 'expected a JSON object as the header'; done
printf '{"w"' | with_header >cut_json && sample_refuses cut_json 'cut_json: offset '
printf '{}' | with_header >empty && both_refuse empty "found no tensor 'linear1.weight'"
{ cat empty; printf x; } >empty_and_data && sample_refuses empty_and_data 'found 1 byte of data, expected 0'
repeated 100000 '[' | with_header >deep && both_refuse deep 'expected a JSON object as the header'
repeated 100000 '{"w":' | with_header >deep_objects && sample_refuses deep_objects "found the key 'w' in tensor 'w'"
# Very many tensors.
awk 'BEGIN { printf "{"; for (i = 0; i < 60000; ++i) printf "%s\"t%d\":{\"dtype\":\"U8\",\"shape\":[0],\"data_offsets\":[0,0]}", i ? "," : "", i; printf "}" }' |
    with_header >many_empty && both_refuse many_empty "found no tensor 'linear1.weight'"
awk 'BEGIN { printf "{"; for (i = 0; i < 60000; ++i) printf "%s\"t%d\":{\"dtype\":\"U8\",\"shape\":[16],\"data_offsets\":[0,16]}", i ? "," : "", i; printf "}" }' |
    with_header >many_at_one_place && printf 0123456789abcdef >>many_at_one_place && sample_refuses many_at_one_place 'found an overlap'
awk 'BEGIN { printf "{"; for (i = 0; i < 1000000; ++i) printf "%s\"t%d\":{\"dtype\":\"U8\",\"shape\":[16],\"data_offsets\":[0,16]}", i ? "," : "", i; printf "}" }' |
    with_header >million && sample_refuses million 'expected at most 4194304'
awk 'BEGIN { printf "{\"__metadata__\":{"; for (i = 0; i < 300000; ++i) printf "%s\"%d\":\"\"", i ? "," : "", i; printf "}}" }' |
    with_header >much_metadata && sample_refuses much_metadata "found no tensor 'linear1.weight'"
# Duplicate keys.
printf '{"w":{"dtype":"U8","shape":[4],"data_offsets":[0,4]},"w":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}' | with_header >twice
printf 1234 >>twice && both_refuse twice "found the key 'w' twice"
printf '{"w":{"dtype":"U8","dtype":"F32"}}' | with_header >field_twice && sample_refuses field_twice "found the key 'dtype' twice"
# Layouts.
layout() { { one "$1" "$2" "$3" | with_header; printf '%s' "$4"; } >layout && sample_refuses layout "$5"; }
layout '"U8"' '[2]' '[2,4]' 1234 'found a hole'
layout '"U8"' '[4]' '[0,4]' 12345 'found 5 bytes of data, expected 4'
layout '"U8"' '[4]' '[0,4]' 12 'expected at most 2, the bytes of data in the file'
layout '"U8"' '[4]' '[4,0]' 1234 'expected a begin before the end'
layout '"U8"' '[18446744073709551615]' '[0,18446744073709551615]' 1234 'expected at most 4, the bytes of data in the file'
layout '"U8"' '[3]' '[0,4]' 1234 'expected 3 for U8 [3]'
for shape in '[4294967296,4294967296]' '[4611686018427387904,4]' '[9223372036854775810,2]' '[2,18446744073709551614]'; do
    layout '"U8"' "$shape" '[0,0]' '' 'expected a size that 64 bits can count'
done
# Dimensions, ranks, types.
for dimension in -1 1.5 1e3 '"2"' null 18446744073709551616; do layout '"U8"' "[$dimension]" '[0,4]' 1234 "in shape of tensor 'w', expected at most 8 whole numbers"; done
for dimension in 1e400 00; do layout '"U8"' "[$dimension]" '[0,4]' 1234 'layout: offset '; done
layout '"U8"' '[1,1,1,1,1,1,1,1,4]' '[0,4]' 1234 'found a ninth dimension'
layout '"U8"' "[$(repeated 10000 '1,')4]" '[0,4]' 1234 'found a ninth dimension'
layout '"F8_E4M3"' '[4]' '[0,4]' 1234 "found 'F8_E4M3' as dtype of tensor 'w', expected F64, F32, F16, BF16, I64, I32 or U8: tensor.float()"
layout '"f32"' '[1]' '[0,4]' 1234 "found 'f32' as dtype"
# Names and metadata.
printf '{"a\\u0000\\u001b[2J":{"dtype":"I16"}}' | with_header >names && sample_refuses names "'a\\x00\\x1b[2J'"
{ printf '{"'; repeated 1000000 n; printf '":{"dtype":"I16"}}'; } | with_header >long_name && sample_refuses long_name 'nnn...'
printf '{"__metadata__":{"a":1}}' | with_header >metadata && sample_refuses metadata "expected a string"
# Valid files of another network. The edits keep the length of the header.
sed 's/"linear1\.weight"/"linear1.wEight"/' $good >renamed && both_refuse renamed "found no tensor 'linear1.weight', expected one"
shape=$(grep -a -o '"linear1.weight":{"dtype":"F32","shape":\[[0-9, ]*\]' $good | grep -o '\[.*\]')
swapped=$(echo "$shape" | sed 's/\[\(.*\), \(.*\)\]/[\2, \1]/')
sed "s/\"shape\":\\$shape/\"shape\":$swapped/" $good >turned && both_refuse turned "of shape $swapped, expected $shape: two dimensions are swapped"
sample_refuses run/discriminator.safetensors "found no tensor "
# Values: the last four bytes are a value of the last tensor.
for number in '0 0 192 127' '0 0 128 127' '0 0 128 255'; do
    # shellcheck disable=SC2086 # numbers
    { head -c -4 $good; bytes $number; } >not_finite && both_refuse not_finite 'that is infinite or NaN, expected finite weights'
    "$sample" --weights not_finite --allow-nonfinite --out allowed.png >stdout 2>stderr
    code=$?
    [ $code -eq 0 ] && [ -s allowed.png ] && [ ! -s stderr ]
    check $? "sample_dcgan --weights not_finite --allow-nonfinite" 'a picture' $code
done
# Truncated files.
size=$(wc -c <$good)
for part in 3 50 97; do head -c $((size * part / 100)) $good >shortened && sample_refuses shortened 'the bytes of data in the file'; done
{ cat $good; printf x; } >one_more && sample_refuses one_more 'one_more: offset '
# Files of other formats.
way='expected a safetensors file: in Python, safetensors.'
{ printf 'PK\003\004'; head -c 26 /dev/zero; printf 'archive/data.pkl'; } >model.pt && both_refuse model.pt "found a zip archive, as PyTorch .pt files are, ${way}torch.save_file(torch.load("
{ bytes 128 2 138 10; printf 'l pickled'; } >old.pt && sample_refuses old.pt "found a Python pickle, as old PyTorch .pt files are, ${way}torch.save_file("
{ printf 'PK\003\004'; head -c 26 /dev/zero; printf 'fc.weight.npy'; } >model.npz && sample_refuses model.npz "found a NumPy .npz archive, ${way}numpy.save_file("
{ bytes 147; printf 'NUMPY0123456789'; } >model.npy && sample_refuses model.npy 'found a NumPy .npy array'
{ bytes 8 7 18 7; printf 'pytorch'; } >model.onnx && sample_refuses model.onnx "found an ONNX model, ${way}numpy.save_file("
printf 'GGUF\003\000\000\000\000' >model.gguf && sample_refuses model.gguf 'found a GGUF file'
{ bytes 137; printf 'HDF\r\n\032\n'; } >model.h5 && sample_refuses model.h5 'found an HDF5 file'
"$sample" --weights $good --out picture.png >stdout 2>stderr && sample_refuses picture.png 'found a PNG picture'
printf '<!DOCTYPE html>\n' >page && sample_refuses page 'found an HTML page, expected a safetensors file: download the file itself'
printf 'version https://git-lfs.github.com/spec/v1\n' >pointer && sample_refuses pointer 'found a Git LFS pointer'
printf '{"fc.weight": [1, 2]}' >json && sample_refuses json 'found text in JSON'
gzip -c $good >model.gz && both_refuse model.gz 'found gzip data, expected a safetensors file: unpack it first'
tar -cf model.tar run && sample_refuses model.tar 'found a tar archive'
sample_refuses images 'found an IDX file of images'
# Folders and special files.
sample_refuses . 'found a directory'
sample_refuses /dev/zero 'found a character device'
mkfifo pipe && sample_refuses pipe 'found a FIFO'

# A checkpoint is accepted as a file of weights.
"$sample" --weights run/checkpoint.safetensors --out of_checkpoint.png >stdout 2>stderr
check $? 'sample_dcgan --weights checkpoint.safetensors' 'a picture' $?
"$train" --data images --batch-size 4 --max-steps 1 --out from_checkpoint --init-generator run/checkpoint.safetensors \
    --init-discriminator run/checkpoint.safetensors >stdout 2>stderr
check $? 'train_dcgan --init-generator checkpoint.safetensors' 'a run' $?
{ head -c 100000 run/checkpoint.safetensors; printf x; tail -c +100002 run/checkpoint.safetensors; } >damaged
both_refuse damaged 'found a checksum that differs'

echo "$passed passed, $failed failed"
# All of them, because a file that could not be prepared skips its checks.
[ $passed -eq 97 ]
