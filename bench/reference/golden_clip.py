"""Golden values of whole videos: a synthetic clip decoded and preprocessed by both programs, and the prompts about it."""

import fractions
import pathlib

import av
import numpy as np
import torch
from transformers import (PreTrainedTokenizerFast, Qwen2_5_VLProcessor, Qwen2VLImageProcessor, Qwen3VLProcessor)
from transformers.video_utils import VideoMetadata

import families
from golden_processing import fetch, processor_of

TOKENIZER = pathlib.Path(__file__).parents[2] / "models/small/tokenizer.json"
FRAMES, HEIGHT, WIDTH, RATE = 47, 94, 130, fractions.Fraction(25, 2)

# Pixel budgets small enough for the fixture; names as our options have them.
SETTINGS = {
    "qwen25vl.hf": (families.QWEN25, "hf", {"min_pixels": 784, "max_pixels": 8000}),
    "qwen25vl.utils": (families.QWEN25, "utils", {"min_pixels": 784, "total_pixels": 28000}),
    "qwen3vl.hf": (families.QWEN3, "hf", {"min_pixels": 4096, "max_pixels": 80000}),
    "qwen3vl.utils": (families.QWEN3, "utils", {"min_pixels": 1024, "total_pixels": 30000}),
    # Without do_resize=False the processor resizes again what qwen-vl-utils gave it.
    "qwen3vl.utils+hf": (families.QWEN3, "utils+hf", {"min_pixels": 1024, "total_pixels": 60000}),
}
# Qwen3-VL's published checkpoints state theirs; the class's own defaults are a frame's.
DEFAULT_SIZE = {"qwen25vl": (128 * 28 * 28, 768 * 28 * 28), "qwen3vl": (4096, 25165824)}
PROCESSOR_SIZE = dict(shortest_edge=4096, longest_edge=50000)  # of that second resize

# The published templates as far as a user's turn with a video and text goes.
SYSTEM = ("{% if loop.first and message['role'] != 'system' %}<|im_start|>system\nYou are a helpful assistant.<|im_end|>\n"
          "{% endif %}")
TEMPLATE = ("{% for message in messages %}SYSTEM<|im_start|>{{ message['role'] }}\n{% if message['content'] is string %}"
            "{{ message['content'] }}{% else %}{% for content in message['content'] %}{% if content['type'] == 'video' %}"
            "<|vision_start|><|video_pad|><|vision_end|>{% elif 'text' in content %}{{ content['text'] }}{% endif %}"
            "{% endfor %}{% endif %}<|im_end|>\n{% endfor %}{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}")
BEFORE, AFTER = "Query: the red square moves right\n", "When? Answer: start to end"


def write_clip(path):
    """Smooth colours that move, so that decoders and their chroma filters can differ by little."""
    y, x = np.meshgrid(np.arange(HEIGHT) / HEIGHT, np.arange(WIDTH) / WIDTH, indexing="ij")
    with av.open(str(path), "w", options={"fflags": "+bitexact"}) as container:
        stream = container.add_stream("libx264", rate=RATE, options={"crf": "16", "preset": "medium", "threads": "1",
                                                                    "flags": "+bitexact", "bf": "0", "g": "12"})
        stream.width, stream.height, stream.pix_fmt = WIDTH, HEIGHT, "yuv420p"
        for t in range(FRAMES):
            phase = 2 * np.pi * t / FRAMES
            planes = [0.5 + 0.4 * np.sin(4 * x + 2 * y + phase), 0.5 + 0.4 * np.cos(3 * y - phase),
                      0.3 + 0.3 * x + 0.2 * np.sin(phase)]
            image = np.round(255 * np.clip(np.stack(planes, -1), 0, 1)).astype(np.uint8)
            for packet in stream.encode(av.VideoFrame.from_ndarray(image, format="rgb24")):
                container.mux(packet)
        for packet in stream.encode():
            container.mux(packet)


def decode(path):
    """Every frame [total, 3, h, w], and the frames per second."""
    with av.open(str(path)) as container:
        fps = float(container.streams.video[0].average_rate)
        frames = np.stack([frame.to_ndarray(format="rgb24") for frame in container.decode(video=0)])
    return torch.from_numpy(frames).permute(0, 3, 1, 2).contiguous(), fps


