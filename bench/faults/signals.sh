#!/usr/bin/env bash
# Stops or kills commands at random moments; the same command (train with --resume) must then end with the files of an
# undisturbed run.
#   bench/faults/signals.sh stops|kills OUT [COUNT_OF_EACH_COMMAND] [COMMAND ...]
# stops: INT or TERM. The exit code is 130 or 143, one line says how to go on, and no process is left after 5 s.
# kills: kill -9 of the command, or of it and its child processes. The same command is started at once.
set -u
source "$(dirname "$0")/common.sh"
part="$1" count="${3:-20}"
commands=("${@:4}")
prepare "$2"

stopped_well() { # signal, folder, exit code, milliseconds
  [[ $3 -eq $((128 + $1)) ]] || echo " exit code $3;"
  [[ $4 -le 5000 ]] || echo " $4 ms;"
  pgrep -f "$2/" >/dev/null && echo " a process is left;"
  # Before Java handles signals there is nothing to say.
  [[ ! -s "$2.log" || $(grep -c '^stopped' "$2.log") -eq 1 ]] || echo " $(grep -c '^stopped' "$2.log") lines \"stopped\";"
  grep -m 1 '^error' "$2.log" | sed 's/^/ /; s/$/;/'
}

declare -i bad=0 all_disturbed=0
[[ ${#commands[@]} -gt 0 ]] || commands=("${all[@]}")
for command in "${commands[@]}"; do
  whole="$out/$command-whole" folder="$out/$command-$part"
  undisturbed "$command" "$whole"
  declare -i disturbed=0 early=0 good=0
  # Some moments come after the end; what else the machine does decides where that is.
  for ((i = 0; disturbed < count && i < 4 * count; i++)); do
    rm -rf "$folder" && mkdir -p "$folder"
    start "$command" "$folder"
    random_moment "$millis"
    if [[ $part == stops ]]; then signal=$((RANDOM % 2 ? 2 : 15)) target="-$pid"; else signal=9 target="$( ((RANDOM % 2)) && echo "-$pid" || echo "$pid")"; fi
    begin=$(date +%s%N)
    kill "-$signal" -- "$target" 2>/dev/null
    wait "$pid" 2>/dev/null
    code=$?
    took=$((($(date +%s%N) - begin) / 1000000))
    if [[ $code -eq 0 ]]; then
      early+=1 millis=$((millis * 3 / 4))
      continue
    fi
    disturbed+=1 millis=$((millis * 21 / 20))
    problem="$([[ $part == kills ]] || stopped_well "$signal" "$folder" "$code" "$took")$(defects "$folder.log")$(resume "$command" "$folder" "$whole")"
    [[ -z "$problem" ]] && good+=1 || { bad+=1; echo "$command, signal $signal, moment $i:" $problem; }
  done
  echo "$part of $command: $disturbed, $good without a problem ($early had ended)"
  all_disturbed+=$disturbed
done
echo "$part: $all_disturbed, $bad problems"
[[ $bad -eq 0 ]]
