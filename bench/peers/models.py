"""Random checkpoints of Qwen3-VL's kind for the comparison: models.py FOLDER NAME..."""

import sys

import torch
from transformers import Qwen3VLConfig, Qwen3VLForConditionalGeneration

# vocabulary, hidden size, inner size, layers, heads, key-value heads, size of a head
SHAPES = {
    "tiny": (461, 128, 320, 4, 4, 2, 32),
    "30m": (32_000, 512, 1280, 6, 8, 2, 64),
    "100m": (32_000, 768, 2048, 12, 12, 4, 64),
    "30m-152k": (151_936, 512, 1280, 6, 8, 2, 64),
    "0.5b": (151_936, 896, 4864, 24, 14, 2, 64),
    "30m-vision": (32_000, 512, 1280, 6, 8, 2, 64),
}

# layers, hidden size, inner size, heads and DeepStack taps of vision towers that are more than a stub
TOWERS = {"30m-vision": (6, 384, 1536, 6, [1, 3, 5])}


def make(folder, name):
    """Writes the checkpoint. A tower that no row needs is as small as can be."""
    vocabulary, hidden, inner, layers, heads, shared, size = SHAPES[name]
    sections = [size // 2 - 2 * (5 * size // 32), 5 * size // 32, 5 * size // 32]
    text = {"vocab_size": vocabulary, "hidden_size": hidden, "intermediate_size": inner, "num_hidden_layers": layers,
            "num_attention_heads": heads, "num_key_value_heads": shared, "head_dim": size,
            "max_position_embeddings": 32_768, "tie_word_embeddings": True, "rope_theta": 1e6,
            "rope_scaling": {"rope_type": "default", "mrope_interleaved": True, "mrope_section": sections}}
    depth, width, between, tower_heads, taps = TOWERS.get(name, (1, 16, 32, 1, [0]))
    vision = {"depth": depth, "hidden_size": width, "intermediate_size": between, "num_heads": tower_heads,
              "patch_size": 16, "spatial_merge_size": 2, "temporal_patch_size": 2, "out_hidden_size": hidden,
              "num_position_embeddings": 256 if name in TOWERS else 16, "deepstack_visual_indexes": taps}
    ids = dict(zip(("vision_start_token_id", "vision_end_token_id", "image_token_id", "video_token_id"),
                   range(vocabulary - 4, vocabulary)))
    torch.manual_seed(0)
    config = Qwen3VLConfig(text_config=text, vision_config=vision, tie_word_embeddings=True, **ids)
    model = Qwen3VLForConditionalGeneration(config)
    with torch.no_grad():
        for parameter in model.model.language_model.parameters():
            if parameter.dim() == 2:
                parameter.normal_(0, 0.05 if parameter.shape[0] == vocabulary else parameter.shape[1] ** -0.5)
        if name in TOWERS:
            for parameter in model.model.visual.parameters():
                if parameter.dim() > 1:
                    parameter.normal_(0, parameter[0].numel() ** -0.5)
    model.save_pretrained(folder)


if __name__ == "__main__":
    for each in sys.argv[2:]:
        make(f"{sys.argv[1]}/{each}", each)
