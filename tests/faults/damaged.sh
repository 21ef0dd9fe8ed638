#!/bin/sh
# Checkpoints that differ from what the run wrote: flipped bits, truncated files, other files under the name, wrong contents
# with a correct checksum. Each must be refused with one line, and nothing may change.
# usage: damaged.sh TRAIN_DCGAN SHIPPED_IMAGES.gz [long]      (long: 256 flips, a thousand cuts)
# shellcheck source=tests/faults/common.sh
. "$(dirname "$0")/common.sh"
long=${3-}
more() { [ -n "$long" ]; }

digits 4 >images
settings="--data $work/images --batch-size 2 --epochs 2 --save-every 1 --threads 2 --log-steps"
fresh half --max-steps 3 || { fail 'a run'; report; exit; }
size=$(wc -c <half/checkpoint.safetensors)

# ---- Damaged checkpoints
cp half/checkpoint.safetensors damaged
# rejected: checks that --check refuses the file `damaged` with one line.
rejected() {
    "$train" --check damaged >stdout 2>stderr
    code=$?
    if [ $code -eq 1 ] && one_line 'damaged: '; then pass; else fail "$name: exit $code"; fi
}
# flip OFFSET BIT: flips one bit of `damaged`.
flip() {
    byte=$(od -An -tu1 -j "$1" -N 1 damaged | tr -d ' ')
    # shellcheck disable=SC2059 # the format is the byte
    printf "$(printf '\\%03o' $((byte ^ (1 << $2))))" | dd of=damaged bs=1 seek="$1" conv=notrunc 2>dd_errors
}
random() { echo $(($(od -An -N4 -tu4 /dev/urandom) % $1)); }
header=$(od -An -tu8 -N 8 damaged | tr -d ' ')
n=0
while [ $n -lt "$(if more; then echo 256; else echo 12; fi)" ]; do
    # A third of the flips in the length and the header, some in the checksum, the others anywhere.
    case $((n % 6)) in 0 | 1) offset=$(random $((header + 8))) ;; 2) offset=$((size - 1 - $(random 4))) ;; *) offset=$(random "$size") ;; esac
    bit=$(random 8)
    n=$((n + 1))
    name="bit $bit of byte $offset flipped"
    flip "$offset" "$bit"
    rejected
    flip "$offset" "$bit"
