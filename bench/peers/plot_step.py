"""Draws tables of bench/run StepParts: plot_step.py PNG TABLE... shows where the time of a training step goes."""

import sys

import matplotlib
matplotlib.use("svg" if sys.argv[1].endswith(".svg") else "agg")
import matplotlib.pyplot as plt

COLOURS = {
    "weights of the layers": "#2166ac",
    "weights of the head": "#67a9cf",
    "attention": "#d6604d",
    "everything else": "#bababa",
}


def steps(files):
    """Returns the seconds of each part, by model and length of the replies."""
    found = {}
    for file in files:
        for line in open(file, encoding="utf-8"):
            cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
            if len(cells) == 5 and cells[2] in COLOURS:
                found.setdefault((cells[0], int(cells[1])), {})[cells[2]] = float(cells[3])
    return found


def main(picture, files):
    found = steps(files)
    figure, axes = plt.subplots(figsize=(9, 0.45 * len(found) + 1.3), dpi=110)
    for place, parts in enumerate(reversed(found.values())):
        bound = parts["weights of the layers"] + parts["weights of the head"]
        left = 0
        for name, colour in COLOURS.items():
            width = parts[name] / bound
            axes.barh(place, width, left=left, height=0.6, color=colour)
            left += width
        axes.text(left + 0.05, place, f"{left:.2f}", va="center")
    for name, colour in COLOURS.items():
        axes.barh(0, 0, color=colour, label=name)
    axes.axvline(1, color="black", linewidth=0.8)
    axes.set_yticks(range(len(found)), reversed([f"{model}, C = {reply}" for model, reply in found]))
    axes.set_xlabel("CPU time of a step, in times of its products with weights alone")
    axes.legend(loc="upper center", bbox_to_anchor=(0.5, 1.25), ncols=4, frameon=False)
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    figure.tight_layout()
    figure.savefig(picture)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
