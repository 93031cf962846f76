#!/usr/bin/env bash
# What training on a sample brings, by its difficulty and completeness: bench/experiments/influence.sh OUT [VIDEOS] [TEST]
# makes a target world (default: 1,000 videos, 500 for the test) and measures it with the small model (docs/results.md).
set -euo pipefail
home="$(cd "$(dirname "$0")/../.." && pwd)"
out="${1:?usage: influence.sh OUT [VIDEOS] [TEST]}"
export OMP_NUM_THREADS=1
"$home/videotg" world --out "$out/world" --videos "${2:-1000}" --test "${3:-500}" --seed 606 --domain target \
  --partial 0.45 --truncated 0.75
"$home/bench/run" Influence "$home/models/small" "$out/world" "$out/features"
