#!/usr/bin/env bash
# What the agents find in each world, against the planted truth: agents.sh OUT COUNT SEED... [-- options of reflect]
# Reflects COUNT samples of each world and seed with the form `probe` and with the form `list`, and rates them.
# MODEL names another model than models/small, WORLDS some of the worlds.
set -euo pipefail
home="$(cd "$(dirname "$0")/../.." && pwd)"
out="$1" count="$2"
shift 2
seeds=()
while [[ $# -gt 0 && $1 != -- ]]; do seeds+=("$1"); shift; done
shift $(($# > 0))
model="${MODEL:-$home/models/small}"

options() { # of the world
  case "$1" in
    truncated) echo --domain target --partial 0.45 --truncated 0.75 ;;
    systematic) echo --domain target --partial 0.45 --truncated 0.75 --systematic 0.9 ;;
    repeated) echo --domain target --partial 0.45 --truncated 0 ;;
    clean) echo --domain target ;;
    long) echo --domain long --partial 0.45 --truncated 0.75 ;;
    *) echo "no world is called $1" >&2; exit 1 ;;
  esac
}

for world in ${WORLDS:-truncated systematic repeated clean}; do
  probes=() lists=()
  for seed in "${seeds[@]}"; do
    folder="$out/$world/$seed"
    # shellcheck disable=SC2046
    "$home/videotg" world --out "$folder/probe/world" --videos "$count" --seed "$seed" $(options "$world")
    mkdir -p "$folder/list"
    ln -sfn ../probe/world "$folder/list/world"
    asked=(--data "$folder/probe/world/train.jsonl" --model "$model" --features "$folder/features")
    "$home/videotg" reflect "${asked[@]}" --out "$folder/probe/agents/reflections.jsonl" --form probe "$@"
    "$home/videotg" reflect "${asked[@]}" --out "$folder/list/agents/reflections.jsonl" --form list "$@"
    "$home/videotg" difficulty "${asked[@]}" --out "$folder/probe/agents/difficulty.jsonl"
    probes+=("$folder/probe") lists+=("$folder/list")
  done
  for form in probe list; do
    echo "== $world, $form"
    if [[ $form == probe ]]; then "$home/bench/run" ReflectionScore "${probes[@]}"; else "$home/bench/run" ReflectionScore "${lists[@]}"; fi
  done
done
