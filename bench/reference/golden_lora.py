"""Golden values of LoRA from PEFT: two tiny random checkpoints with adapters on them: python golden_lora.py [OUTPUT_FOLDER]

Writes models/src/test/resources/golden/lora: FAMILY/checkpoint, FAMILY/ADAPTER as `save_pretrained` of PEFT writes it, and
FAMILY/values.safetensors with `input_ids` [L], `position_ids` [3, L], `pixel_values_videos` of one video, and the logits [L, V]
of the base model (`base`), under each adapter, and under the adapter on the vision tower when it is merged (`vision.merged`). Float32, CPU, eager attention.
"""

import json
import pathlib
import sys

import torch
import transformers
from peft import LoraConfig, PeftModel, get_peft_model
from safetensors.torch import save_file

from reference import forward, make_deterministic, rope_index_3, rope_index_25

DEFAULT_OUTPUT = pathlib.Path(__file__).parents[2] / "models/src/test/resources/golden/lora"
GRID = [2, 4, 8]  # two temporal grids of 4 x 8 patches, merged 2 x 2
VIDEO, START, END = 60, 61, 62
TEXT = dict(hidden_size=24, num_hidden_layers=2, num_attention_heads=2, num_key_value_heads=1, intermediate_size=40, vocab_size=64,
            rms_norm_eps=1e-6, max_position_embeddings=256)
SPECIAL = dict(vision_start_token_id=START, vision_end_token_id=END, image_token_id=59, video_token_id=VIDEO)
FAMILIES = {
    "qwen3": (transformers.Qwen3VLConfig, dict(
        vision_config=dict(depth=2, hidden_size=16, num_heads=2, intermediate_size=28, patch_size=4, temporal_patch_size=2,
                           spatial_merge_size=2, num_position_embeddings=16, deepstack_visual_indexes=[0], out_hidden_size=24),
        text_config=TEXT | dict(head_dim=16, rope_parameters=dict(rope_type="default", rope_theta=1e4, mrope_section=[4, 2, 2],
                                                                  mrope_interleaved=True)))),
    "qwen2_5": (transformers.Qwen2_5_VLConfig, dict(
        vision_config=dict(depth=2, hidden_size=16, num_heads=2, intermediate_size=28, patch_size=4, temporal_patch_size=2,
                           spatial_merge_size=2, window_size=16, fullatt_block_indexes=[1], out_hidden_size=24, tokens_per_second=2),
        text_config=TEXT | dict(rope_parameters=dict(rope_type="default", rope_theta=1e4, mrope_section=[2, 2, 2])))),
}
ADAPTERS = {
    "names": dict(r=2, lora_alpha=3, target_modules=["q_proj", "v_proj"]),
    "expression": dict(r=3, lora_alpha=5, use_rslora=True, exclude_modules=["layers.0.mlp.up_proj"], target_modules=(
        r"model\.(visual\.blocks\.\d+\.(attn\.qkv|mlp\.\w+_(proj|fc\d))|language_model\.layers\.\d+\.(self_attn\.o_proj|mlp\.\w+_proj))")),
    "vision": dict(r=4, lora_alpha=6, target_modules=(
        r"model\.visual\.(blocks\.\d+\.(attn\.(qkv|proj)|mlp\.\w+_(proj|fc\d))|(deepstack_)?merger.*(mlp\.[02]|linear_fc\d))")),
}


def fill(parameters, seed):
    """Every parameter off zero and of order 1 / sqrt(fan-in), so that every term shows."""
    generator = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for name, parameter in sorted(parameters):
            value = torch.randn(parameter.shape, generator=generator)
            scale = 0.3 if parameter.dim() == 1 else parameter[0].numel() ** -0.5
            parameter.copy_(value * scale + (1 if "norm" in name and name.endswith("weight") else 0))


def sort_names(path):
    """PEFT writes sets of names in any order."""
    config = json.loads(path.read_text())
    for key in ("target_modules", "exclude_modules"):
        if isinstance(config[key], list):
            config[key] = sorted(config[key])
    path.write_text(json.dumps(config, indent=2, sort_keys=True) + "\n")


def inputs(family):
    pixels = torch.randn(GRID[0] * GRID[1] * GRID[2], 3 * 2 * 4 * 4, generator=torch.Generator().manual_seed(3))
    pads = [VIDEO] * (GRID[1] * GRID[2] // 4)
    if family == "qwen2_5":
        ids = [5, 17, START] + pads * GRID[0] + [END, 33, 2, 41, 9, 28, 50]
        return ids, rope_index_25(ids, [GRID], 2, VIDEO, [1.0], 2), [GRID], pixels
    grid = [START, *pads, END]
    ids = [5, 17] + grid + [33] + grid + [2, 41, 9]
    return ids, rope_index_3(ids, [GRID], 2, VIDEO), [GRID], pixels


def write(family, folder):
    kind, settings = FAMILIES[family]
    model = transformers.AutoModelForImageTextToText.from_config(
        kind(**settings, **SPECIAL, tie_word_embeddings=False), attn_implementation="eager").eval()
    fill(model.named_parameters(), 1)
    model.save_pretrained(folder / "checkpoint")
    (folder / "checkpoint/generation_config.json").unlink(missing_ok=True)
    ids, positions, grids, pixels = inputs(family)
    tensors = {"input_ids": torch.tensor(ids), "position_ids": positions.contiguous()}
    tensors["pixel_values_videos"] = pixels
    with torch.no_grad():
        tensors["base"] = forward(model, ids, positions, grids, pixels)
        for seed, (name, adapter) in enumerate(ADAPTERS.items(), 2):
            adapted = get_peft_model(model, LoraConfig(**adapter)).eval()
            fill([(n, p) for n, p in adapted.named_parameters() if "lora_" in n], seed)
            adapted.save_pretrained(folder / name, safe_serialization=True)
            (folder / name / "README.md").unlink(missing_ok=True)
            sort_names(folder / name / "adapter_config.json")
            model = adapted.unload()
            # What is on disk counts.
            loaded = PeftModel.from_pretrained(model, folder / name).eval()
            tensors[name] = forward(loaded, ids, positions, grids, pixels)
            with loaded.disable_adapter():
                if not torch.equal(forward(loaded, ids, positions, grids, pixels), tensors["base"]):
                    raise SystemExit(f"{name} off is not the base model")
            if name == "vision":
                loaded.merge_adapter()
                tensors["vision.merged"] = forward(loaded, ids, positions, grids, pixels)
                loaded.unmerge_adapter()
            model = loaded.unload()
    save_file(tensors, folder / "values.safetensors")
    print(folder, {name: float((tensors[name] - tensors["base"]).abs().max()) for name in ADAPTERS})


def main():
    make_deterministic()
    transformers.utils.logging.disable_progress_bar()
    output = pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else DEFAULT_OUTPUT
    for family in FAMILIES:
        write(family, output / family)


if __name__ == "__main__":
    main()
