"""Every annotation file of a folder through every writer and back: round_trips.py FOLDER OUT

FOLDER holds sub-folders of published files (docs/datasets.md); a csv of durations or questions that belongs to one lies beside it.
Each file becomes samples (own jsonl), these are written in each format, read again and compared, all fields and their order.
Ends with 1 if any differ.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

VIDEOTG = os.environ.get("VIDEOTG", str(Path(__file__).resolve().parents[2] / "videotg")).split()
FORMATS = {"own": "jsonl", "timer1": "json", "timelens": "jsonl", "easyr1": "jsonl", "ms-swift": "jsonl", "llama-factory": "json"}
BESIDE = {"charades_sta_test.txt": ["--durations", "Charades_v1_test.csv"],
          "charades_sta_train.txt": ["--durations", "Charades_v1_train.csv"],
          "gsub_val.json": ["--questions", "val.csv"], "gsub_test.json": ["--questions", "test.csv"]}
SETS = ("charades-sta", "activitynet-captions", "qvhighlights", "tacos", "time-r1", "nextgqa", "rextime")


def convert(*arguments):
    done = subprocess.run([*VIDEOTG, "convert", *map(str, arguments)], capture_output=True, text=True, check=False)
    return None if done.returncode == 0 else done.stderr.strip()


def rows(file):
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]


def main():
    if len(sys.argv) != 3:
        print(__doc__, file=sys.stderr)
        return 2
    folder, out = (Path(given) for given in sys.argv[1:])
    out.mkdir(parents=True, exist_ok=True)
    bad = 0
    for file in sorted(file for name in SETS for file in folder.glob(f"{name}/*") if file.suffix in (".json", ".jsonl", ".txt")):
        if file.name == "SOURCES.txt":
            continue
        extra = [part if part.startswith("--") else file.parent / part for part in BESIDE.get(file.name, [])]
        if extra and not extra[1].exists():
            print(f"{file.name}: left out, no {extra[1].name}")
            continue
        own = out / f"{file.parent.name}-{file.name}.own.jsonl"
        error = convert(file, *extra, "--out", own)
        if error:
            bad += 1
            print(f"{file.name}: {error}")
            continue
        for form, suffix in FORMATS.items():
            written, again = out / f"{own.stem}.{form}.{suffix}", out / f"{own.stem}.{form}.again.jsonl"
            error = convert(own, "--to", form, "--out", written) or convert(written, "--out", again)
            same = not error and rows(own) == rows(again)
            bad += not same
            print(f"{file.name} {form}: {len(rows(own))} rows, {'the same' if same else error or 'DIFFERENT'}", flush=True)
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
