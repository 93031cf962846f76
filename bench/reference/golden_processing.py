"""Golden values of preprocessing without decoding, for both families and both programs: indices, times, sizes, patches."""

import warnings

import numpy as np
import torch
from qwen_vl_utils import vision_process
from transformers.models.qwen2_vl import video_processing_qwen2_vl
from transformers.models.qwen2_vl.video_processing_qwen2_vl import Qwen2VLVideoProcessor
from transformers.models.qwen3_vl import video_processing_qwen3_vl
from transformers.models.qwen3_vl.processing_qwen3_vl import Qwen3VLProcessor
from transformers.models.qwen3_vl.video_processing_qwen3_vl import Qwen3VLVideoProcessor
from transformers.video_utils import VideoMetadata

# (total frames, frames per second): short clips, odd counts, halves of a linspace, NTSC rates and the limit of 768.
CLIPS = [(1, 30.0), (2, 30.0), (3, 25.0), (4, 24.0), (5, 2.0), (16, 2.0), (31, 4.0), (60, 30.0), (75, 30.0), (90, 25.0),
         (100, 24.0), (101, 10.0), (121, 8.0), (149, 29.97002997002997), (300, 30.0), (725, 23.976023976023978),
         (901, 12.5), (1000, 59.94005994005994), (15000, 30.0)]

# Settings of the two preprocessed videos; `size` is the pixel budget, of the whole clip for Qwen3-VL, else of a frame.
VIDEOS = {
    "odd": dict(frames=7, height=40, width=44, patch_size=8, merge_size=2, temporal_patch_size=2,
                size=dict(shortest_edge=1024, longest_edge=1048576)),
    "downscaled": dict(frames=6, height=60, width=44, patch_size=8, merge_size=2, temporal_patch_size=2,
                       size=dict(shortest_edge=1024, longest_edge=10000)),
}
FRAME_SIZE = {"odd": dict(shortest_edge=256, longest_edge=1048576), "downscaled": dict(shortest_edge=256, longest_edge=1700)}

# (frames, height, width, patch * merge, smallest and largest budget)
SIZES = [(7, 40, 44, 16, 1024, 1048576), (6, 60, 44, 16, 1024, 10000), (5, 240, 320, 32, 4096, 25165824),
         (768, 1080, 1920, 32, 4096, 25165824), (61, 480, 270, 32, 4096, 25165824), (2, 20, 90, 32, 4096, 25165824),
         (4, 33, 31, 32, 65536, 25165824), (9, 720, 1280, 32, 131072, 786432), (3, 112, 208, 32, 4096, 30000),
         (240, 48, 80, 32, 4096, 25165824), (768, 64, 6400, 32, 4096, 786432), (20, 360, 640, 28, 100352, 602112),
         (60, 20, 500, 28, 12544, 602112), (400, 720, 1280, 28, 3136, 12845056), (16, 64, 64, 28, 100352, 602112)]

# (frames, height, width, patch, options of a video in qwen-vl-utils); the second to last is what VideoChat-R1 and Time-R1 use.
UTILS_SIZES = [(8, 64, 64, 14, {}), (60, 360, 640, 14, {}), (768, 720, 1280, 14, {}), (768, 1080, 1920, 16, {}),
               (301, 480, 270, 16, {}), (2, 90, 20, 14, {}), (100, 240, 320, 16, {"min_pixels": 4096, "max_pixels": 60000}),
               (64, 270, 480, 14, {"total_pixels": 3584 * 28 * 28, "min_pixels": 16 * 28 * 28}),
               (700, 270, 480, 14, {"total_pixels": 3584 * 28 * 28, "min_pixels": 16 * 28 * 28})]


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


def processor_of(family, **options):
    kind = Qwen3VLVideoProcessor if family.with_timestamps else Qwen2VLVideoProcessor
    return kind(cap_pixels_per_frame=False, **options)


def reader_of(frames, fps):
    """A reader for qwen-vl-utils that has the frames [total, 3, h, w] already; samples as its other readers do."""
    def read(element):
        total = len(frames)
        count = vision_process.smart_nframes(element, total_frames=total, video_fps=fps)
        indices = torch.linspace(0, total - 1, count).round().long().tolist()
        metadata = dict(fps=fps, frames_indices=indices, total_num_frames=total, video_backend="golden")
        return frames[indices], metadata, count / max(total, 1e-6) * fps
    return read


