#!/usr/bin/env bash
# Kills a random rank, or the launcher, of training in two ranks at a random moment. A run whose rank is killed must go on
# by itself; one whose launcher is killed is started again. Both must end with the weights of an undisturbed run.
#   bench/faults/ranks.sh OUT [COUNT]
set -u
source "$(dirname "$0")/common.sh"
count="${2:-20}"
out="$(mkdir -p "$1" && cd "$1" && pwd)"
cd "$home" || exit 2
data="$out/world/train.jsonl"
[[ -e "$data" ]] || "$videotg" world --out "$out/world" --videos 24 --test 4 --domain target --seed 5 >"$out/log" 2>&1 || exit 1

train() { # folder
  exec "$videotg" train recipes/sft.yaml --ranks 2 --restarts 9 --resume --out "$1" data="$data" model=models/small \
    features="$out/features" epochs=6 batch=4 checkpointEvery=3 compute.shard=optimizer
}
weights() { sha256sum <"$1/model/model.safetensors"; }

rm -rf "$out/whole"
(train "$out/whole") >"$out/whole.log" 2>&1 || { tail -n 3 "$out/whole.log"; exit 1; }
begin=$(date +%s%N)
rm -rf "$out/whole"
(train "$out/whole") >"$out/whole.log" 2>&1 || exit 1
millis=$((($(date +%s%N) - begin) / 1000000))
declare -i launchers=0 ranks=0 early=0 bad=0
for ((i = 0; i < count; i++)); do
  folder="$out/killed"
  rm -rf "$folder"
  (train "$folder") >"$folder.log" 2>&1 &
  pid=$!
  random_moment "$millis"
  mapfile -t children < <(pgrep -P "$pid")
  what=$((RANDOM % 3))
  if [[ $what -eq 0 || ${#children[@]} -lt 2 ]]; then
    if kill -9 "$pid" 2>/dev/null; then launchers+=1; else early+=1; fi
    wait "$pid" 2>/dev/null
    (train "$folder") >>"$folder.log" 2>&1
  else
    if kill -9 "${children[$((what - 1))]}" 2>/dev/null; then ranks+=1; else early+=1; fi
    wait "$pid" 2>/dev/null
  fi
  code=$?
  problem="$(defects "$folder.log")"
  [[ $code -eq 0 ]] || problem+=" exit code $code: $(tail -n 1 "$folder.log")"
  cmp -s <(weights "$out/whole") <(weights "$folder") || problem+=" other weights"
  [[ -z "$problem" ]] || { bad+=1; echo "kill $i:$problem"; cp "$folder.log" "$folder-$i.log"; }
done
echo "ranks: $ranks kills of a rank, $launchers of the launcher ($early had ended), $bad problems"
[[ $bad -eq 0 ]]
