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


class Frames:
    """The frames of a file, decoded when they are asked for: a long video does not fit in memory whole."""

    def __init__(self, path):
        self.path = path
        with av.open(str(path)) as container:
            self.fps = float(container.streams.video[0].average_rate)
            self.count = sum(1 for _ in container.decode(video=0))

    def __len__(self):
        return self.count

    def __getitem__(self, indices):
        """Frames [len(indices), 3, h, w] of bytes."""
        wanted, found = set(map(int, indices)), {}
        with av.open(str(self.path)) as container:
            for index, frame in enumerate(container.decode(video=0)):
                if index in wanted:
                    found[index] = torch.from_numpy(frame.to_ndarray(format="rgb24")).permute(2, 0, 1)
        return torch.stack([found[int(index)] for index in indices])


def processed(family, program, options, frames):
    """(values of the patches, grid, metadata, processor) as the model would get them."""
    metadata = VideoMetadata(total_num_frames=len(frames), fps=frames.fps, duration=len(frames) / frames.fps)
    if program == "hf":
        low, high = (options["min_pixels"], options["max_pixels"]) if options else DEFAULT_SIZE[family.folder]
        processor = processor_of(family, size=dict(shortest_edge=low, longest_edge=high))
        metadata.frames_indices = processor.sample_frames(metadata, fps=2).tolist()
        out = processor(videos=[frames[metadata.frames_indices]], video_metadata=[metadata], do_sample_frames=False,
                        return_tensors="pt")
    else:
        patch = 16 if family.with_timestamps else 14
        video, kept, _ = fetch(frames, frames.fps, patch, options)
        again = dict(size=PROCESSOR_SIZE) if program == "utils+hf" else dict(do_resize=False)
        processor = processor_of(family, do_sample_frames=False, **again)
        metadata = VideoMetadata(**{key: kept[key] for key in ("fps", "frames_indices", "total_num_frames")})
        out = processor(videos=[video], video_metadata=[metadata], return_tensors="pt")
    return out["pixel_values_videos"], out["video_grid_thw"][0].tolist(), metadata, processor


def levels(values, processor):
    """Normalised patches [N, 3 * T * p * p] as grey levels [N, 3, T * p * p], not rounded."""
    mean, std = torch.tensor(processor.image_mean)[:, None], torch.tensor(processor.image_std)[:, None]
    return (values.view(len(values), 3, -1) * std + mean) * 255


def described(program, options, grid, metadata):
    indices = [int(i) for i in metadata.frames_indices]
    return dict(preprocessing=program, options=options, indices=indices, grid=grid, secondPerGrid=2 / metadata.sampled_fps)


def clip(output):
    """(tensors, description): the clip itself is written to `output`."""
    path = output / "clip.mp4"
    write_clip(path)
    frames, tensors, videos = Frames(path), {}, {}
    for name, (family, program, options) in SETTINGS.items():
        values, grid, metadata, processor = processed(family, program, options, frames)
        grey = levels(values, processor).flatten(1)
        tensors[f"{name}.levels"] = ((64 * grey).round().to(torch.int16) if program == "utils+hf"  # whose values are no bytes
                                     else grey.round().clamp(0, 255).to(torch.uint8))
        videos[name] = described(program, options, grid, metadata) | {"prompts": prompts(family, grid, metadata)}
        _, videos[name]["defaultGrid"], _, _ = processed(family, program, {}, frames)
    return tensors, {"processorSize": PROCESSOR_SIZE, "frames": len(frames), "height": HEIGHT, "width": WIDTH, "fps": frames.fps,
                     "before": BEFORE, "after": AFTER, "videos": videos}


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
