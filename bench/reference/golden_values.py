"""Golden values of one checkpoint: inner values and logits of four prompts, greedy replies, bfloat16 under two attentions."""

import itertools

import torch
from torch.nn.attention import SDPBackend, sdpa_kernel
from transformers.vision_utils import get_vision_interpolation_indices_and_weights

from reference import forward, greedy

GREEDY_TOKENS, SMALLEST_MARGIN = 64, 1e-3
CONDITION = 3e-5  # by which the reference's own logits in float32 may differ between its attentions
GREEDY_CASES = ("case1", "case4")
# name -> attention of transformers, and the kernel that torch chooses for it or is told to take
ATTENTIONS = {"eager": ("eager", SDPBackend.FLASH_ATTENTION), "sdpa": ("sdpa", SDPBackend.FLASH_ATTENTION),
              "math": ("sdpa", SDPBackend.MATH)}
FAR = [[700, 2047, 30001, 120000], [3, 1500, 29990, 119999], [9, 2222, 30123, 120017]]  # positions of long videos
LOGIT_ROWS = 24  # only the last positions, for the size of the files


def draw(seed, shape):
    return torch.randn(shape, generator=torch.Generator().manual_seed(seed))


def random_model(family, spec, seed):
    """Weights of standard deviation 1/sqrt(fan-in), norms around one and biases off zero, so that every term shows."""
    model = family.model(family.make_config(spec))
    rarely = [*spec["special"].values(), *spec["eos"]]
    with torch.no_grad():
        for index, (name, parameter) in enumerate(sorted(model.named_parameters())):
            value = draw(1000 * seed + index, parameter.shape)
            if name == "model.language_model.norm.weight":
                pass  # of both signs: with tied embeddings a positive one would repeat the last token for ever
            elif ("norm" in name or "ln_q" in name) and name.endswith("weight"):
                value = 1 + 0.3 * value
            elif parameter.dim() == 1:
                value = 0.2 * value
            elif "embed_tokens" in name or "pos_embed" in name:
                value = 0.5 * value
            else:
                value = value / parameter[0].numel() ** 0.5
            if "embed_tokens" in name or "lm_head" in name:
                value[rarely] *= 0.1  # so that they don't come up in greedy replies
            parameter.copy_(value)
    model.generation_config.eos_token_id = spec["eos"]
    return model.to(spec["saved_as"])


def made_videos(spec, seed):
    """Patches [t*h*w, C*T*p*p] of multiples of 1/64 in [-1, 1]: exact in bfloat16, so half the file."""
    vision, generator = spec["vision"], torch.Generator().manual_seed(seed)
    features = 3 * vision["temporal_patch_size"] * vision["patch_size"] ** 2
    return {name: torch.randint(-64, 65, (t * h * w, features), generator=generator) / 64
            for name, (t, h, w) in spec["videos"].items()}


