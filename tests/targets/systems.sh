# For the scripts that run programs of another system: choose SYSTEM sets $compiler, its $flags, and $launcher, a command in front
# of the program; or fails and sets $missing. Needs $work, a temporary folder.
# shellcheck shell=sh disable=SC2034,SC2154
choose() {
    compiler=$(command -v g++ || command -v c++) flags='' launcher='' missing=''
    case $1 in
    native) ;;
    aarch64)
        compiler=$(command -v aarch64-linux-gnu-g++ || command -v aarch64-linux-gnu-g++-12) flags=-static
        launcher=$(command -v qemu-aarch64 || command -v qemu-aarch64-static) || missing=qemu-aarch64
        ;;
    windows)
        compiler=$(command -v x86_64-w64-mingw32-g++-posix || command -v x86_64-w64-mingw32-g++)
        # Large objects: more sections than the format holds otherwise.
        flags='-static -Wa,-mbig-obj'
        launcher=$(command -v wine64 || command -v wine) || missing=wine
        export WINEPREFIX="$work/wine" WINEDEBUG=-all # wine creates a folder of its own
        ;;
    *)
        echo "$0: no system is called '$1'" >&2
        exit 2
        ;;
    esac
    [ -n "$compiler" ] || missing='its compiler'
    [ -z "$missing" ]
}

# remove_work: removes $work. Wine's server writes into its folder for some seconds after the last program has ended.
remove_work() {
    rm -rf "$work" 2>/dev/null || { sleep 5 && rm -rf "$work"; }
}
