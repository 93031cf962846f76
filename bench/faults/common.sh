# What the parts of bench/faults/run share: commands on small inputs, what their results are, and random moments.
home="$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)"
videotg="${VIDEOTG:-$home/videotg}"
all=(world reflect difficulty features eval sft grpo curate convert select score report pretrain demo)
RANDOM=1

# Makes folder $1 with what the commands read, and sets $out and $inputs.
prepare() {
  out="$(mkdir -p "$1/inputs" && cd "$1" && pwd)"
  inputs="$out/inputs" data="$out/inputs/world/train.jsonl"
  cd "$home" || exit 2
  [[ -e "$inputs/ready" ]] && return
  {
    "$videotg" world --out "$inputs/world" --videos 24 --test 4 --domain target --seed 5 --partial 0.5
    "$videotg" reflect --data "$data" --out "$inputs/reflect.jsonl" --model models/small
    "$videotg" difficulty --data "$data" --out "$inputs/difficulty.jsonl" --model models/small
    "$videotg" eval --data "$data" --out "$inputs/eval" --model models/small
    "$videotg" train recipes/sft.yaml --out "$inputs/run" data="$data" model=models/small epochs=1 batch=8
    awk '{ print "v" NR % 24, NR % 7 + 0.5, NR % 7 + 4 "##a person opens door number " NR }' <(seq 20000) >"$inputs/charades_sta_train.txt"
    awk 'BEGIN { print "id,length" } { print "v" $1 - 1 ",30.5" }' <(seq 24) >"$inputs/durations.csv"
  } >"$inputs/log" 2>&1 || { tail -n 3 "$inputs/log"; exit 1; }
  touch "$inputs/ready"
}

# Runs a command that writes into folder $2, in place of this (sub)shell, so that a signal reaches it.
run() {
  local model=(--model models/small --features "$2/features") verdicts=(--reflections "$inputs/reflect.jsonl" --difficulty "$inputs/difficulty.jsonl")
  local train=(--resume --out "$2/run" data="$data" model=models/small features="$2/features" checkpointEvery=3)
  case "$1" in
    world) exec "$videotg" world --out "$2/w" --videos 20 --test 4 --domain target --seed 6 ;;
    reflect | difficulty) exec "$videotg" "$1" --data "$data" --out "$2/verdicts.jsonl" "${model[@]}" ;;
    features) exec "$videotg" features --data "$data" "${model[@]}" ;;
    eval) exec "$videotg" eval --data "$data" --out "$2/eval" "${model[@]}" ;;
    sft) exec "$videotg" train recipes/sft.yaml "${train[@]}" epochs=2 batch=4 ;;
    grpo) exec "$videotg" train recipes/basic.yaml "${train[@]}" epochs=1 batch=4 grpo.group=4 ;;
    curate) exec "$videotg" curate --data "$data" --reflections "$2/r.jsonl" --difficulty "$2/d.jsonl" --fraction 0.3 --out "$2/selected.jsonl" "${model[@]}" ;;
    convert) exec "$videotg" convert "$inputs/charades_sta_train.txt" --durations "$inputs/durations.csv" --out "$2/converted.jsonl" ;;
    select) exec "$videotg" select --data "$data" "${verdicts[@]}" --fraction 0.3 --out "$2/selected.jsonl" ;;
    score) exec "$videotg" score --predictions "$inputs/eval/predictions.jsonl" --annotations "$data" --profile timer1 --json ;;
    report) cp -r "$inputs/run" "$2/" 2>/dev/null; exec "$videotg" report "$2/run" "${verdicts[@]}" ;;
    pretrain) exec "$videotg" pretrain app/src/test/resources/pretrain/tiny.yaml --out "$2/pretrain" ;;
    demo) exec "$videotg" run app/src/test/resources/demo/project.yaml --model models/small --out "$2/demo" --workers 2 ;;
  esac
}

# Prints what must not depend on faults: everything but costs, times and locks.
result() {
  case "$1" in
    world) (cd "$2/w" && sha256sum videos/*.mp4 ./*.jsonl) ;;
    reflect) rows '[r["id"], r["spans"], r["replies"]]' "$2/verdicts.jsonl" ;;
    difficulty) rows '[r["id"], r["ious"], r["replies"]]' "$2/verdicts.jsonl" ;;
    features) "$videotg" features --list --features "$2/features" | sed '$d' ;;
    eval) sha256sum <"$2/eval/predictions.jsonl" ;;
    sft | grpo) sha256sum <"$2/run/model/model.safetensors" ;;
    curate) rows '[r["id"], r["intervals"]]' "$2/selected.jsonl" && rows '[r["id"], r["spans"], r["replies"]]' "$2/r.jsonl" && rows '[r["id"], r["ious"]]' "$2/d.jsonl" ;;
    convert) sha256sum <"$2/converted.jsonl" ;;
    select) rows '[r["id"], r["intervals"]]' "$2/selected.jsonl" ;;
    score) ;;
    report) sha256sum <"$2/run/report/index.html" ;;
    pretrain) sha256sum <"$2/pretrain/model/model.safetensors" ;;
    demo) (cd "$2/demo" && sha256sum selections/selected.jsonl arms/*/eval/predictions.jsonl arms/*/model/model.safetensors) ;;
  esac
}
rows() { python3 -c "import json,sys; [print($1) for r in map(json.loads, open(sys.argv[1]))]" "$2"; }

# Runs a command undisturbed in folder $2, notes its result in $2.result, and sets $millis to its time.
undisturbed() {
  rm -rf "$2" && mkdir -p "$2"
  local begin
  begin=$(date +%s%N)
  (run "$1" "$2") >"$2.log" 2>&1 || { echo "$1 fails undisturbed: $(tail -n 1 "$2.log")"; exit 1; }
  millis=$((($(date +%s%N) - begin) / 1000000))
  result "$1" "$2" >"$2.result"
}

# Sleeps for a random part of $1 milliseconds.
random_moment() {
  local wait=$(($1 * (RANDOM % 1000) / 1000))
  sleep "$(printf '%d.%03d' $((wait / 1000)) $((wait % 1000)))"
}

# Starts a command in the background and sets $pid. Job control gives it a process group of its own, in which INT is not
# ignored.
start() {
  set -m
  run "$1" "$2" >"$2.log" 2>&1 &
  pid=$!
  set +m
}

# Runs the command again in $2 and prints how that went wrong, compared with the undisturbed folder $3.
resume() {
  (run "$1" "$2") >"$2.resumed.log" 2>&1 || { echo " resuming failed: $(tail -n 1 "$2.resumed.log");"; return; }
  result "$1" "$2" | cmp -s "$3.result" || echo " another result;"
}

# Prints lines of a log that no fault excuses.
defects() { grep -m 1 -E 'defect|SIGSEGV|SIGBUS|fatal error|Exception in thread' "$1" | sed 's/^/ /; s/$/;/' || true; }
