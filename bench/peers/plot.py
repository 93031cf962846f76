"""Draws tables of bench/peers/run: plot.py PNG TABLE... shows the median CPU ratio of each row, and its range."""

import sys

import matplotlib
matplotlib.use("svg" if sys.argv[1].endswith(".svg") else "agg")
import matplotlib.pyplot as plt


def rows(files):
    for file in files:
        for line in open(file, encoding="utf-8"):
            cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
            if len(cells) == 5 and cells[2].count("/") == 2 and cells[2][0].isdigit():
                yield cells[0], cells[1], [float(value) for value in cells[2].split("/")]


def main(picture, files):
    found = list(rows(files))
    models = list(dict.fromkeys(model for model, _, _ in found))
    names = list(dict.fromkeys(name for _, name, _ in found))
    colours = dict(zip(models, ("#2166ac", "#b2182b", "#4d4d4d", "#762a83", "#1b7837")))
    figure, axes = plt.subplots(figsize=(9, 0.42 * len(names) + 1.2), dpi=110)
    for model, name, (least, median, most) in found:
        offset = (models.index(model) - (len(models) - 1) / 2) * 0.24
        place = len(names) - 1 - names.index(name) - offset
        axes.plot([least, most], [place, place], color=colours[model], linewidth=2)
        axes.plot(median, place, "o", color=colours[model], markersize=5)
    for model in models:
        axes.plot([], [], "o-", color=colours[model], label=model)
    axes.axvline(1, color="black", linewidth=0.8)
    axes.set_xscale("log")
    ticks = [0.5, 1, 2, 3, 5, 10]
    axes.set_xticks(ticks, [str(tick) for tick in ticks])
    axes.set_xticks([], minor=True)
    axes.set_yticks(range(len(names)), reversed(names))
    axes.set_xlabel("CPU time of the peer, in CPU times of videotg")
    axes.grid(axis="x", linewidth=0.4)
    axes.legend(loc="lower right", frameon=False)
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    figure.tight_layout()
    figure.savefig(picture)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
