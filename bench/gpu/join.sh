#!/bin/sh
# Checks the parts beside this script, joins them and unpacks videotg:
#   sh join.sh [FOLDER]
# FOLDER is where it is unpacked, by default the working directory. Needs a POSIX shell, sha256sum, tar and gzip.
set -eu
here="$(cd "$(dirname "$0")" && pwd)"
target="${1:-.}"
manifest="$here/manifest"
[ -e "$manifest" ] || { echo "error: $manifest is missing; copy it from where the parts were packed" >&2; exit 1; }
wrong=0
parts=""
whole=""
folder=""
while read -r expected name rest; do
  if [ "$name" = whole ]; then
    whole="$expected"
    folder="$rest"
    continue
  fi
  parts="$parts $name"
  if [ ! -e "$here/$name" ]; then
    echo "missing: $name" >&2
    wrong=1
  elif [ "$(sha256sum <"$here/$name" | cut -d ' ' -f 1)" != "$expected" ]; then
    echo "damaged: $name" >&2
    wrong=1
  fi
done <"$manifest"
if [ -z "$whole" ] || [ -z "$parts" ]; then
  echo "damaged: manifest" >&2
  wrong=1
fi
if [ "$wrong" -ne 0 ]; then
  echo "error: copy the files named above again; nothing was unpacked" >&2
  exit 1
fi
# The names of parts have no spaces.
# shellcheck disable=SC2086
joined="$(cd "$here" && cat $parts | sha256sum | cut -d ' ' -f 1)"
if [ "$joined" != "$whole" ]; then
  echo "error: the parts are whole but do not make the archive that was packed; copy the manifest again" >&2
  exit 1
fi
mkdir -p "$target"
# shellcheck disable=SC2086
(cd "$here" && cat $parts) | gzip -dc | tar -xf - -C "$target"
echo "unpacked $target/$folder; next: $target/$folder/bin/videotg doctor --measure"
