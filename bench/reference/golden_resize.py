"""Writes the golden values of the module video: sampling, sizes and bicubic resizing as the pinned references compute them.

Run with transformers 5.18, torch 2.10 and torchvision 0.25 (CPU):
    python bench/reference/golden_resize.py video/src/test/resources/org/videotg/video/golden_video.jsonl
Pictures are noise of the generator below, so that only results need to be stored.
"""
import base64
import json
import sys

import numpy as np
import torch
from torchvision.transforms import InterpolationMode
from torchvision.transforms import functional as float_path
from torchvision.transforms.v2 import functional as uint8_path
from transformers.models.qwen3_vl.video_processing_qwen3_vl import Qwen3VLVideoProcessor, smart_resize
from transformers.video_utils import VideoMetadata

RESIZES = [(13, 20, 32, 48), (40, 60, 16, 24), (32, 32, 48, 16), (20, 30, 20, 45), (97, 61, 24, 40), (31, 17, 8, 17)]
CLIPS = [(930, 30.0), (335, 10000 / 1049), (243, 25.0), (270, 359 / 12), (150, 30.0), (491, 3.0), (3, 30.0), (1, 8.0),
         (4, 1.0), (64, 8.0), (65, 8.0), (100000, 29.97), (7777, 23.976), (50, 60.0)]
SIZES = [(62, 270, 480), (70, 360, 640), (19, 360, 640), (16, 64, 64), (768, 720, 1280), (5, 1080, 1920), (3, 20, 37),
         (2, 16, 16), (4, 48, 80), (327, 224, 398), (10, 224, 224), (7, 2160, 3840), (2, 33, 3000)]
# The last two differ without a fused multiply-add.
LINSPACES = [(930, 62), (335, 66), (491, 326), (4001, 768), (59999, 384), (51, 6), (65, 16), (54887, 188), (46937, 208)]
BUDGETS = [(4096, 25165824), (128 * 32 * 32, 768 * 32 * 32), (4096, 262144)]


def noise(height, width):
    """x' = (1103515245 x + 12345) mod 2^31, bytes are bits 16 to 23; rows of RGB from the top."""
    x, values = height * 1000 + width, []
    for _ in range(height * width * 3):
        x = (1103515245 * x + 12345) & 0x7FFFFFFF
        values.append(x >> 16 & 255)
    return np.array(values, dtype=np.uint8).reshape(height, width, 3)


def rows():
    for height, width, to_height, to_width in RESIZES:
        image = torch.from_numpy(noise(height, width)).permute(2, 0, 1).contiguous()
        for rounding, resize in (("EACH_AXIS", uint8_path.resize), ("ONCE", float_path.resize)):
            out = resize(image, [to_height, to_width], interpolation=InterpolationMode.BICUBIC, antialias=True)
            rgb = out.permute(1, 2, 0).contiguous().numpy().tobytes()
            yield {"kind": "resize", "rounding": rounding, "from": [height, width], "to": [to_height, to_width],
                   "rgb": base64.b64encode(rgb).decode()}
    processor = Qwen3VLVideoProcessor()
    for total, fps in CLIPS:
        for target in (2.0, 1.0, 0.5):
            metadata = VideoMetadata(total_num_frames=total, fps=fps)
            indices = processor.sample_frames(metadata, fps=target)
            yield {"kind": "sample", "total": total, "videoFps": fps, "fps": target, "indices": indices.tolist()}
    for total, count in LINSPACES:
        yield {"kind": "linspace32", "total": total, "indices": torch.linspace(0, total - 1, count).round().long().tolist()}
    for frames, height, width in SIZES:
        for least, most in BUDGETS:
            size = smart_resize(frames, height, width, temporal_factor=2, factor=32, min_pixels=least, max_pixels=most)
            yield {"kind": "size", "frames": frames, "from": [height, width], "min": least, "max": most, "to": list(size)}


if __name__ == "__main__":
    with open(sys.argv[1], "w") as file:
        for row in rows():
            file.write(json.dumps(row) + "\n")