def processed(family, program, options, frames, fps):
    """(grey levels of the patches, grid, metadata) as the model would get them."""
    if program == "hf":
        low, high = (options["min_pixels"], options["max_pixels"]) if options else DEFAULT_SIZE[family.folder]
        processor = processor_of(family, size=dict(shortest_edge=low, longest_edge=high))
        metadata = VideoMetadata(total_num_frames=len(frames), fps=fps, duration=len(frames) / fps)
        out = processor(videos=[frames], video_metadata=[metadata], do_sample_frames=True, fps=2, return_metadata=True,
                        return_tensors="pt")
        metadata = out["video_metadata"][0]
    else:
        patch = 16 if family.with_timestamps else 14
        video, kept, _ = fetch(frames, fps, patch, options)
        again = dict(size=PROCESSOR_SIZE) if program == "utils+hf" else dict(do_resize=False)
        processor = processor_of(family, do_sample_frames=False, **again)
        metadata = VideoMetadata(**{key: kept[key] for key in ("fps", "frames_indices", "total_num_frames")})
        out = processor(videos=[video], video_metadata=[metadata], return_tensors="pt")
    values, p = out["pixel_values_videos"], processor.patch_size
    shape = (-1, 3, processor.temporal_patch_size * p * p)
    mean, std = torch.tensor(processor.image_mean)[:, None], torch.tensor(processor.image_std)[:, None]
    levels = ((values.view(shape) * std + mean) * 255).round().clamp(0, 255).to(torch.uint8).view(len(values), -1)
    return levels, out["video_grid_thw"][0].tolist(), metadata


def described(program, options, grid, metadata):
    indices = [int(i) for i in metadata.frames_indices]
    return dict(preprocessing=program, options=options, indices=indices, grid=grid, secondPerGrid=2 / metadata.sampled_fps)


def clip(output):
    """(tensors, description): the clip itself is written to `output`."""
    path = output / "clip.mp4"
    write_clip(path)
    frames, fps = decode(path)
    tensors, videos = {}, {}
    for name, (family, program, options) in SETTINGS.items():
        levels, grid, metadata = processed(family, program, options, frames, fps)
        tensors[f"{name}.levels"] = levels
        videos[name] = described(program, options, grid, metadata) | {"prompts": prompts(family, grid, metadata)}
        _, videos[name]["defaultGrid"], _ = processed(family, program, {}, frames, fps)
    return tensors, {"processorSize": PROCESSOR_SIZE, "frames": len(frames), "height": HEIGHT, "width": WIDTH, "fps": fps, "before": BEFORE, "after": AFTER,
                     "videos": videos}


def prompts(family, grid, metadata):
    """Token ids that transformers' processor makes of a turn with the video, and of one without."""
    tokenizer = PreTrainedTokenizerFast(tokenizer_file=str(TOKENIZER))
    kind = Qwen3VLProcessor if family.with_timestamps else Qwen2_5_VLProcessor
    template = TEMPLATE.replace("SYSTEM", "" if family.with_timestamps else SYSTEM)
    processor = kind(image_processor=Qwen2VLImageProcessor(), tokenizer=tokenizer, video_processor=processor_of(family),
                     chat_template=template)
    inputs = {"video_grid_thw": torch.tensor([grid]), "video_metadata": [metadata]}
    text = processor.apply_chat_template([{"role": "user", "content": [
        {"type": "text", "text": BEFORE}, {"type": "video"}, {"type": "text", "text": AFTER}]}], add_generation_prompt=True)
    filled = text.replace(processor.video_token, processor.replace_video_token(inputs, 0))
    plain = processor.apply_chat_template([{"role": "user", "content": BEFORE + AFTER}], add_generation_prompt=True)
    return {"video": tokenizer(filled)["input_ids"], "text": tokenizer(plain)["input_ids"]}


def real(folder):
    """Statistics of real files under the default settings, never their pixels."""
    rows = {}
    for path in sorted(folder.iterdir()):
        try:
            frames, fps = decode(path)
        except (av.error.FFmpegError, ValueError):
            continue
        for name, (family, program, _) in SETTINGS.items():
            if program == "utils+hf":
                continue
            levels, grid, metadata = processed(family, program, {}, frames, fps)
            patches = levels.view(grid[0], -1, 3, levels.shape[1] // 3).float()
            row = described(program, {}, grid, metadata)
            row["channelMeans"] = [[round(float(v), 3) for v in patches[t].mean((0, 2))] for t in (0, (grid[0] - 1) // 2, grid[0] - 1)]
            rows.setdefault(path.name, {})[name] = row
    return {"videos": rows}
