"""Which frames qwen-vl-utils reads of a clip (video_start, video_end): made clips, and those at which rounding decides.

    python golden_clip_ranges.py ../../video/src/test/resources/org/videotg/video/golden_clips.jsonl
"""
import json
import random
import sys
from importlib.metadata import version

import torch
from qwen_vl_utils import vision_process


def read(total, fps, start, end):
    """As the readers of decord and torchcodec sample; None for the range that they refuse."""
    element = {key: value for key, value in (("video_start", start), ("video_end", end)) if value is not None}
    try:
        first, last, frames = vision_process.calculate_video_frame_range(element, total, fps)
        count = vision_process.smart_nframes(element, total_frames=frames, video_fps=fps)
    except ValueError:
        return None
    return dict(first=first, last=last, indices=torch.linspace(first, last, count).round().long().tolist(),
                sampleFps=count / max(frames, 1e-6) * fps)


def clips():
    draw = random.Random(3)
    yield from ((1371, 30.0, 39.0, 45.7), (250, 25.0, 0.0, 10.0), (250, 25.0, None, 4.0), (250, 25.0, 4.0, None),
                (250, 25.0, 9.96, 9.99), (250, 25.0, 9.5, 10.7), (100, 29.97002997002997, 1.001, 2.002), (250, 25.0, 2.01, 2.03))
    for _ in range(120):
        total, fps = draw.randrange(20, 4000), draw.choice([6.0, 8.0, 23.976023976023978, 25.0, 29.97002997002997, 30.0, 60.0])
        seconds = total / fps
        start, end = sorted(round(draw.uniform(0, seconds), draw.choice([0, 1, 3, 15])) for _ in range(2))
        if start < end:
            yield total, fps, start, end


if __name__ == "__main__":
    with open(sys.argv[1], "w") as out:
        print(json.dumps({"qwen-vl-utils": version("qwen-vl-utils"), "torch": version("torch")}), file=out)
        for total, fps, start, end in clips():
            print(json.dumps(dict(total=total, fps=fps, start=start, end=end, reads=read(total, fps, start, end))), file=out)
