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
}


def make(folder, name):
    """Writes the checkpoint; no vision features are needed, so the tower is as small as can be."""
    vocabulary, hidden, inner, layers, heads, shared, size = SHAPES[name]
    sections = [size // 2 - 2 * (5 * size // 32), 5 * size // 32, 5 * size // 32]
    text = {"vocab_size": vocabulary, "hidden_size": hidden, "intermediate_size": inner, "num_hidden_layers": layers,
            "num_attention_heads": heads, "num_key_value_heads": shared, "head_dim": size,
            "max_position_embeddings": 32_768, "tie_word_embeddings": True, "rope_theta": 1e6,
            "rope_scaling": {"rope_type": "default", "mrope_interleaved": True, "mrope_section": sections}}
    vision = {"depth": 1, "hidden_size": 16, "intermediate_size": 32, "num_heads": 1, "patch_size": 16,
              "spatial_merge_size": 2, "temporal_patch_size": 2, "out_hidden_size": hidden,
              "num_position_embeddings": 16, "deepstack_visual_indexes": [0]}
    ids = dict(zip(("vision_start_token_id", "vision_end_token_id", "image_token_id", "video_token_id"),
                   range(vocabulary - 4, vocabulary)))
    torch.manual_seed(0)
    config = Qwen3VLConfig(text_config=text, vision_config=vision, tie_word_embeddings=True, **ids)
    model = Qwen3VLForConditionalGeneration(config)
    with torch.no_grad():
        for parameter in model.model.language_model.parameters():
            if parameter.dim() == 2:
                parameter.normal_(0, 0.05 if parameter.shape[0] == vocabulary else parameter.shape[1] ** -0.5)
    model.save_pretrained(folder)


if __name__ == "__main__":
    for each in sys.argv[2:]:
        make(f"{sys.argv[1]}/{each}", each)
