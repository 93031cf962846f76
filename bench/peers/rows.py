"""Compares convert and select on many rows with a plain script: rows.py VIDEOTG FOLDER [ROWS], 100,000 by default.

VIDEOTG is the launcher. The script (rows_script.py) reads the same files with json and csv of Python, without videotg's
checks, reports and durable writes. The two take turns; ratios of whole processes are script / videotg: above 1, videotg
is ahead. ROUNDS sets the counted rounds after a first one (3).
"""

import json
import os
import random
import statistics
import sys

from measure import three, whole

ROUNDS = int(os.environ.get("ROUNDS", "3"))


def make(folder, rows):
    """Writes annotations in the format of Charades-STA, and durations."""
    draw = random.Random(1)
    videos = rows // 5
    durations = [round(draw.uniform(20, 60), 2) for _ in range(videos)]
    with open(f"{folder}/durations.csv", "w", encoding="utf-8") as file:
        file.write("id,length\n" + "".join(f"V{i:06d},{each}\n" for i, each in enumerate(durations)))
    with open(f"{folder}/charades_sta_train.txt", "w", encoding="utf-8") as file:
        for row in range(rows):
            video = row % videos
            start = round(draw.uniform(0, durations[video] - 10), 1)
            file.write(f"V{video:06d} {start} {round(start + draw.uniform(1, 9), 1)}##person number {row} opens a door\n")


def verdicts(folder):
    """Writes verdicts of both agents on the converted samples."""
    draw = random.Random(2)
    with open(f"{folder}/train.jsonl", encoding="utf-8") as data, \
            open(f"{folder}/reflections.jsonl", "w", encoding="utf-8") as reflections, \
            open(f"{folder}/difficulty.jsonl", "w", encoding="utf-8") as difficulty:
        for line in data:
            name = json.loads(line)["id"]
            partial = draw.random() < 0.4
            spans = [[1.0, 5.0]] if partial else []
            reflections.write(json.dumps({"id": name, "spans": spans, "partial": partial, "undecided": False,
                                          "replies": ["1.0 to 5.0" if partial else "none"]}) + "\n")
            ious = [round(draw.random(), 3) for _ in range(4)]
            difficulty.write(json.dumps({
                "id": name, "ious": ious, "rewardStd": round(statistics.pstdev(ious), 6), "parseFailures": 0,
                "hard": False, "spans": [[[2.0, 6.0]]] * 4, "replies": ["2.0 to 6.0"] * 4}) + "\n")


def lines(file):
    with open(file, encoding="utf-8") as opened:
        return sum(1 for _ in opened)


def main(videotg, folder, rows):
    os.makedirs(folder, exist_ok=True)
    make(folder, rows)
    script = [sys.executable, os.path.join(os.path.dirname(__file__), "rows_script.py")]
    inputs = [f"{folder}/charades_sta_train.txt", f"{folder}/durations.csv"]
    agents = [f"{folder}/reflections.jsonl", f"{folder}/difficulty.jsonl"]
    works = {
        "convert": ([videotg, "convert", inputs[0], "--durations", inputs[1], "--out", f"{folder}/train.jsonl"],
                    [*script, "convert", *inputs, f"{folder}/script-train.jsonl"],
                    ("train.jsonl", "script-train.jsonl")),
        "select": ([videotg, "select", "--data", f"{folder}/train.jsonl", "--reflections", agents[0],
                    "--difficulty", agents[1], "--out", f"{folder}/selected.jsonl"],
                   [*script, "select", f"{folder}/train.jsonl", *agents, f"{folder}/script-selected.jsonl"],
                   ("selected.jsonl", "script-selected.jsonl")),
    }
    print(f"| {rows:,} rows | CPU ratio: min / median / max | wall ratio | CPU s, videotg / script "
          "| peak MB: videotg / script |")
    print("|---|---|---|---|---|", flush=True)
    for name, (ours, theirs, written) in works.items():
        turns = [(whole(ours), whole(theirs)) for _ in range(ROUNDS + 1)][1:]
        counts = [lines(f"{folder}/{file}") for file in written]
        warning = "" if counts[0] == counts[1] else f" THE SIDES DISAGREE: {counts} rows"
        cpu, wall = ([b[key] / a[key] for a, b in turns] for key in ("cpu", "wall"))
        seconds = " / ".join(f"{statistics.median(turn[side]['cpu'] for turn in turns):.1f}" for side in (0, 1))
        peak = " / ".join(f"{max(turn[side]['peak'] for turn in turns) / 2**20:.0f}" for side in (0, 1))
        print(f"| {name} | {three(cpu)} | {three(wall)} | {seconds} | {peak} |{warning}", flush=True)
        if name == "convert":
            verdicts(folder)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]) if len(sys.argv) > 3 else 100_000)
