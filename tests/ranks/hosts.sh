#!/bin/sh
# Trains with Open MPI on three hosts, which are network namespaces of this machine, and cuts a host's link in the middle.
# hosts.sh TRAIN_DCGAN MPIRUN       MPIRUN is Open MPI's. Needs root.
set -u
# shellcheck source=tests/programs/common.sh
. "$(dirname "$0")/../programs/common.sh"
train=$1
mpirun=$2
[ "$(id -u)" -eq 0 ] && command -v ip unshare >/dev/null || { echo 'skipped: needs root, ip and unshare'; exit 77; }
"$mpirun" --version 2>/dev/null | grep -qE 'Open MPI|OpenRTE' || { echo 'skipped: no Open MPI here'; exit 77; }
prefix=ctgan$$
work=$(mktemp -d)
clean() {
    for host in 1 2 3; do
        for process in $(ip netns pids $prefix-$host 2>/dev/null); do kill -9 "$process" 2>/dev/null; done
        ip netns del $prefix-$host 2>/dev/null
    done
    ip link del $bridge 2>/dev/null
    rm -rf "$work"
}
bridge=cb$$
trap clean EXIT
ip link add $bridge type bridge 2>/dev/null && ip netns add $prefix-1 2>/dev/null || { echo 'skipped: no network namespaces here'; exit 77; }
ip netns del $prefix-1
ip addr add 10.213.7.100/24 dev $bridge
ip link set $bridge up
for host in 1 2 3; do
    ip netns add $prefix-$host
    ip link add cv$$-$host type veth peer name eth0 netns $prefix-$host
    ip link set cv$$-$host master $bridge up
    ip -n $prefix-$host addr add 10.213.7.$host/24 dev eth0
    ip -n $prefix-$host link set eth0 up
    ip -n $prefix-$host link set lo up
done

# What Open MPI calls instead of ssh: HOST COMMAND...
cat >"$work/on_host" <<END
#!/bin/sh
while [ "\${1#-}" != "\$1" ]; do shift; done
host=\${1##*.}
shift
exec ip netns exec $prefix-\$host unshare --uts sh -c "hostname host\$host; export OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1; \$*"
END
chmod +x "$work/on_host"
export OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1

failed=0
fail() {
    echo "FAILED  $1"
    failed=$((failed + 1))
}
flags="--batch-size 16 --shards 8 --log-steps --save-every 5 --threads 1"
# shellcheck disable=SC2086 # the flags are several words
run() { # run RANKS FOLDER FLAG...
    ranks=$1
    out=$2
    shift 2
    timeout -k 5 120 "$mpirun" -n "$ranks" -H 10.213.7.1,10.213.7.2,10.213.7.3 --map-by node --mca plm_rsh_agent "$work/on_host" --mca plm_rsh_no_tree_spawn 1 \
        --mca btl self,tcp --mca btl_tcp_if_include 10.213.7.0/24 --mca oob_tcp_if_include 10.213.7.0/24 --bind-to none \
        "$train" $flags --out "$out" "$@" >"$work/log" 2>&1
}
hash() { (cd "$1" && find . -type f ! -name '*lock*' ! -name report.html | sort | xargs sha256sum && constant .) | sha256sum; }

# shellcheck disable=SC2086
"$train" $flags --max-steps 30 --out "$work/one" >/dev/null || fail 'one process'
for reads in rank node; do
    run 3 "$work/three" --max-steps 30 --read-data $reads || { fail "three hosts, data read by each $reads"; cat "$work/log"; }
    grep -q '3 ranks of 1 thread,' "$work/log" || fail 'no three ranks'
    [ "$(hash "$work/one")" = "$(hash "$work/three")" ] || fail 'three hosts: other bytes than one process'
    rm -rf "$work/three"
done
echo 'three hosts: the bytes of one process'

run 3 "$work/cut" --max-steps 100000 --rank-timeout 5 &
launcher=$!
until [ -f "$work/cut/checkpoint.safetensors" ] || ! kill -0 $launcher 2>/dev/null; do sleep 0.1; done
began=$(date +%s)
ip -n $prefix-3 link set eth0 down
left() { for host in 1 2 3; do ip netns pids $prefix-$host; done | while read -r process; do ps -o args= "$process" | grep "^$train"; done; }
while [ -n "$(left)" ] && [ $(($(date +%s) - began)) -lt 30 ]; do sleep 0.2; done
took=$(($(date +%s) - began))
[ $took -le 10 ] || { fail "a link cut in the middle: ranks were left for $took s"; left; }
grep -qE '^train_dcgan: rank [0-2]: found no answer of rank [0-2] for 5.0 s, expected one' "$work/log" || fail 'a link cut in the middle: no line about a rank'
kill $launcher 2>/dev/null
wait $launcher
saved=$(sed -n 's|^step \([0-9]*\)/.*saved.*|\1|p' "$work/log" | tail -1)
at=$("$train" --check "$work/cut/checkpoint.safetensors" | sed 's/.*step \([0-9]*\).*/\1/')
[ "${at:-0}" -ge "${saved:-0}" ] || fail "a link cut in the middle: step $saved was saved, found step $at"
echo "a link cut in the middle: all ranks ended after $took s; step $at is on the disk"
[ $failed -eq 0 ] || cat "$work/log"
[ $failed -eq 0 ]
