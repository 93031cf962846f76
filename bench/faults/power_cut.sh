#!/usr/bin/env bash
# What a power failure leaves of a training run, and whether it goes on from there to the same weights.
#
#   sudo bench/faults/power_cut.sh RECIPE [CUTS] [FILE_SYSTEM] [KEY=VALUE ...]
#
# Trains RECIPE once undisturbed, then once on a loop-mounted image of FILE_SYSTEM (ext4 or xfs; default ext4). The image
# lies on an xfs of its own, where `cp --reflink` copies it in an instant: what the copy holds is what a power failure at
# that moment would have left. CUTS copies (default 30) are taken at random moments of the run. Each is mounted, resumed to
# the end, and the weights are compared byte by byte. Prints one line for each and the counts; exit code 1 if any copy
# resumed to other weights. Needs root, mkfs.xfs and about 8 GB in $TMPDIR.
set -euo pipefail
home="$(cd "$(dirname "$0")/../.." && pwd)"
videotg="${VIDEOTG:-$home/videotg}"
recipe="${1:?usage: power_cut.sh RECIPE [CUTS] [FILE_SYSTEM] [KEY=VALUE ...]}"
cuts="${2:-30}"
fs="${3:-ext4}"
shift $(($# < 3 ? $# : 3))
settings=("$@")
if [[ $EUID -ne 0 ]]; then
  echo "needs root: it mounts file systems" >&2
  exit 2
fi

work="$(mktemp -d)"
host="$work/host" live="$work/live" copy="$work/copy"
mkdir "$host" "$live" "$copy"
clean() {
  umount -q "$copy" || true
  umount -q "$live" || true
  umount -q "$host" || true
  rm -rf "$work"
}
trap clean EXIT
options() { [[ $fs == xfs ]] && echo loop,nouuid || echo loop; }

truncate -s 8G "$work/host.img"
mkfs.xfs -q -m reflink=1 "$work/host.img"
mount -o loop "$work/host.img" "$host"
truncate -s 1G "$host/live.img"
"mkfs.$fs" -q "$host/live.img"
mount -o "$(options)" "$host/live.img" "$live"
sync

train() { "$videotg" train "$recipe" "${settings[@]}" features="$work/features" --out "$1" --resume; }
SECONDS=0
train "$work/whole" >"$work/whole.log" 2>&1 || { cat "$work/whole.log"; exit 2; }
took=$SECONDS

train "$live/run" >"$work/live.log" 2>&1 &
run=$!
taken=0
# Twice as many moments as cuts, so that the run's end is among them even if this run is slower.
while kill -0 $run 2>/dev/null && ((taken < cuts)); do
  sleep "$(awk -v s="$RANDOM" -v mean="$((took * 1000 / cuts))" 'BEGIN { print (0.3 + 1.4 * s / 32768) * mean / 1000 }')"
  cp --reflink=always "$host/live.img" "$host/cut-$taken.img"
  taken=$((taken + 1))
done
if wait $run && ((taken < cuts)); then
  cp --reflink=always "$host/live.img" "$host/cut-$taken.img"
  taken=$((taken + 1))
fi
umount "$live"

equal=0 named=0 different=0
for ((i = 0; i < taken; i++)); do
  mount -o "$(options)" "$host/cut-$i.img" "$copy"
  found="$(find "$copy"/run/checkpoints -name 'step-*' -printf '%f ' 2>/dev/null || true)"
  if train "$copy/run" >"$work/log" 2>&1; then
    if cmp -s "$work/whole/model/model.safetensors" "$copy/run/model/model.safetensors"; then
      equal=$((equal + 1)) verdict="the same weights"
    else
      different=$((different + 1)) verdict="OTHER WEIGHTS"
    fi
  else
    named=$((named + 1)) verdict="stops: $(tail -n 1 "$work/log")"
  fi
  if "$videotg" verify "$copy/run" >"$work/log" 2>&1; then verified=whole; else verified="$(head -n 1 "$work/log")"; fi
  echo "cut $((i + 1)): checkpoints: ${found:-none }-> $verdict; verify: $verified"
  umount "$copy"
  rm "$host/cut-$i.img"
done
echo "$fs: $taken power cuts: $equal resumed to the same weights, $named stopped with an error, $different silently different"
((different == 0))
