#!/usr/bin/env bash
# Stops commands by INT or TERM at random moments, and counts what must hold: the exit code is 130 or 143, one line says how to go on, no
# process is left after 5 s, and the same command (train with --resume) then ends with the files of an undisturbed run.
#   bench/faults/stops.sh OUT [STOPS_OF_EACH_COMMAND] [SEED]
set -u
out="$(mkdir -p "$1" && cd "$1" && pwd)"
stops="${2:-20}"
RANDOM="${3:-1}"
home="$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)"
videotg="${VIDEOTG:-$home/videotg}"
cd "$home"
data="$out/world/train.jsonl"
"$videotg" world --out "$out/world" --videos 24 --test 4 --domain target --seed 5 >"$out/setup.log" 2>&1 || { cat "$out/setup.log"; exit 1; }

# Replaces the (sub)shell, so that a signal reaches the command itself.
run() { # command, folder
  case "$1" in
    world) exec "$videotg" world --out "$2/w" --videos 60 --test 4 --domain target --seed 6 ;;
    reflect) exec "$videotg" reflect --data "$data" --out "$2/reflections.jsonl" --model models/small ;;
    difficulty) exec "$videotg" difficulty --data "$data" --out "$2/difficulty.jsonl" --model models/small ;;
    features) exec "$videotg" features --data "$data" --features "$2/features" --model models/small ;;
    eval) exec "$videotg" eval --data "$data" --out "$2/eval" --model models/small ;;
    train) exec "$videotg" train recipes/sft.yaml --resume --out "$2/run" data="$data" model=models/small epochs=4 batch=4 checkpointEvery=3 ;;
  esac
}

# What must not depend on stops: everything but costs, times and locks.
result() { # command, folder
  case "$1" in
    world) (cd "$2/w" && sha256sum videos/*.mp4 ./*.jsonl) ;;
    reflect) python3 -c 'import json,sys; [print(r["id"], r["spans"], r["replies"]) for r in map(json.loads, open(sys.argv[1]))]' "$2/reflections.jsonl" ;;
    difficulty) python3 -c 'import json,sys; [print(r["id"], r["ious"], r["replies"]) for r in map(json.loads, open(sys.argv[1]))]' "$2/difficulty.jsonl" ;;
    features) (cd "$2/features" && sha256sum ./*.safetensors) ;;
    eval) sha256sum <"$2/eval/predictions.jsonl" ;;
    train) sha256sum <"$2/run/model/model.safetensors" ;;
  esac
}

declare -i bad=0
for command in world reflect difficulty features eval train; do
  whole="$out/$command-whole"
  rm -rf "$whole" && mkdir -p "$whole"
  begin=$(date +%s%N)
  (run "$command" "$whole") >"$whole.log" 2>&1 || { tail -3 "$whole.log"; exit 1; }
  millis=$((($(date +%s%N) - begin) / 1000000))
  declare -i stopped=0 early=0 same=0
  for ((i = 0; i < stops; i++)); do
    folder="$out/$command-stopped"
    rm -rf "$folder" && mkdir -p "$folder"
    signal=$((RANDOM % 2 ? 2 : 15))
    # Job control gives the command a process group of its own, in which INT is not ignored.
    set -m
    run "$command" "$folder" >"$folder.log" 2>&1 &
    pid=$!
    set +m
    wait=$((millis * (RANDOM % 1000) / 1000))
    sleep "$(printf '%d.%03d' $((wait / 1000)) $((wait % 1000)))"
    kill "-$signal" -- "-$pid" 2>/dev/null
    begin=$(date +%s%N)
    wait "$pid"
    code=$?
    took=$((($(date +%s%N) - begin) / 1000000))
    if [[ $code -eq 0 ]]; then
      early+=1
      continue
    fi
    stopped+=1
    problem=""
    [[ $code -eq $((128 + signal)) ]] || problem+=" exit code $code;"
    [[ $took -le 5000 ]] || problem+=" $took ms;"
    pgrep -f "$folder" >/dev/null && problem+=" a process is left;"
    # Before Java handles signals there is nothing to say.
    [[ ! -s "$folder.log" || $(grep -c '^stopped' "$folder.log") -eq 1 ]] || problem+=" $(grep -c '^stopped' "$folder.log") lines \"stopped\";"
    grep -q '^error\|defect' "$folder.log" && problem+=" $(grep -m1 '^error\|defect' "$folder.log");"
    (run "$command" "$folder") >"$folder.resumed.log" 2>&1 || problem+=" resuming failed: $(tail -1 "$folder.resumed.log");"
    cmp -s <(result "$command" "$whole") <(result "$command" "$folder") && same+=1 || problem+=" another result;"
    [[ -z "$problem" ]] || { bad+=1; echo "$command, signal $signal, stop $i:$problem"; }
  done
  echo "$command: $stopped stopped, $early had ended, $same with the same result"
done
echo "$bad problems"
[[ $bad -eq 0 ]]
