#!/usr/bin/env bash
# Kills (-9) a run that asks a misbehaving server, COUNT times at random moments, and compares what is left with the
# verdicts of a run that nothing disturbs: bench/servers/kills.sh OUT [COUNT]. Exit code 1 if a verdict is lost, changed
# or there twice.
set -eu
home="$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)"
out="${1:?usage: bench/servers/kills.sh OUT [COUNT]}" count="${2:-10}"
videotg="${VIDEOTG:-$home/videotg}" questions=400 port=8765
mkdir -p "$out"
"$home/bench/run" FaultyServer data "$out" "$questions" >/dev/null
settings=first_wait=0.05,longest_wait=0.5,timeout=2
RANDOM=1

serve() {
  "$home/bench/run" FaultyServer serve "$1" "$2" & server=$!
  for _ in $(seq 100); do (exec 3<>"/dev/tcp/localhost/$1") 2>/dev/null && return; sleep 0.2; done
  echo "the server does not start" && exit 1
}
trap 'kill ${server:-} 2>/dev/null || true' EXIT

ask() { exec "$videotg" difficulty --data "$out/data.jsonl" --out "$out/$1.jsonl" --model "http://localhost:$2/v1#stub" --server "$settings" --parallel 16; }
compared() { python3 -c 'import json, sys
for row in sorted((json.loads(line) for line in open(sys.argv[1])), key=lambda row: row["id"]):
    print(row["id"], row["ious"], row["replies"], row.get("error"))' "$1"; }

rm -f "$out/calm.jsonl" "$out/killed.jsonl"
serve "$port" 0
(ask calm "$port") >/dev/null 2>&1
kill "$server"; wait "$server" 2>/dev/null || true
serve "$((port + 1))" 5
killed=0
rows() { if [[ -e "$out/killed.jsonl" ]]; then wc -l <"$out/killed.jsonl"; else echo 0; fi; }
while true; do
  goal=$(($(rows) + 1 + RANDOM % (2 * questions / 3 / count)))
  (ask killed "$((port + 1))") >"$out/log" 2>&1 & run=$!
  if [[ $killed -lt $count ]]; then
    while kill -0 "$run" 2>/dev/null && [[ $(rows) -lt $goal ]]; do sleep 0.02; done
    kill -9 "$run" 2>/dev/null && killed=$((killed + 1))
  fi
  if wait "$run" 2>/dev/null; then break; fi
done
found=$(rows)
echo "$killed kills, $found verdicts of $questions, $(grep -o '[0-9]* new' "$out/log") in the last run"
diff <(compared "$out/calm.jsonl") <(compared "$out/killed.jsonl") >"$out/diff" || { echo "they differ: $out/diff"; exit 1; }
[[ $found -eq $questions ]]
