"""What differs between the families: their transformers classes, random checkpoints, prompts and positions."""

import dataclasses
import random

import torch
from transformers import (Qwen2_5_VLConfig, Qwen2_5_VLForConditionalGeneration, Qwen3VLConfig,
                          Qwen3VLForConditionalGeneration)

from reference import rope_index_3, rope_index_25


@dataclasses.dataclass(frozen=True)
class Family:
    folder: str
    config: type
    model: type
    checkpoints: dict

    @property
    def with_timestamps(self):
        """Whether time is text between the grids (Qwen3-VL), or in the positions of one run (Qwen2.5-VL)."""
        return self.config is Qwen3VLConfig

    def video_tokens(self, spec, name, text):
        """Ids of a video in a prompt; `text(n)` gives n ids of text."""
        t, h, w = spec["videos"][name]
        special = spec["special"]
        pads = [special["video_token_id"]] * (h * w // spec["vision"]["spatial_merge_size"] ** 2)
        pair = special["vision_start_token_id"], special["vision_end_token_id"]
        if not self.with_timestamps:
            return [pair[0], *pads * t, pair[1]]
        return sum(([*text(3 + i), pair[0], *pads, pair[1]] for i in range(t)), [])

    def positions(self, spec, ids, videos):
        """Qwen's own positions [3, L] of a prompt with these videos."""
        grids, merge = [spec["videos"][v] for v in videos], spec["vision"]["spatial_merge_size"]
        if self.with_timestamps:
            return rope_index_3(ids, grids, merge, spec["special"]["video_token_id"])
        return rope_index_25(ids, grids, merge, spec["special"]["video_token_id"],
                             [spec["secondsPerGrid"][v] for v in videos], spec["vision"]["tokens_per_second"])

    def own_inputs(self, spec, ids, videos):
        """What transformers needs to make positions of its own."""
        types = torch.tensor([[2 if i == spec["special"]["video_token_id"] else 0 for i in ids]])
        if not videos:
            return {"mm_token_type_ids": types}
        inputs = {"mm_token_type_ids": types, "video_grid_thw": torch.tensor([spec["videos"][v] for v in videos])}
        if not self.with_timestamps:
            inputs["second_per_grid_ts"] = [spec["secondsPerGrid"][v] for v in videos]
        return inputs

    def make_config(self, spec):
        ids = {"bos_token_id": None, "eos_token_id": spec["eos"][0]}
        return self.config(vision_config=spec["vision"], tie_word_embeddings=spec["tied"], **spec["special"],
                           text_config=spec["text"] | ids | {"tie_word_embeddings": spec["tied"]})


# No dimension of "a" is one of "b", and inside a checkpoint sizes that code could confuse differ. Windows of 3 and 2 merged units
# leave borders at the right, at the bottom and in the corner.
QWEN25 = Family("qwen25vl", Qwen2_5_VLConfig, Qwen2_5_VLForConditionalGeneration, {
    "a": {
        "saved_as": torch.float32,
        "steps": ["grpo"],
        "vision": dict(depth=4, hidden_size=24, num_heads=2, intermediate_size=44, patch_size=8, temporal_patch_size=2,
                       spatial_merge_size=2, window_size=48, fullatt_block_indexes=[1, 3], tokens_per_second=2,
                       out_hidden_size=56),
        "text": dict(hidden_size=56, num_hidden_layers=4, num_attention_heads=4, num_key_value_heads=2,
                     intermediate_size=68, vocab_size=320, rms_norm_eps=1e-6, max_position_embeddings=4096,
                     rope_parameters=dict(rope_type="default", rope_theta=1e6, mrope_section=[3, 2, 2])),
        "tied": True,
        "special": dict(vision_start_token_id=310, vision_end_token_id=311, image_token_id=313, video_token_id=314),
        "eos": [305, 303],
        "videos": {"v0": [3, 6, 8], "v1": [2, 8, 10]},
        "secondsPerGrid": {"v0": 1.0, "v1": 3.7},
    },
    "b": {
        "saved_as": torch.bfloat16,
        "steps": ["sft"],
        "vision": dict(depth=3, hidden_size=16, num_heads=4, intermediate_size=28, patch_size=10, temporal_patch_size=2,
                       spatial_merge_size=3, window_size=65, fullatt_block_indexes=[2], tokens_per_second=5,
                       out_hidden_size=60),
        "text": dict(hidden_size=60, num_hidden_layers=3, num_attention_heads=6, num_key_value_heads=3,
                     intermediate_size=50, vocab_size=290, rms_norm_eps=1e-5, max_position_embeddings=2048,
                     rope_parameters=dict(rope_type="default", rope_theta=1e5, mrope_section=[1, 3, 1])),
        "tied": False,
        "special": dict(vision_start_token_id=284, vision_end_token_id=286, image_token_id=281, video_token_id=288),
        "eos": [275, 272],
        "videos": {"v0": [3, 6, 9], "v1": [2, 9, 6]},
        "secondsPerGrid": {"v0": 0.7, "v1": 2.01},
    },
})

QWEN3 = Family("qwen3vl", Qwen3VLConfig, Qwen3VLForConditionalGeneration, {
    "a": {
        "saved_as": torch.float32,
        "steps": ["grpo"],
        "vision": dict(depth=3, hidden_size=24, num_heads=2, intermediate_size=40, patch_size=8, temporal_patch_size=2,
                       spatial_merge_size=2, num_position_embeddings=36, deepstack_visual_indexes=[0, 2],
                       out_hidden_size=32),
        "text": dict(hidden_size=32, num_hidden_layers=4, num_attention_heads=4, num_key_value_heads=2, head_dim=16,
                     intermediate_size=56, vocab_size=320, rms_norm_eps=1e-6, max_position_embeddings=4096,
                     rope_parameters=dict(rope_type="default", rope_theta=5e6, mrope_section=[4, 2, 2],
                                          mrope_interleaved=True)),
        "tied": True,
        "special": dict(vision_start_token_id=310, vision_end_token_id=311, image_token_id=313, video_token_id=314),
        "eos": [305, 303],
        "videos": {"v0": [3, 4, 8], "v1": [2, 6, 4]},
        "secondsPerGrid": {"v0": 1.0, "v1": 1.0},
    },
    "b": {
        "saved_as": torch.bfloat16,
        "steps": ["sft"],
        "vision": dict(depth=4, hidden_size=16, num_heads=4, intermediate_size=28, patch_size=16, temporal_patch_size=2,
                       spatial_merge_size=4, num_position_embeddings=16, deepstack_visual_indexes=[2],
                       out_hidden_size=36),
        "text": dict(hidden_size=36, num_hidden_layers=3, num_attention_heads=6, num_key_value_heads=3, head_dim=20,
                     intermediate_size=50, vocab_size=290, rms_norm_eps=1e-5, max_position_embeddings=2048,
                     rope_parameters=dict(rope_type="default", rope_theta=1e5, mrope_section=[4, 3, 3],
                                          mrope_interleaved=True)),
        "tied": False,
        "special": dict(vision_start_token_id=284, vision_end_token_id=286, image_token_id=281, video_token_id=288),
        "eos": [275, 272],
        "videos": {"v0": [2, 4, 8], "v1": [1, 8, 4]},
        "secondsPerGrid": {"v0": 1.0, "v1": 1.0},
    },
})

FAMILIES = [QWEN25, QWEN3]


def drawn(family, seed):
    """The same kind of checkpoint with other shapes, drawn with `seed`: every size that config.json can name."""
    draw = random.Random(f"{family.folder} {seed}")
    heads_kv, groups = draw.randint(1, 3), draw.choice([1, 2, 3, 4, 7])
    heads, head = heads_kv * groups, 2 * draw.randint(3, 12)
    depth, layers, merge, patch = draw.randint(1, 6), draw.randint(2, 6), draw.choice([1, 2, 2, 3, 4]), draw.randint(3, 16)
    vision_heads, vocabulary = draw.randint(1, 5), draw.randint(320, 420)
    vision = dict(depth=depth, hidden_size=4 * draw.randint(1, 5) * vision_heads, num_heads=vision_heads,
                  intermediate_size=draw.randint(11, 70), patch_size=patch, temporal_patch_size=draw.choice([1, 2, 2, 3]),
                  spatial_merge_size=merge)
    text = dict(num_hidden_layers=layers, num_attention_heads=heads, num_key_value_heads=heads_kv,
                intermediate_size=draw.randint(21, 90), vocab_size=vocabulary, rms_norm_eps=draw.choice([1e-5, 1e-6]),
                max_position_embeddings=4096)
    rope = dict(rope_type="default", rope_theta=draw.choice([500.0, 1e4, 1e6, 5e6, 1.5e7]))
    if family.with_timestamps:
        # Interleaved sections: height and width take at most a third of the frequencies each.
        height, width = draw.randint(1, head // 6), draw.randint(1, head // 6)
        rope |= dict(mrope_section=[head // 2 - height - width, height, width], mrope_interleaved=True)
        hidden = draw.randint(17, 70)
        text["head_dim"] = head
        vision |= dict(num_position_embeddings=draw.randint(1, 9) ** 2,
                       deepstack_visual_indexes=sorted(draw.sample(range(depth), draw.randint(0, min(depth, layers)))))
    else:
        first = draw.randint(1, head // 2 - 2)
        second = draw.randint(1, head // 2 - first - 1)
        rope["mrope_section"] = [first, second, head // 2 - first - second]
        hidden = heads * head
        # A window need not hold whole merged units.
        vision |= dict(window_size=patch * merge * draw.randint(1, 4) + draw.randrange(patch * merge),
                       tokens_per_second=draw.randint(1, 5),
                       fullatt_block_indexes=sorted(draw.sample(range(depth), draw.randint(0, depth))))

    def grid():
        return [draw.randint(1, 5), merge * draw.randint(1, 24 // merge // 2), merge * draw.randint(1, 24 // merge // 2)]

    ids = draw.sample(range(265, vocabulary), 6)
    names = ["vision_start_token_id", "vision_end_token_id", "image_token_id", "video_token_id"]
    return {"steps": ["sft", "grpo"], "saved_as": draw.choice([torch.float32, torch.bfloat16, torch.bfloat16, torch.float16]),
            "tied": draw.random() < 0.5, "eos": ids[4:],
            "vision": vision | {"out_hidden_size": hidden}, "text": text | {"hidden_size": hidden, "rope_parameters": rope},
            "special": dict(zip(names, ids)), "videos": {"v0": grid(), "v1": grid()},
            "secondsPerGrid": {"v0": draw.uniform(0.1, 4), "v1": draw.uniform(0.1, 4)}}


def tokenizer(spec):
    """tokenizer.json of single bytes, with the family's special tokens where the checkpoint has them."""
    names = {spec["special"][key]: f"<|{text}|>" for key, text in [
        ("vision_start_token_id", "vision_start"), ("vision_end_token_id", "vision_end"),
        ("image_token_id", "image_pad"), ("video_token_id", "video_pad")]}
    names |= {spec["eos"][0]: "<|im_end|>", spec["eos"][1]: "<|endoftext|>"}
    names[next(i for i in range(256, 320) if i not in names)] = "<|im_start|>"
    vocabulary, extra = {}, 256
    for byte in range(256):
        printable = 33 <= byte <= 126 or 161 <= byte <= 172 or byte >= 174
        vocabulary[chr(byte if printable else extra)] = byte
        extra += not printable
    added = [{"id": i, "content": names.get(i, f"<|unused{i}|>"), "single_word": False, "lstrip": False, "rstrip": False,
              "normalized": False, "special": True} for i in range(256, spec["text"]["vocab_size"])]
    vocabulary |= {token["content"]: token["id"] for token in added}
    steps = {"type": "ByteLevel", "add_prefix_space": False, "trim_offsets": False, "use_regex": False}
    return {"version": "1.0", "added_tokens": added, "pre_tokenizer": steps, "decoder": steps,
            "model": {"type": "BPE", "vocab": vocabulary, "merges": []}}
