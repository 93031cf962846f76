"""Golden values of Qwen3-VL from transformers: two tiny random checkpoints, forward values, greedy replies, gradients.

Usage: python golden_qwen3vl.py [OUTPUT_FOLDER]      (float32, CPU, eager attention; see README.md for the tensors)
"""

import json
import pathlib
import sys

import torch
import torchvision
import transformers
from safetensors.torch import save_file
from transformers import Qwen3VLConfig, Qwen3VLForConditionalGeneration
from transformers.vision_utils import get_vision_interpolation_indices_and_weights

import golden_processing
from reference import forward, greedy, make_deterministic, rope_index_3

DEFAULT_OUTPUT = pathlib.Path(__file__).parents[2] / "model/src/test/resources/golden/qwen3vl"
GREEDY_TOKENS, SMALLEST_MARGIN, REPLY = 24, 1e-3, 10
LOGIT_ROWS = 24  # only the last positions, for the size of the files

# No dimension of "a" is one of "b", and inside a checkpoint sizes that code could confuse differ.
CHECKPOINTS = {
    "a": {
        "saved_as": torch.float32,
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
    },
    "b": {
        "saved_as": torch.bfloat16,
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
    },
}


def draw(seed, shape):
    return torch.randn(shape, generator=torch.Generator().manual_seed(seed))


def random_model(spec, seed):
    """Weights of standard deviation 1/sqrt(fan-in), norms around one and biases off zero, so that every term shows."""
    config = Qwen3VLConfig(vision_config=spec["vision"], text_config=spec["text"] | {"tie_word_embeddings": spec["tied"]},
                           tie_word_embeddings=spec["tied"], **spec["special"])
    model = Qwen3VLForConditionalGeneration(config)
    with torch.no_grad():
        for index, (name, parameter) in enumerate(sorted(model.named_parameters())):
            value = draw(1000 * seed + index, parameter.shape)
            if name == "model.language_model.norm.weight":
                pass  # of both signs: with tied embeddings a positive one would repeat the last token for ever
            elif "norm" in name and name.endswith("weight"):
                value = 1 + 0.3 * value
            elif parameter.dim() == 1:
                value = 0.2 * value
            elif "embed_tokens" in name or "pos_embed" in name:
                value = 0.5 * value
            else:
                value = value / parameter[0].numel() ** 0.5
            parameter.copy_(value)
    model.generation_config.eos_token_id = spec["eos"]
    return model.to(spec["saved_as"])


def made_videos(spec, seed):
    """Patches [t*h*w, C*T*p*p] of multiples of 1/64 in [-1, 1]: exact in bfloat16, so half the file."""
    vision, generator = spec["vision"], torch.Generator().manual_seed(seed)
    features = 3 * vision["temporal_patch_size"] * vision["patch_size"] ** 2
    return {name: torch.randint(-64, 65, (t * h * w, features), generator=generator) / 64
            for name, (t, h, w) in spec["videos"].items()}


