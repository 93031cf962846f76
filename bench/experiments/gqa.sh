#!/usr/bin/env bash
# Grounded VideoQA on clean target questions: zero-shot, GRPO, SFT, and GRPO over zero-shot: gqa.sh OUT SEED TRAIN TEST [key=value ...]
set -euo pipefail
home="$(cd "$(dirname "$0")/../.." && pwd)"
out="$1" seed="$2" train="$3" test="$4"
shift 4
"$home/videotg" world --out "$out/world" --videos "$train" --test "$test" --seed "$seed" --domain target --task gqa
"$home/videotg" eval --data "$out/world/test.jsonl" --out "$out/zero-shot" --features "$out/features"
for method in "grpo epochs=2" "sft epochs=3"; do
  read -r name epochs <<<"$method"
  "$home/videotg" train "$home/recipes/gqa.yaml" --out "$out/$name" "method=$name" "$epochs" "model=$home/models/small" \
    "data=$out/world/train.jsonl" "features=$out/features" "$@"
  "$home/videotg" eval --data "$out/world/test.jsonl" --model "$out/$name/model" --out "$out/$name/eval" --features "$out/features"
done
for name in grpo sft; do
  echo "$name over zero-shot"
  "$home/bench/run" Compare "$out/$name/eval" "$out/zero-shot"
done
