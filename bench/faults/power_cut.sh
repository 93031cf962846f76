#!/usr/bin/env bash
# What a power failure leaves of a command's files, and whether it goes on from there to the same result.
#   sudo bench/faults/power_cut.sh ext4|xfs OUT [CUTS_OF_EACH_COMMAND] [COMMAND ...]
# Runs each command on a loop-mounted image. The image lies on an xfs of its own, where `cp --reflink` copies it in an
# instant: what the copy holds is what a power failure at that moment would have left. Copies are taken at random
# moments of the run; each is mounted, the command is run to its end there, and the result compared with that of an
# undisturbed run. Needs root, mkfs.xfs and about 8 GB in OUT.
set -u
source "$(dirname "$0")/common.sh"
[[ $EUID -eq 0 ]] || { echo "needs root: it mounts file systems" >&2; exit 2; }
fs="$1" cuts="${3:-30}"
commands=("${@:4}")
prepare "$2"
host="$out/host" live="$out/live" copy="$out/copy"
mkdir -p "$host" "$live" "$copy"
clean() {
  umount -q "$copy" "$live" "$host"
  rm -f "$out/host.img"
}
trap clean EXIT
options="$([[ $fs == xfs ]] && echo loop,nouuid || echo loop)"

truncate -s 8G "$out/host.img"
mkfs.xfs -q -f -m reflink=1 "$out/host.img"
mount -o loop "$out/host.img" "$host"

declare -i different=0 all_cuts=0
[[ ${#commands[@]} -gt 0 ]] || commands=(world features curate eval sft grpo)
for command in "${commands[@]}"; do
  whole="$out/$command-whole"
  undisturbed "$command" "$whole"
  truncate -s 1G "$host/live.img"
  "mkfs.$fs" -q "$host/live.img"
  mount -o "$options" "$host/live.img" "$live"
  sync "$host"
  mkdir "$live/folder" && sync "$live/folder"
  (run "$command" "$live/folder") >"$out/live.log" 2>&1 &
  process=$!
  declare -i taken=0 equal=0 named=0
  while kill -0 $process 2>/dev/null && ((taken < cuts)); do
    random_moment $((2 * millis / cuts))
    cp --reflink=always "$host/live.img" "$host/cut-$taken.img"
    taken+=1
  done
  wait $process
  umount "$live"
  for ((i = 0; i < taken; i++)); do
    # A cut before the folder's name was written leaves nothing to mount.
    mount -o "$options" "$host/cut-$i.img" "$copy"
    mkdir -p "$copy/folder"
    left="$(find "$copy/folder" -type f | wc -l)"
    problem="$(resume "$command" "$copy/folder" "$whole")$(defects "$copy/folder.resumed.log")"
    case "$problem" in
      "") equal+=1 ;;
      *defect* | *"another result"*) different+=1; echo "$command, cut $i, $left files: $problem" ;;
      *) named+=1; echo "$command, cut $i, $left files: $problem" ;;
    esac
    umount "$copy"
    rm "$host/cut-$i.img"
  done
  rm "$host/live.img"
  echo "power cuts of $command on $fs: $taken, $equal with the same result, $named stopped with an error"
  all_cuts+=$taken
done
echo "power cuts on $fs: $all_cuts, $different silently different"
((different == 0))
