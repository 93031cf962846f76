"""Golden values of Qwen3-VL's video processor: sampled frame indices, timestamps, resized sizes and patches."""

import numpy as np
import torch
from transformers.models.qwen3_vl.processing_qwen3_vl import Qwen3VLProcessor
from transformers.models.qwen3_vl.video_processing_qwen3_vl import Qwen3VLVideoProcessor, smart_resize
from transformers.video_utils import VideoMetadata

# (total frames, frames per second): short clips, odd counts, halves of a linspace, NTSC rates and the limit of 768.
CLIPS = [(1, 30.0), (2, 30.0), (3, 25.0), (4, 24.0), (5, 2.0), (16, 2.0), (31, 4.0), (60, 30.0), (75, 30.0), (90, 25.0),
         (100, 24.0), (101, 10.0), (121, 8.0), (149, 29.97002997002997), (300, 30.0), (725, 23.976023976023978),
         (901, 12.5), (1000, 59.94005994005994), (15000, 30.0)]

# Settings of the two preprocessed videos; `size` is the pixel budget t*h*w of the whole clip.
VIDEOS = {
    "odd": dict(frames=7, height=40, width=44, patch_size=8, merge_size=2, temporal_patch_size=2,
                size=dict(shortest_edge=1024, longest_edge=1048576)),
    "downscaled": dict(frames=6, height=60, width=44, patch_size=8, merge_size=2, temporal_patch_size=2,
                       size=dict(shortest_edge=1024, longest_edge=10000)),
}

# (frames, height, width, patch * merge, smallest and largest t*h*w)
SIZES = [(7, 40, 44, 16, 1024, 1048576), (6, 60, 44, 16, 1024, 10000), (5, 240, 320, 32, 4096, 25165824),
         (768, 1080, 1920, 32, 4096, 25165824), (61, 480, 270, 32, 4096, 25165824), (2, 20, 90, 32, 4096, 25165824),
         (4, 33, 31, 32, 65536, 25165824), (9, 720, 1280, 32, 131072, 786432), (3, 112, 208, 32, 4096, 30000),
         (240, 48, 80, 32, 4096, 25165824), (768, 64, 6400, 32, 4096, 786432)]


def made_frames(frames, height, width):
    """Frames [t, 3, h, w] of bytes: gradients that move, a bright square and a disc, with sharp edges."""
    t, y, x = np.meshgrid(np.arange(frames), np.arange(height), np.arange(width), indexing="ij")
    red = (5 * x + 3 * y + 11 * t) % 256
    green = (255 * y) // (height - 1)
    blue = (255 * x) // (width - 1)
    square = (abs(x - 8 - 4 * t) < 5) & (abs(y - height // 2) < 7)
    disc = (x - width // 2) ** 2 + (y - 6 - 3 * t) ** 2 < 60
    planes = [np.where(square, 250, np.where(disc, level, plane)) for plane, level in zip((red, green, blue), (0, 30, 200))]
    return torch.from_numpy(np.stack(planes, axis=1).astype(np.uint8))


def preprocessing():
    """(tensors, description) of the two videos and of the table of sizes."""
    tensors, described = {}, {}
    for name, setting in VIDEOS.items():
        options = {key: value for key, value in setting.items() if key not in ("frames", "height", "width")}
        frames = made_frames(setting["frames"], setting["height"], setting["width"])
        processor = Qwen3VLVideoProcessor(cap_pixels_per_frame=False, do_sample_frames=False, **options)
        out = processor(videos=[frames], return_tensors="pt")
        tensors |= {f"{name}.frames": frames, f"{name}.pixel_values_videos": out["pixel_values_videos"],
                    f"{name}.video_grid_thw": out["video_grid_thw"]}
        described[name] = setting | {"imageMean": list(processor.image_mean), "imageStd": list(processor.image_std)}
    sizes = [dict(frames=t, height=h, width=w, factor=factor, minPixels=low, maxPixels=high,
                  resized=list(smart_resize(t, h, w, 2, factor, low, high))) for t, h, w, factor, low, high in SIZES]
    return tensors, {"torchCpuCapability": torch.backends.cpu.get_cpu_capability(), "videos": described, "sizes": sizes}


def sampling():
    """Indices, the time of each pair of frames in seconds, and the text that stands before its grid."""
    processor, clips = Qwen3VLVideoProcessor(), []
    for total, fps in CLIPS:
        indices = processor.sample_frames(VideoMetadata(total_num_frames=total, fps=fps))
        # The method uses nothing of its processor, which would need a tokenizer.
        times = Qwen3VLProcessor._calculate_timestamps(None, indices, fps, processor.temporal_patch_size)
        clips.append(dict(totalFrames=total, fps=fps, indices=indices.tolist(), timestamps=times,
                          texts=[f"<{time:.1f} seconds>" for time in times]))
    return {"samplingFps": processor.fps, "minFrames": processor.min_frames, "maxFrames": processor.max_frames,
            "clips": clips}
