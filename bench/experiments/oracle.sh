#!/usr/bin/env bash
# How much there is to learn: GRPO on clean target samples, evaluated on a test set before and after: oracle.sh OUT SEED TRAIN TEST [key=value ...]
set -euo pipefail
home="$(cd "$(dirname "$0")/../.." && pwd)"
out="$1" seed="$2" train="$3" test="$4"
shift 4
"$home/videotg" world --out "$out/world" --videos "$train" --test "$test" --seed "$seed" --domain target --partial 0 --truncated 0
"$home/videotg" train "$home/recipes/basic.yaml" --out "$out/grpo" "model=$home/models/small" "data=$out/world/train.jsonl" "$@"
"$home/videotg" eval --data "$out/world/test.jsonl" --out "$out/before"
"$home/videotg" eval --data "$out/world/test.jsonl" --out "$out/after" --model "$out/grpo/model"
for kind in before after; do
  python3 "$home/bench/reference/score_predictions.py" "$out/world/test.jsonl" "$out/$kind/predictions.jsonl"
done
