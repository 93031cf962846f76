"""Scores predictions.jsonl against a sample file, independently of the product: score_predictions.py SAMPLES PREDICTIONS

R1@0.3/0.5/0.7 (>=) and mIoU of the first predicted interval against the single annotated one; a sample without a
prediction counts as IoU 0.
"""

import json
import sys


def rows(path):
    with open(path, encoding="utf-8") as file:
        return [json.loads(line) for line in file if line.strip()]


def iou(a, b):
    inter = max(0.0, min(a[1], b[1]) - max(a[0], b[0]))
    union = (a[1] - a[0]) + (b[1] - b[0]) - inter
    return inter / union if a[1] > a[0] and b[1] > b[0] and union > 0 else 0.0


def main():
    if len(sys.argv) != 3:
        print(__doc__, file=sys.stderr)
        return 2
    samples = {row["id"]: row for row in rows(sys.argv[1])}
    found = {row["id"]: row["intervals"] for row in rows(sys.argv[2])}
    ious = [iou(found[i][0], s["intervals"][0]) if found.get(i) else 0.0 for i, s in samples.items()]
    recalls = "/".join(f"{sum(x >= t for x in ious) / len(ious):.3f}" for t in (0.3, 0.5, 0.7))
    print(f"{sys.argv[2]}: N {len(ious)} mIoU {sum(ious) / len(ious):.4f} R1@0.3/0.5/0.7 {recalls}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
