#!/usr/bin/env bash
# Boundary reflection against the planted truth: reflection.sh OUT SEED COUNT [options of reflect]
# Choose settings on one seed, judge them on another.
set -euo pipefail
home="$(cd "$(dirname "$0")/../.." && pwd)"
out="$1" seed="$2" count="$3"
shift 3
"$home/videotg" world --out "$out/world" --videos "$count" --seed "$seed" --domain target --partial 0.45 --truncated 0.75
"$home/videotg" reflect --data "$out/world/train.jsonl" --out "$out/agents/reflections.jsonl" "$@"
"$home/bench/run" ReflectionScore "$out"
