"""Groups without signal in training runs, and why they have none: failed_groups.py RUN..., from their rollouts.jsonl."""

import json
import pathlib
import sys

FAILED = 0.1
RIGHT = 0.5


def count(run):
    groups = failed = silent = right = 0
    with open(pathlib.Path(run, "rollouts.jsonl"), encoding="utf-8") as rows:
        for row in rows:
            for group in json.loads(row)["groups"]:
                best = max(rollout["parts"].get("iou", 0) for rollout in group["rollouts"])
                rewards = [rollout["reward"] for rollout in group["rollouts"]]
                equal = max(rewards) - min(rewards) < 1e-9
                groups += 1
                failed += best < FAILED
                silent += equal
                right += equal and best >= RIGHT
    return groups, failed / groups, silent / groups, right / groups


def main(runs):
    print(f"| run | groups | no rollout above IoU {FAILED} | all rewards equal | of these IoU {RIGHT} or more |\n|---|---|---|---|---|")
    for run in runs:
        groups, failed, silent, right = count(run)
        print(f"| {run} | {groups} | {failed:.1%} | {silent:.1%} | {right:.1%} |")


if __name__ == "__main__":
    main(sys.argv[1:])
