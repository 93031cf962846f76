"""Share of partially annotated samples in each selection of a run on a small world: purity.py OUT DATA BASE."""

import json
import pathlib
import sys


def rows(file):
    with open(file, encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def seconds(intervals):
    return sum(end - start for start, end in intervals)


def main(out, data, base):
    shares = {}
    for world in sorted(pathlib.Path(out, data).glob("seed-*/world")):
        truth = {row["id"]: seconds(row["intervals"]) for row in rows(world / "truth.jsonl")}
        selections = sorted((world.parent / base / "selections").glob("*.jsonl"))
        for file in [world / "train.jsonl", *selections]:
            samples = rows(file)
            partial = sum(truth[row["id"]] - seconds(row["intervals"]) > 0.5 for row in samples)
            shares.setdefault(file.stem, []).append(partial / len(samples))
    print("| samples | partially annotated |\n|---|---|")
    for name, found in shares.items():
        print(f"| {name} | {sum(found) / len(found):.1%} ({', '.join(f'{share:.1%}' for share in found)}) |")


if __name__ == "__main__":
    main(*sys.argv[1:4])