def made_cases(family, spec, seed):
    """name -> (ids, names of the videos)."""
    generator = torch.Generator().manual_seed(seed)

    def text(length):
        return torch.randint(5, 260, (length,), generator=generator).tolist()

    def video(name):
        return family.video_tokens(spec, name, text)

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

    hooks = [visual.rotary_pos_emb.register_forward_hook(keep_pair("vision.rope")),
             language.rotary_emb.register_forward_hook(keep_pair("text.rope")),
             language.layers[0].register_forward_pre_hook(keep_input("text.embeds"))]
    hooks += [merger.register_forward_hook(keep(f"vision.deepstack.{i}"))
              for i, merger in enumerate(getattr(visual, "deepstack_merger_list", []))]
    # The input of what follows a layer, since DeepStack adds its features after the layer.
    last = len(language.layers) - 1
    hooks += [follower.register_forward_pre_hook(keep_input(f"text.hidden.{i}"))
              for i, follower in enumerate([*language.layers[1:], language.norm]) if i in (0, last // 2, last)]
    hooks += [language.norm.register_forward_hook(lambda _m, _i, out: store.update({"text.final": out[0]}))]
    return lambda: [hook.remove() for hook in hooks]


def position_embeddings(visual, grids):
    indices, weights = get_vision_interpolation_indices_and_weights(
        torch.tensor(grids), num_grid_per_side=visual.num_grid_per_side, mode=visual.interpolation_mode,
        align_corners=visual.interpolation_align_corners, spatial_merge_size=visual.spatial_merge_size)
    return (visual.pos_embed(indices) * weights[:, :, None]).sum(1)


def pixels_of(videos, names):
    return torch.cat([videos[v] for v in names]) if names else None


def grids_of(spec, names):
    return [spec["videos"][v] for v in names]


def vision_features(model, pixels, grids):
    return torch.cat(list(model.get_video_features(pixels, torch.tensor(grids)).pooler_output))


@torch.no_grad()
def own_logits(family, model, spec, ids, names, videos):
    """transformers' forward without given positions: (positions [3, L], logits)."""
    inputs = family.own_inputs(spec, ids, names)
    model.model.rope_deltas = None
    if names:
        positions = model.model.get_rope_index(torch.tensor([ids]), **inputs)[0][:, 0]
        inputs["pixel_values_videos"] = pixels_of(videos, names)
    else:
        positions = torch.arange(len(ids)).expand(3, -1)
    out = model(input_ids=torch.tensor([ids]), use_cache=False, **inputs)
    model.model.rope_deltas = None
    return positions, out.logits[0]


@torch.no_grad()
def well_conditioned(model, ids, positions, grids, pixels, eager):
    model.set_attn_implementation("sdpa")
    sdpa = forward(model, ids, positions, grids, pixels)[-LOGIT_ROWS:]
    model.set_attn_implementation("eager")
    return float((sdpa - eager).abs().max()) <= CONDITION


def case_values(family, model, spec, name, ids, names, videos):
    """(tensors, description) of a case, or None when its greedy tokens could flip or are not plain text, or float32 cannot say its logits."""
    grids, pixels = grids_of(spec, names), pixels_of(videos, names)
    positions = family.positions(spec, ids, names)
    tensors = {"input_ids": torch.tensor(ids), "position_ids": positions}
    if name in GREEDY_CASES:
        special = {*spec["special"].values(), *spec["eos"]}
        tokens, log_probs, margins = greedy(model, ids, positions, grids, pixels, GREEDY_TOKENS, special, SMALLEST_MARGIN)
        if min(margins) < SMALLEST_MARGIN or special & set(tokens) or len(set(tokens)) < 8:
            return None
        tensors |= {"greedy.ids": torch.tensor(tokens), "greedy.log_probs": torch.stack(log_probs),
                    "greedy.margins": torch.stack(margins)}
    store = {}
    remove = record(model, store)
    with torch.no_grad():
        tensors["logits"] = forward(model, ids, positions, grids, pixels)[-LOGIT_ROWS:]
    remove()
    if not well_conditioned(model, ids, positions, grids, pixels, tensors["logits"]):
        return None
    if names:
        with torch.no_grad():
            store["vision.features"] = vision_features(model, pixels, grids)
            if family.with_timestamps and name == "case2":
                store["vision.pos_embeds"] = position_embeddings(model.model.visual, grids)
    if name != "case2":  # which has all the videos: the others need no tables of the vision tower
        store = {key: value for key, value in store.items() if not key.startswith("vision.rope")}
    if name == "case3":
        table = model.model.language_model.rotary_emb(torch.zeros(1), torch.tensor(FAR)[:, None])
        store |= {"far.position_ids": torch.tensor(FAR), "far.rope.cos": table[0][0], "far.rope.sin": table[1][0]}
    own_positions, logits = own_logits(family, model, spec, ids, names, videos)
    agree = bool(torch.equal(positions, own_positions))
    if not agree:
        tensors |= {"transformers.position_ids": own_positions, "transformers.logits": logits[-LOGIT_ROWS:]}
    elif not torch.equal(logits[-LOGIT_ROWS:], tensors["logits"]):
        raise SystemExit(f"{family.folder} {name}: with the same positions transformers gives other logits")
    return tensors | store, {"videos": names, "transformersPositionsAgree": agree}


@torch.no_grad()
def bfloat16(family, folder, spec, cases, videos):
    """Features, final hidden states and logits in bfloat16 under each attention, and the largest distance between two of these."""
    tensors, spread = {}, {}
    for attention, (implementation, kernel) in ATTENTIONS.items():
        model = family.model.from_pretrained(folder, dtype=torch.bfloat16, attn_implementation=implementation).eval()
        for name, (ids, names) in cases.items():
            store, grids, pixels = {}, grids_of(spec, names), pixels_of(videos, names)
            with sdpa_kernel(kernel):
                remove = record(model, store)
                logits = forward(model, ids, family.positions(spec, ids, names), grids,
                                 None if pixels is None else pixels.to(torch.bfloat16))
                remove()
                found = {"logits": logits[-LOGIT_ROWS:], "text.final": store["text.final"]}
                if names:
                    found["vision.features"] = vision_features(model, pixels.to(torch.bfloat16), grids)
            tensors |= {f"{name}.{attention}.{stage}": value for stage, value in found.items()}
    for key in [key for key in tensors if ".eager." in key]:
        values = [tensors[key.replace(".eager.", f".{attention}.")].float() for attention in ATTENTIONS]
        apart = [(a - b).abs() for a, b in itertools.combinations(values, 2)]
        spread[key.replace(".eager", "")] = {"max": max(float(d.max()) for d in apart), "mean": max(float(d.mean()) for d in apart)}
    return tensors, spread
