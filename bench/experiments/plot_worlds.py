"""Draws worlds of ./videotg world: plot_worlds.py PNG TITLE=WORLD[:ID] ... shows one training video of each.

A row has the frames in the middle of every second second, and below them when the query holds (the planted truth) and
what is annotated. Without an ID it shows the first sample whose annotation is partial, or the first one if none is.
Needs av, matplotlib and Pillow.
"""
import json
import pathlib
import sys

import av
import matplotlib
matplotlib.use("agg")
import matplotlib.pyplot as plt
from PIL import Image


def rows(file):
    return [json.loads(line) for line in open(file, encoding="utf-8")]


def frames(video, seconds):
    """Returns the frames at these times."""
    with av.open(str(video)) as container:
        decoded = [(frame.time, frame.to_ndarray(format="rgb24")) for frame in container.decode(video=0)]
    return [min(decoded, key=lambda found: abs(found[0] - second))[1] for second in seconds]


def chosen(world, name):
    truth = {row["id"]: row["intervals"] for row in rows(world / "truth.jsonl")}
    samples = rows(world / "train.jsonl")
    partial = [sample for sample in samples if sample["intervals"] != truth[sample["id"]]]
    found = [sample for sample in samples if sample["id"] == name] if name else partial or samples
    return found[0], truth[found[0]["id"]]


def main(picture, worlds):
    figure, axes = plt.subplots(len(worlds), 1, figsize=(11, 1.55 * len(worlds)), dpi=110)
    for axis, argument in zip(axes, worlds):
        title, folder = argument.split("=", 1)
        folder, _, name = folder.partition(":")
        world = pathlib.Path(folder)
        sample, truth = chosen(world, name)
        duration = sample["duration"]
        count = 22
        step = duration / count
        for i, frame in enumerate(frames(world / sample["video"], [(i + .5) * step for i in range(count)])):
            axis.imshow(frame, extent=(i * step, (i + .96) * step, 1, 2), aspect="auto")
        for height, spans, colour, label in [
                (.55, truth, "#1b7837", "the query holds"), (.1, sample["intervals"], "#e08214", "annotated")]:
            for start, end in spans:
                axis.barh(height, end - start, left=start, height=.35, color=colour, align="edge", label=label)
                label = None
        axis.set_xlim(0, duration)
        axis.set_ylim(0, 2)
        axis.set_yticks([])
        axis.set_xticks(range(0, int(duration) + 1, 4 if duration <= 40 else 10))
        axis.xaxis.set_major_formatter("{x:g} s")
        axis.set_title(f'{title}: "{sample["query"]}"', loc="left", fontsize=10)
        for side in ("top", "right", "left"):
            axis.spines[side].set_visible(False)
    axes[0].legend(loc="lower right", bbox_to_anchor=(1, 1), ncols=2, frameon=False)
    figure.tight_layout()
    figure.savefig(picture)
    Image.open(picture).convert("RGB").quantize(96).save(picture, optimize=True)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