def fetch(frames, fps, patch_size, options):
    """qwen-vl-utils on these frames: (resized frames in float, metadata, sample_fps)."""
    vision_process.VIDEO_READER_BACKENDS["golden"] = reader_of(frames, fps)
    vision_process.get_video_reader_backend = lambda: "golden"
    (video, metadata), sample_fps = vision_process.fetch_video(
        {"video": "made"} | options, image_patch_size=patch_size, return_video_sample_fps=True, return_video_metadata=True)
    return video, metadata, sample_fps


def utils_size(frames, height, width, patch_size, options):
    """The size that qwen-vl-utils gives to sampled frames; nothing is resized."""
    resize = vision_process.transforms.functional.resize
    vision_process.transforms.functional.resize = lambda video, size, **_: torch.zeros(1).expand(len(video), 3, *size)
    vision_process.VIDEO_READER_BACKENDS["golden"] = lambda _: (torch.zeros(1).expand(frames, 3, height, width), {}, 2.0)
    vision_process.get_video_reader_backend = lambda: "golden"
    # The last step makes float32 of the whole video, which an expanded tensor keeps small.
    video = vision_process.fetch_video({"video": "made"} | options, image_patch_size=patch_size)
    vision_process.transforms.functional.resize = resize
    return list(video.shape[2:])


def preprocessing(family):
    """(tensors, description) of the two videos and of the tables of sizes."""
    tensors, described = {}, {}
    for name, setting in VIDEOS.items():
        options = {key: value for key, value in setting.items() if key not in ("frames", "height", "width")}
        if not family.with_timestamps:
            options["size"] = FRAME_SIZE[name]
        frames = made_frames(setting["frames"], setting["height"], setting["width"])
        processor = processor_of(family, do_sample_frames=False, **options)
        out = processor(videos=[frames], return_tensors="pt")
        tensors |= {f"{name}.pixel_values_videos": out["pixel_values_videos"], f"{name}.video_grid_thw": out["video_grid_thw"],
                    f"{name}.frames": frames}
        described[name] = setting | options | {"imageMean": list(processor.image_mean), "imageStd": list(processor.image_std)}
    sizes = []
    for t, h, w, factor, low, high in SIZES:
        if family.with_timestamps:
            size = video_processing_qwen3_vl.smart_resize(t, h, w, 2, factor, low, high)
        else:
            size = video_processing_qwen2_vl.smart_resize(h, w, factor, low, high)
        sizes.append(dict(frames=t, height=h, width=w, factor=factor, minPixels=low, maxPixels=high, resized=list(size)))
    patch = 16 if family.with_timestamps else 14
    utils = []
    for t, h, w, _, options in (row for row in UTILS_SIZES if row[3] == patch):
        utils.append(dict(frames=t, height=h, width=w, factor=2 * patch, options=options,
                          resized=utils_size(t, h, w, patch, options)))
    return tensors, {"torchCpuCapability": torch.backends.cpu.get_cpu_capability(), "videos": described, "sizes": sizes,
                     "utilsSizes": utils}


def sampling(family):
    """Indices by both programs, the seconds of each grid, and for Qwen3-VL the text that stands before it."""
    processor, clips = processor_of(family), []
    for total, fps in CLIPS:
        row = dict(totalFrames=total, fps=fps)
        metadata = VideoMetadata(total_num_frames=total, fps=fps)
        if family.with_timestamps:
            indices = processor.sample_frames(metadata)
            row["indices"] = indices.tolist()
            # The method uses nothing of its processor, which would need a tokenizer.
            times = Qwen3VLProcessor._calculate_timestamps(None, indices, fps, processor.temporal_patch_size)
            row |= dict(timestamps=times, texts=[f"<{time:.1f} seconds>" for time in times])
        elif total > 1:
            row["indices"] = processor.sample_frames(metadata, fps=2).tolist()
            metadata.frames_indices = row["indices"]
            row["secondPerGrid"] = processor.temporal_patch_size / metadata.sampled_fps
        if total > 1:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                frames = torch.zeros(total, 1, 1, 1, dtype=torch.uint8)
                _, metadata, sample_fps = reader_of(frames, fps)({})
            row |= dict(utilsIndices=metadata["frames_indices"], utilsSecondPerGrid=2 / sample_fps)
        clips.append(row)
    return {"samplingFps": 2, "minFrames": processor.min_frames, "maxFrames": processor.max_frames, "clips": clips}
