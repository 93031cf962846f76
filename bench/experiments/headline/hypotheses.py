#!/usr/bin/env python3
"""The hypotheses of plan.md from the results of `./videotg run judging.yaml`, as a table:
hypotheses.py OUT[,OUT ...] [DATA[/seed-SEED[/BASE]] [ONE:OTHER ...]] [--score right|grounded]

With pairs of arms it compares these; `*` stands for any seed. Reads OUT/results.jsonl and OUT/scores.jsonl.gz; several
folders, whose bases have other names, are taken together. The score is the IoU, or of questions 1 for the right option,
or for the right option and a time of which half or more is annotated (Acc@QA, Acc@GQA). Intervals: bases, seeds and
test samples are drawn with replacement, 2,000 times; this shares no code with the product.
"""
import argparse
import gzip
import json
import pathlib
import random
import sys

RESAMPLES = 2000
MEANS = {"ious": "mIoU", "right": "Acc@QA", "grounded": "Acc@GQA"}


def rows(folders, name, opened, wanted):
    for out in folders:
        with opened(out / name, "rt", encoding="utf-8") as lines:
            for row in map(json.loads, lines):
                cell = [row["data"], f'seed-{row["seed"]}', row["base"]]
                if all(part in ("*", own) for part, own in zip(wanted, cell)):
                    yield row


def read(folders, data, score):
    """Returns the scores of the test samples and the token-forwards, by arm, and by base and seed."""
    wanted = data.split("/")
    scores, tokens = {}, {}
    for row in rows(folders, "scores.jsonl.gz", gzip.open, wanted):
        if score not in row:
            sys.exit(f"arm {row['arm']} of {data} has no questions; leave out --score")
        scores.setdefault(row["arm"], {})[row["base"], row["seed"]] = row[score]
    for row in rows(folders, "results.jsonl", open, wanted):
        cost = row["compute"]
        cells = tokens.setdefault(row["arm"], {})
        cells[row["base"], row["seed"]] = cost["tokenForwards"] + cost["agentTokenForwards"]
    if not scores:
        sys.exit(f"no results of {data}; give DATA, DATA/seed-SEED or DATA/seed-SEED/BASE of a row of results.jsonl")
    return scores, tokens


def mean(values):
    values = list(values)
    return sum(values) / len(values)


def difference(one, other):
    """Mean difference of two arms and its 95% interval, over the bases and seeds that both have."""
    cells = {key: [a - b for a, b in zip(one[key], other[key])] for key in one.keys() & other.keys()}
    bases = sorted({base for base, _ in cells})
    seeds = sorted({seed for _, seed in cells})
    draw = random.Random(1)
    means = []
    while len(means) < RESAMPLES:
        drawn = [draw.choice(bases) for _ in bases]
        found = []
        for _ in seeds:
            seed = draw.choice(seeds)
            size = len(next(row for (_, other_seed), row in cells.items() if other_seed == seed))
            at = draw.choices(range(size), k=size)
            found += [mean(cells[base, seed][i] for i in at) for base in drawn if (base, seed) in cells]
        if found:
            means.append(mean(found))
    means.sort()
    low, high = means[round(.025 * RESAMPLES)], means[round(.975 * RESAMPLES) - 1]
    return mean(mean(row) for row in cells.values()), low, high, len(cells)


def main(folders, data, pairs, score):
    scores, tokens = read(folders, data, score)
    means = {arm: mean(mean(row) for row in cells.values()) for arm, cells in scores.items()}
    for arm in means:
        print(f"{arm:12} {means[arm]:.3f}  " + " ".join(
            f"{base}/{seed}:{mean(row):.3f}" for (base, seed), row in sorted(scores[arm].items())))
    full = max((arm for arm in ("grpo-all", "grpo-all-2") if arm in means), key=means.get, default="")
    tests = [
        ("a", "method", full, 0), ("b", "method-sft", "sft-all-2", 0), ("d", "filter", "random", 0),
        ("e", "method", "filter", 0), ("e", "masks", "random", 0), ("f", "method", "iou-range", 0),
        ("f", "method", "gaussian", 0), ("f", "method", "inverse-iou", 0), ("h", "method", "grpo-all", -.01),
        ("i", "method", "grpo-third", 0), ("j", "filter", "oracle", 0), ("", "method-sft", full, 0),
        ("", "method-sft", "sft-all", 0), ("", "balanced", "method", 0), ("", "resample", "random", 0), ("", "method", "zero-shot", 0)]
    if pairs:
        tests = [("", *pair.split(":"), 0) for pair in pairs]
    print(f"\n| | | {MEANS[score]} | difference, 95% | runs | token-forwards | |\n|---|---|---|---|---|---|---|")
    for name, one, other, bound in tests:
        # Hypothesis h is about clean data, and the only one about it.
        if one not in scores or other not in scores or (name and (name == "h") != (data.split("/")[0] == "clean")):
            continue
        value, low, high, cells = difference(scores[one], scores[other])
        verdict = "holds" if low > bound else "fails" if high < bound else "undecided"
        if name == "j":
            verdict = "holds" if high < 0 else "fails" if low > 0 else "undecided"
        both = scores[one].keys() & scores[other].keys()
        first, second = (mean(mean(scores[arm][cell]) for cell in both) for arm in (one, other))
        cost, reference = (sum(tokens[arm][cell] for cell in both) for arm in (one, other))
        share = cost / reference if reference else 0
        print(f"| {name} | {one} - {other} | {first:.3f}, {second:.3f} | {value:+.3f} [{low:+.3f}, {high:+.3f}] "
              f"| {cells} | {share:.0%} | {verdict if name else ''} |")


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("out")
    parser.add_argument("data", nargs="?", default="truncated")
    parser.add_argument("pairs", nargs="*")
    parser.add_argument("--score", choices=MEANS, default="ious")
    given = parser.parse_args()
    main([pathlib.Path(out) for out in given.out.split(",")], given.data, given.pairs, given.score)
