#!/usr/bin/env bash
# Whether memory and open files stay flat: runs training, or eval again and again in one process, and samples both
# every 10 s.
#   bench/faults/steady.sh train|eval OUT [MINUTES]
# Prints the means of the first and the last third, without the first 2 minutes; exit code 1 if one has grown by more
# than 3%.
set -euo pipefail
source "$(dirname "$0")/common.sh"
what="${1:?usage: steady.sh train|eval OUT [MINUTES]}"
minutes="${3:-60}"
prepare "$2"
# Java's heap is taken at once, so that what grows is something else.
export OMP_NUM_THREADS=1 JDK_JAVA_OPTIONS="-Xms512m -Xmx512m -XX:+AlwaysPreTouch -XX:+UseSerialGC"
case "$what" in
  train) "$videotg" train recipes/basic.yaml --out "$out/run" --resume data="$data" epochs=1000000 >"$out/train.log" 2>&1 & ;;
  # Longer than needed, since taking samples takes time too.
  eval) bench/run Repeat $((minutes * 120)) eval --data "$data" --model models/small --out "$out/eval/{}" \
    --features "$out/features/{}" >"$out/eval.log" 2>&1 & ;;
esac
pid=$!
trap 'kill $pid 2>/dev/null || true' EXIT

processes() { # the process and its children
  echo "$pid"
  pgrep -P "$pid" || true
}
mkdir -p "$out/eval" "$out/features"
samples="$out/$what.samples"
: >"$samples"
for ((second = 0; second < minutes * 60; second += 10)); do
  sleep 10
  kill -0 $pid 2>/dev/null || { echo "ended early: $(tail -n 1 "$out/$what.log")"; exit 1; }
  kilobytes=0 handles=0
  for process in $(processes); do
    kilobytes=$((kilobytes + $(awk '/^VmRSS/ { print $2 }' "/proc/$process/status")))
    handles=$((handles + $(find "/proc/$process/fd" -mindepth 1 | wc -l)))
  done
  echo "$second $kilobytes $handles" >>"$samples"
  # Folders of earlier rounds of eval; the round that runs keeps its own.
  for folder in "$out/eval" "$out/features"; do
    [[ $what != eval ]] || ls -t "$folder" | tail -n +4 | (cd "$folder" && xargs -r rm -rf)
  done
done
awk -v what="$what" '
  $1 >= 120 { n++; memory[n] = $2; files[n] = $3 }
  END {
    third = int(n / 3)
    for (i = 1; i <= third; i++) { m1 += memory[i]; f1 += files[i]; m3 += memory[n + 1 - i]; f3 += files[n + 1 - i] }
    grown = 100 * (m3 / m1 - 1); opened = 100 * (f3 / f1 - 1)
    printf "%s, %d samples: resident %.0f -> %.0f MiB (%+.1f%%), open files %.1f -> %.1f (%+.1f%%)\n", what, n,
      m1 / third / 1024, m3 / third / 1024, grown, f1 / third, f3 / third, opened
    exit grown > 3 || opened > 3
  }' "$samples"
