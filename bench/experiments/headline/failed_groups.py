"""Groups without signal in training runs, and why they have none: failed_groups.py [--parts N] RUN..., from their
rollouts.jsonl; with N parts by the share of the steps."""

import argparse
import json
import pathlib

FAILED = 0.1
RIGHT = 0.5


def count(steps):
    groups = failed = silent = right = 0
    for step in steps:
        for group in step["groups"]:
            best = max(rollout["parts"].get("iou", 0) for rollout in group["rollouts"])
            rewards = [rollout["reward"] for rollout in group["rollouts"]]
            equal = max(rewards) - min(rewards) < 1e-9
            groups += 1
            failed += best < FAILED
            silent += equal
            right += equal and best >= RIGHT
    return groups, failed / groups, silent / groups, right / groups


def main(runs, parts):
    print(f"| run | groups | no rollout above IoU {FAILED} | all rewards equal | of these IoU {RIGHT} or more |\n|---|---|---|---|---|")
    for run in runs:
        with open(pathlib.Path(run, "rollouts.jsonl"), encoding="utf-8") as rows:
            steps = [json.loads(row) for row in rows]
        for part in range(parts):
            groups, failed, silent, right = count(steps[len(steps) * part // parts:len(steps) * (part + 1) // parts])
            name = f"{run}, part {part + 1}" if parts > 1 else run
            print(f"| {name} | {groups} | {failed:.1%} | {silent:.1%} | {right:.1%} |")


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("runs", nargs="+")
    parser.add_argument("--parts", type=int, default=1)
    given = parser.parse_args()
    main(given.runs, given.parts)