done
cmp damaged half/checkpoint.safetensors || fail 'the flips were not undone'
# Truncated at multiples of 512 bytes, and near both ends.
for length in 0 1 7 8 9 $((header + 7)) $((header + 8)) $((header + 9)) $((size - 512)) $((size - 5)) $((size - 4)) $((size - 1)) \
    $(awk -v size="$size" -v parts="$(if more; then echo 1000; else echo 8; fi)" '
        BEGIN { for (i = 1; i < parts; ++i) print 512 * int(i * size / parts / 512) }'); do
    name="truncated to $length bytes"
    head -c "$length" half/checkpoint.safetensors >damaged
    rejected
done
name='one byte too many'
{
    cat half/checkpoint.safetensors
    echo
} >damaged
rejected
for file in images half/loss.svg half/generator.safetensors /dev/zero; do
    name="$file as a checkpoint"
    "$train" --check "$file" >stdout 2>stderr
    code=$?
    if [ $code -eq 1 ] && one_line "$file: "; then pass; else fail "$name: exit $code"; fi
done
# Another file is refused because of its first bytes, however long it is.
name='ten gigabytes of zeros'
if truncate -s 10G damaged 2>truncate_errors; then
    : >damaged
    truncate -s 10G damaged
    timeout 2 "$train" --check damaged >stdout 2>stderr
    code=$?
    if [ $code -eq 1 ] && one_line 'damaged: '; then pass; else fail "$name: exit $code"; fi
fi
name='two damaged checkpoints'
cp -r half result
for file in result/checkpoint.safetensors result/checkpoint.previous.safetensors; do
    cp $file damaged
    flip $((size / 2)) 3
    cp damaged $file
done
cp -r result before
fresh result --resume
code=$?
if [ $code -eq 1 ] && one_line checkpoint && diff -r result before >differences; then pass; else fail "$name: exit $code"; fi

# Checkpoints with correct checksums and wrong contents, as another program or version might write them.
if command -v python3 >/dev/null; then
    # foreign WORDS EDIT: checks that $run's checkpoint is refused after EDIT, a line of Python, with a line that contains WORDS.
    run=half
    foreign() {
        words=$1
        name="a checkpoint after: $2"
        rm -rf result before
        cp -r $run result
        rm result/checkpoint.previous.safetensors
        python3 "$scripts/edit_checkpoint.py" result/checkpoint.safetensors "$2" || { fail "$name: edit_checkpoint.py"; return; }
        cp -r result before
        fresh result --resume
        code=$?
        if [ $code -eq 1 ] && one_line "$words" && diff -r result before >differences; then pass; else fail "$name: exit $code"; fi
    }
    foreign version 'metadata["version"] = "2"'
    foreign format 'metadata["format"] = "pt"'
    foreign format 'del metadata["format"]'
    foreign data 'del metadata["data"]'
    foreign numbers 'metadata["numbers"] = "F64"'
    foreign 'layer 2' 'metadata["generator"] = metadata["generator"].replace("ReLU", "LeakyReLU", 1)'
    foreign 'layer' 'metadata["discriminator"] += "; Tanh"'
    foreign seed 'metadata["seed"] = chr(27) + "[2J" + "1" * 1000'
    foreign version 'metadata["version"] = chr(10) + "1"'
    foreign generator.bn1.weight 'tensors["generator.bn0.weight"] = tensors.pop("generator.bn1.weight")'
    foreign generator.bn1.weight 'tensors["generator.bn1.weight"]["shape"] = [16, 784]'
    foreign generator.bn1.weight 'put("generator.bn1.weight", "f", float("nan"))'
    foreign exp_avg.bn1.weight 'put("generator_optimizer.exp_avg.bn1.weight", "f", float("inf"))'
    foreign exp_avg_sq.bn1.weight 'put("generator_optimizer.exp_avg_sq.bn1.weight", "f", -1.0)'
    for number in -1 0 4 9223372036854775807; do foreign 'step' "put('run.steps', 'q', $number)"; done
    for number in -1 0 3 9223372036854775807; do foreign 'epoch' "put('run.epoch', 'q', $number)"; done
    for number in -1 1 4 9223372036854775807; do foreign 'images' "put('run.images_taken', 'q', $number)"; done
    for number in -2 1000 9223372036854775807; do foreign '' "put('run.log_bytes', 'q', $number)"; done
    for number in -1 9223372036854775807; do foreign 'step' "put('generator_optimizer.step', 'q', $number)"; done
    foreign epoch_sum 'put("run.epoch_sum", "d", float("nan"))'

    # Pictures of which the watch says a line, and --rollback.
    dots 16 >black_and_white
    settings="--data $work/black_and_white --batch-size 8 --epochs 3 --rollback 1 --threads 2 --log-steps"
    run=watched
    fresh watched --max-steps 4 || fail 'a run that is watched'
    # shellcheck disable=SC2016 # Python's
    last='tensors["run.events"]["data_offsets"][1] - 1'
    foreign run.events "data[$last] = ord(' ')"
    foreign run.events 'put("run.events", "c", b"\n")'
    foreign run.events 'tensors["run.events"]["dtype"] = "I8"'
    foreign run.watch 'put("run.watch", "d", float("nan"))'
    # How often it went back, and of these because of values that are not finite; steps of the optimizers and of the epoch; the best state.
    for edit in '0, 2' '0, -1' '1, 2**40' '2, 5' '3, 5' '4, 5' '5, 5' '6, 2'; do
        foreign run.rollback "struct.pack_into('<q', data, tensors['run.rollback']['data_offsets'][0] + 8 * ${edit%,*}, ${edit#*, })"
    done
    foreign run.rollback 'put("run.best_kid", "d", float("nan"))'
else
    echo 'skipped: foreign checkpoints (no python3)'
fi
report
