"""Statistics of real videos under both programs' default settings: sums over many pixels and places in their order, no pixels."""

import av
import torch

from golden_clip import SETTINGS, Frames, described, levels, processed

QUANTILES = (0, 0.01, 0.1, 0.25, 0.5, 0.75, 0.9, 0.99, 1)
SAMPLED_FRAMES, RASTER = 5, 6  # frames with block means, and cells of their raster on each side


def pictures(values, grid, processor):
    """Frames [T * t, 3, height, width] of grey levels, from patches in their order (t, h/m, w/m, m, m) of (3, T, p, p)."""
    t, h, w = grid
    p, m, depth = processor.patch_size, processor.merge_size, processor.temporal_patch_size
    patches = levels(values, processor).view(t, h // m, w // m, m, m, 3, depth, p, p)
    return patches.permute(0, 6, 5, 1, 3, 7, 2, 4, 8).reshape(t * depth, 3, h * p, w * p)


def rounded(tensor):
    return [round(float(value), 3) for value in tensor.flatten()]


def statistics(frames):
    """Means and quantiles of every frame's channels; of a few frames, means of the cells of a raster over the picture.

    A cell holds rows [i H / n, (i + 1) H / n) and likewise columns, n cells a side, all rounded down.
    """
    count, _, height, width = frames.shape
    edges = [[i * side // RASTER for i in range(RASTER + 1)] for side in (height, width)]
    ordered = frames.flatten(2).sort(-1).values
    places = [round(q * (height * width - 1)) for q in QUANTILES]
    blocks = {}
    for frame in sorted({i * (count - 1) // (SAMPLED_FRAMES - 1) for i in range(SAMPLED_FRAMES)}):
        cells = [frames[frame, :, top:bottom, left:right].mean((1, 2))
                 for top, bottom in zip(edges[0], edges[0][1:]) for left, right in zip(edges[1], edges[1][1:])]
        blocks[str(frame)] = rounded(torch.stack(cells))
    quantiles = {str(place): rounded(ordered[[int(f) for f in blocks], :, place]) for place in places}
    return {"channelMeans": rounded(frames.mean((2, 3))), "quantiles": quantiles, "blockMeans": blocks}


def is_video(path):
    """FFmpeg takes any text for a film of a terminal."""
    try:
        with av.open(str(path)) as container:
            return container.format.name != "tty" and bool(container.streams.video)
    except (av.error.FFmpegError, IsADirectoryError):
        return False


def real(folder):
    """file -> setting -> indices, grid and statistics of every video in the folder."""
    rows = {}
    for path in sorted(folder.iterdir()):
        if not is_video(path):
            continue
        frames = Frames(path)
        for name, (family, program, _) in SETTINGS.items():
            if program == "utils+hf":
                continue
            values, grid, metadata, processor = processed(family, program, {}, frames)
            rows.setdefault(path.name, {})[name] = described(program, {}, grid, metadata) | statistics(
                pictures(values, grid, processor))
    return {"raster": RASTER, "videos": rows}
