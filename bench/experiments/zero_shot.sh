#!/usr/bin/env bash
# Zero-shot on fresh videos of both domains, with the right queries and with queries that do not hold: zero_shot.sh OUT SEED COUNT
# MODEL names another model than models/small.
set -euo pipefail
home="$(cd "$(dirname "$0")/../.." && pwd)"
out="$1" seed="$2" count="$3" model="${MODEL:-$home/models/small}"
for domain in base target; do
  "$home/videotg" world --out "$out/$domain" --videos 1 --test "$count" --seed "$seed" --domain "$domain"
  "$home/videotg" eval --data "$out/$domain/test.jsonl" --model "$model" --out "$out/$domain/eval"
  python3 "$home/bench/reference/swap_queries.py" "$out/$domain/test.jsonl" "$out/$domain/swapped.jsonl"
  "$home/videotg" eval --data "$out/$domain/swapped.jsonl" --model "$model" --out "$out/$domain/eval-swapped"
  for kind in eval eval-swapped; do
    python3 "$home/bench/reference/score_predictions.py" "$out/$domain/test.jsonl" "$out/$domain/$kind/predictions.jsonl"
  done
done