def made_cases(spec, seed):
    """name -> (ids, names of the videos). A grid is: timestamp text, vision_start, pads, vision_end; no outer pair."""
    generator, special = torch.Generator().manual_seed(seed), spec["special"]
    merge = spec["vision"]["spatial_merge_size"]

    def text(length):
        return torch.randint(5, 260, (length,), generator=generator).tolist()

    def video(name):
        t, h, w = spec["videos"][name]
        pads = [special["video_token_id"]] * (h * w // merge ** 2)
        grids = [text(3 + i) + [special["vision_start_token_id"]] + pads + [special["vision_end_token_id"]]
                 for i in range(t)]
        return sum(grids, [])

    return {
        "case1": (text(4) + video("v0") + text(6), ["v0"]),
        "case2": (text(2) + video("v1") + text(3) + video("v0") + text(5), ["v1", "v0"]),
        "case3": (text(17), []),
        "case4": (text(3) + video("v1") + text(25), ["v1"]),
    }


def record(model, store):
    """Hooks that keep the inner values of the next forward in `store`; returns a function that removes them."""
    visual, language = model.model.visual, model.model.language_model

    def keep(name):
        def hook(_module, _inputs, output):
            store[name] = output
        return hook

    def keep_input(name):
        def hook(_module, inputs):
            store[name] = inputs[0][0]
        return hook

    def keep_pair(name):
        def hook(_module, _inputs, output):
            store[name + ".cos"], store[name + ".sin"] = (part.reshape(-1, part.shape[-1]) for part in output)
        return hook

    hooks = [visual.patch_embed.register_forward_hook(keep("vision.patch_embed")),
             visual.rotary_pos_emb.register_forward_hook(keep_pair("vision.rope")),
             visual.blocks[0].register_forward_hook(keep("vision.block.0")),
             visual.blocks[-1].register_forward_hook(keep("vision.last_hidden")),
             visual.merger.register_forward_hook(keep("vision.features")),
             language.rotary_emb.register_forward_hook(keep_pair("text.rope")),
             language.layers[0].register_forward_pre_hook(keep_input("text.embeds"))]
    hooks += [merger.register_forward_hook(keep(f"vision.deepstack.{i}"))
              for i, merger in enumerate(visual.deepstack_merger_list)]
    # The input of what follows a layer, since DeepStack adds its features after the layer.
    hooks += [follower.register_forward_pre_hook(keep_input(f"text.hidden.{i}"))
              for i, follower in enumerate([*language.layers[1:], language.norm])]
    hooks += [language.norm.register_forward_hook(lambda _m, _i, out: store.update({"text.final": out[0]}))]
    return lambda: [hook.remove() for hook in hooks]


def position_embeddings(visual, grids):
    indices, weights = get_vision_interpolation_indices_and_weights(
        torch.tensor(grids), num_grid_per_side=visual.num_grid_per_side, mode=visual.interpolation_mode,
        align_corners=visual.interpolation_align_corners, spatial_merge_size=visual.spatial_merge_size)
    return (visual.pos_embed(indices) * weights[:, :, None]).sum(1)


def transformers_positions(model, ids, grids):
    types = torch.tensor([[2 if i == model.config.video_token_id else 0 for i in ids]])
    thw = torch.tensor(grids) if grids else None
    return model.model.get_rope_index(torch.tensor([ids]), mm_token_type_ids=types, video_grid_thw=thw)[0][:, 0]


def case_values(model, spec, name, ids, video_names, videos):
    """(tensors, description) of a case, or None when its greedy tokens could flip or are not plain text."""
    grids = [spec["videos"][v] for v in video_names]
    pixels = torch.cat([videos[v] for v in video_names]) if video_names else None
    positions = rope_index_3(ids, grids, spec["vision"]["spatial_merge_size"], spec["special"]["video_token_id"])
    tensors = {"input_ids": torch.tensor(ids), "position_ids": positions}
    described = {"videos": video_names, "videoGridThw": grids, "inputIds": ids,
                 "transformersPositionsAgree": bool(torch.equal(positions, transformers_positions(model, ids, grids)))}
    if name in ("case1", "case4"):
        special = {*spec["special"].values(), *spec["eos"]}
        tokens, log_probs, margins = greedy(model, ids, positions, grids, pixels, GREEDY_TOKENS, stop=special)
        if min(margins) < SMALLEST_MARGIN or special & set(tokens) or len(set(tokens)) < 8:
            return None
        tensors |= {"greedy.ids": torch.tensor(tokens), "greedy.log_probs": torch.stack(log_probs),
                    "greedy.margins": torch.stack(margins)}
        described["greedyIds"] = tokens
    store = {}
    remove = record(model, store)
    with torch.no_grad():
        tensors["logits"] = forward(model, ids, positions, grids, pixels)[-LOGIT_ROWS:]
        if video_names:
            tensors["video_grid_thw"] = torch.tensor(grids)
            store["vision.pos_embeds"] = position_embeddings(model.model.visual, grids)
    remove()
    if name != "case2":  # which has all the videos: the others keep only what leaves the vision tower
        outputs = ("text.", "vision.features", "vision.deepstack.")
        store = {key: value for key, value in store.items() if key.startswith(outputs)}
    return tensors | store, described


def gradients(model, spec, ids, video_names, videos):
    """Loss and gradient of every parameter: mean cross entropy of the last REPLY tokens, each from the one before it."""
    grids = [spec["videos"][v] for v in video_names]
    positions = rope_index_3(ids, grids, spec["vision"]["spatial_merge_size"], spec["special"]["video_token_id"])
    logits = forward(model, ids, positions, grids, torch.cat([videos[v] for v in video_names]))
    loss = torch.nn.functional.cross_entropy(logits[-REPLY - 1:-1], torch.tensor(ids[-REPLY:]))
    model.zero_grad()
    loss.backward()
    return {"loss": loss.detach().reshape(1)} | {name: p.grad for name, p in model.named_parameters()}


def save(tensors, path):
    save_file({name: tensor.detach().contiguous().clone() for name, tensor in tensors.items()}, path)


def write_json(value, path):
    path.write_text(json.dumps(value, indent=1) + "\n", encoding="utf-8")


def write_checkpoint(folder, spec):
    """Tries seeds in order until no greedy step is close to a tie; writes the checkpoint and its golden values."""
    for seed in range(1, 200):
        random_model(spec, seed).save_pretrained(folder / "checkpoint")
        model = Qwen3VLForConditionalGeneration.from_pretrained(
            folder / "checkpoint", dtype=torch.float32, attn_implementation="eager").eval()
        videos, cases = made_videos(spec, seed), made_cases(spec, seed)
        values = {}
        for name, (ids, video_names) in cases.items():
            values[name] = case_values(model, spec, name, ids, video_names, videos)
            if values[name] is None:
                break
        else:
            break
    else:
        raise SystemExit(f"no seed gives {folder.name} greedy tokens with a margin of {SMALLEST_MARGIN}")
    tensors = {f"video.{name}.pixel_values_videos": video.to(torch.bfloat16) for name, video in videos.items()}
    for name, (case, _) in values.items():
        tensors |= {f"{name}.{key}": value for key, value in case.items()}
    save(tensors, folder / "cases.safetensors")
    write_json({"reference": versions(), "seed": seed, "greedyTokens": GREEDY_TOKENS, "videos": spec["videos"],
                "cases": {name: described for name, (_, described) in values.items()}}, folder / "cases.json")
    if folder.name == "a":
        save(gradients(model, spec, *cases["case4"], videos), folder / "gradients.safetensors")


def versions():
    return {"torch": torch.__version__.split("+")[0], "torchvision": torchvision.__version__.split("+")[0],
            "transformers": transformers.__version__, "computedIn": "float32", "attention": "eager", "device": "cpu"}


def main():
    make_deterministic()
    transformers.utils.logging.disable_progress_bar()
    output = pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else DEFAULT_OUTPUT
    for name, spec in CHECKPOINTS.items():
        (output / name).mkdir(parents=True, exist_ok=True)
        write_checkpoint(output / name, spec)
    tensors, described = golden_processing.preprocessing()
    save(tensors, output / "preprocess.safetensors")
    write_json({"reference": versions()} | described, output / "preprocess.json")
    write_json({"reference": versions()} | golden_processing.sampling(), output / "sampling.json")


if __name__ == "__main__":
    main()
