"""What one would write in place of convert and select: rows_script.py convert TXT CSV OUT, or select DATA REFLECTIONS
DIFFICULTY OUT, which takes a tenth of the samples that are not partial, spread over ten levels of difficulty."""

import csv
import json
import random
import re
import sys

ROW = re.compile(r"(\S+) (\S+) (\S+)##(.*)")


def convert(annotations, durations, out):
    with open(durations, encoding="utf-8", newline="") as file:
        seconds = {row["id"]: float(row["length"]) for row in csv.DictReader(file)}
    with open(annotations, encoding="utf-8") as file, open(out, "w", encoding="utf-8") as written:
        for number, line in enumerate(file):
            video, start, end, query = ROW.match(line).groups()
            start, end = float(start), float(end)
            if not 0 <= start < end <= seconds[video]:
                continue
            written.write(json.dumps({"id": f"{video}-{number}", "task": "vtg", "video": f"{video}.mp4",
                                      "duration": seconds[video], "query": query,
                                      "intervals": [[start, end]]}) + "\n")


def rows(file):
    with open(file, encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def select(data, reflections, difficulty, out):
    samples = rows(data)
    partial = {row["id"] for row in rows(reflections) if row["partial"]}
    ious = {row["id"]: sum(row["ious"]) / len(row["ious"]) for row in rows(difficulty)}
    levels = [[] for _ in range(10)]
    random.Random(0).shuffle(samples)
    for sample in samples:
        if sample["id"] not in partial:
            levels[min(9, int(10 * ious[sample["id"]]))].append(sample)
    wanted, chosen = len(samples) // 10, []
    while len(chosen) < wanted and any(levels):
        for level in levels:
            if level and len(chosen) < wanted:
                chosen.append(level.pop())
    with open(out, "w", encoding="utf-8") as file:
        file.writelines(json.dumps(sample) + "\n" for sample in chosen)


if __name__ == "__main__":
    {"convert": convert, "select": select}[sys.argv[1]](*sys.argv[2:])
