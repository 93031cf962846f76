"""The peer's side of the comparison: worker.py MODEL answers the requests that PeerWorker.java answers.

A request's "pattern" says how the peer trains: "trl" repeats the prompt for every reply and runs the head on the reply
only, "full" also repeats the prompt and runs the head over everything.
"""

import json
import sys
import time

import torch
from transformers import GenerationConfig, Qwen3VLForConditionalGeneration, Qwen3VLVideoProcessor
from transformers.video_utils import VideoMetadata

torch.set_num_threads(1)


class Worker:
    def __init__(self, folder):
        self.model = Qwen3VLForConditionalGeneration.from_pretrained(
            folder, dtype=torch.float32, attn_implementation="sdpa")
        self.vocabulary = self.model.config.text_config.vocab_size - 4  # those of vision come last
        self.model.requires_grad_(False)
        self.processor = None

    def answer(self, request):
        self.model.requires_grad_(bool(request.get("gradients")))
        if request.get("vision") != "trained":
            self.model.model.visual.requires_grad_(False)
        self.model.train(bool(request.get("recompute")))
        if request.get("recompute"):
            self.model.gradient_checkpointing_enable({"use_reentrant": False})
        else:
            self.model.gradient_checkpointing_disable()
        with open("/proc/self/clear_refs", "w") as file:
            file.write("5")
        cpu, wall = time.process_time(), time.perf_counter()
        values = getattr(self, request["what"])(**request)
        wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
        self.model.zero_grad()
        return {"wall": wall, "cpu": cpu, "peak": peak(), "values": values}

    def prompt(self, length):
        return [(7 * i + 3) % self.vocabulary for i in range(length)]

    def row(self, prompt, reply, group):
        return torch.tensor([prompt + [(11 * i + 13 * g + 5) % self.vocabulary for i in range(reply)]
                             for g in range(group)])

    def video_prompt(self, grids, side):
        """The tokens of a video: in each grid one of text, vision_start, those of the grid, vision_end."""
        config = self.model.config
        merged = side // config.vision_config.spatial_merge_size
        return [token for grid in range(grids) for token in
                [grid, config.vision_start_token_id] + [config.video_token_id] * merged**2
                + [config.vision_end_token_id]]

    def video_inputs(self, ids, grids, side):
        """What the model takes beside the ids; every row has the video, as in a batch of a trainer."""
        columns = 3 * 2 * self.model.config.vision_config.patch_size**2
        patches = (torch.arange(grids * side**2 * columns, dtype=torch.float32) % 251 / 125 - 1).view(-1, columns)
        return {"pixel_values_videos": patches.repeat(len(ids), 1),
                "video_grid_thw": torch.tensor([[grids, side, side]] * len(ids)),
                "mm_token_type_ids": (ids == self.model.config.video_token_id).int() * 2}

    def log_probs(self, ids, reply, pattern, **inputs):
        kept = {"logits_to_keep": reply + 1} if pattern == "trl" else {}
        logits = self.model(ids, use_cache=False, **kept, **inputs).logits[:, -reply - 1:-1]
        return torch.stack([row.log_softmax(-1).gather(1, wanted.unsqueeze(1)).squeeze(1)
                            for row, wanted in zip(logits, ids[:, -reply:])])

    def step(self, prompt, reply, group=1, pattern="trl", grids=0, side=0, **_):
        ids = self.row(self.video_prompt(grids, side) + self.prompt(prompt), reply, group)
        inputs = self.video_inputs(ids, grids, side) if grids else {}
        each = self.log_probs(ids, reply, pattern, **inputs)
        each.mean().neg().backward()
        norms = [p.grad.norm().item() for p in self.model.parameters() if p.grad is not None]
        return [each.sum().item(), sum(n * n for n in norms) ** 0.5]

    @torch.no_grad()
    def video(self, file, reader, **_):
        """From a file to the patches of the vision tower, by one of the readers below."""
        if self.processor is None:
            self.processor = Qwen3VLVideoProcessor()
        frames = READERS[reader](file, lambda count, rate: self.processor.sample_frames(
            VideoMetadata(total_num_frames=count, fps=rate)))
        patches = self.processor(videos=[frames], do_sample_frames=False, return_tensors="pt")["pixel_values_videos"]
        return [len(patches), patches.mean().item(), patches.square().mean().item()]

    @torch.no_grad()
    def forward(self, prompt, reply, **_):
        return [self.log_probs(self.row(self.prompt(prompt), reply, 1), reply, "trl").sum().item()]

    @torch.no_grad()
    def prefill(self, prompt, **_):
        return [self.model(torch.tensor([self.prompt(prompt)]), use_cache=True, logits_to_keep=1).logits.max().item()]

    @torch.no_grad()
    def generate(self, prompt, reply, group=1, temperature=0.0, **_):
        drawn = {"temperature": temperature, "top_k": 0, "top_p": 1.0} if temperature else {}
        config = GenerationConfig(max_new_tokens=reply, min_new_tokens=reply, num_return_sequences=group,
                                  eos_token_id=None, pad_token_id=0, do_sample=temperature > 0, **drawn)
        ids = torch.tensor([self.prompt(prompt)])
        # Without a mask, generate takes ids that equal the padding's for padding.
        ids = self.model.generate(ids, attention_mask=torch.ones_like(ids), generation_config=config)
        return [] if temperature else ids[0, prompt:].tolist()


def with_torchcodec(file, choose):
    from torchcodec.decoders import VideoDecoder
    decoder = VideoDecoder(file, num_ffmpeg_threads=1)
    return decoder.get_frames_at(choose(decoder.metadata.num_frames, decoder.metadata.average_fps).tolist()).data


def with_decord(file, choose):
    import decord
    reader = decord.VideoReader(file, num_threads=1)
    frames = reader.get_batch(choose(len(reader), reader.get_avg_fps()).tolist()).asnumpy()
    return torch.from_numpy(frames).permute(0, 3, 1, 2)


def with_pyav(file, choose):
    import av
    with av.open(file) as container:
        stream = container.streams.video[0]
        stream.codec_context.thread_count = 1
        chosen = choose(stream.frames, float(stream.average_rate)).tolist()
        wanted = set(chosen)
        found = {i: torch.from_numpy(frame.to_ndarray(format="rgb24"))
                 for i, frame in enumerate(container.decode(stream)) if i in wanted}
    return torch.stack([found[i] for i in chosen]).permute(0, 3, 1, 2)


READERS = {"torchcodec": with_torchcodec, "decord": with_decord, "PyAV": with_pyav}


def peak():
    with open("/proc/self/status") as file:
        return next(int(line.split()[1]) * 1024 for line in file if line.startswith("VmHWM:"))


if __name__ == "__main__":
    worker = Worker(sys.argv[1])
    for line in sys.stdin:
        print(json.dumps(worker.answer(json.loads(line))), flush=True)
