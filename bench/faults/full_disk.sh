#!/usr/bin/env bash
# Runs commands on file systems (tmpfs) that are full at a random moment. The command ends with an error that says so;
# after the file system has been enlarged, the same command must end with the files of an undisturbed run.
#   sudo bench/faults/full_disk.sh OUT [COUNT_OF_EACH_COMMAND] [COMMAND ...]
set -u
source "$(dirname "$0")/common.sh"
[[ $EUID -eq 0 ]] || { echo "needs root: it mounts file systems" >&2; exit 2; }
count="${2:-20}"
commands=("${@:3}")
prepare "$1"

declare -i bad=0 all_full=0
[[ ${#commands[@]} -gt 0 ]] || commands=("${all[@]}")
for command in "${commands[@]}"; do
  whole="$out/$command-whole" folder="$out/$command-full"
  undisturbed "$command" "$whole"
  [[ -n "$(find "$whole" -type f -size +0)" ]] || { echo "full disks of $command: it writes no file"; continue; }
  pages=$(($(du -s "$whole" | cut -f 1) / 4))
  declare -i full=0 enough=0 good=0
  for ((i = 0; full < count && i < 3 * count; i++)); do
    mkdir -p "$folder"
    mount -t tmpfs -o "size=$(((1 + (RANDOM * 32768 + RANDOM) % (pages + 1)) * 4))k" none "$folder"
    # tmpfs has at least one page; with it taken the disk may be full from the start.
    head -c 4096 /dev/zero >"$folder/.taken"
    problem="" code=0
    (run "$command" "$folder") >"$folder.log" 2>&1 || code=$?
    if [[ $code -eq 0 ]]; then enough+=1; else
      full+=1
      [[ $code -eq 1 ]] && grep -q '^error.*[Nn]o space\|^error.*can.t write' "$folder.log" || problem+=" exit code $code, $(tail -n 1 "$folder.log");"
    fi
    mount -o remount,size=2G "$folder"
    problem+="$(defects "$folder.log")$(resume "$command" "$folder" "$whole")"
    umount "$folder"
    [[ -z "$problem" ]] && good+=1 || { bad+=1; echo "$command, moment $i:" $problem; }
  done
  echo "full disks of $command: $full, $enough were large enough, $good without a problem"
  all_full+=$full
done
echo "full disks: $all_full, $bad problems"
[[ $bad -eq 0 ]]
