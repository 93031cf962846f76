"""Checks that transformers gives the logits and replies we gave: python check_checkpoint.py MODEL_DIR CASES.jsonl

Each line: {"inputIds": [L], "positionIds": [3][L], "videoGridThw": [[t, h, w], ...], "secondPerGrid": s, "tensorFile":
"x.safetensors" beside the jsonl, with tensors "pixel_values_videos" and "logits" [V] after the prompt, "replyIds": [...],
"reply": "..."}; no "videoGridThw" for text only. Prints how many cases are identical; exit status 1 if any differs, 2 for
input that cannot be checked.

With --own-positions transformers makes the position ids itself and only logits are compared: for cases that were exported
with the video option positions=transformers (and, for Qwen3-VL, outer_pair=true).
"""

import argparse
import json
import pathlib
import sys

import torch
import transformers
from safetensors.torch import load_file
from transformers import AutoModelForImageTextToText, PreTrainedTokenizerFast

from reference import forward, greedy, make_deterministic

TOLERANCE = 1e-4  # of logits, relative to the largest if that is above 1


def stop_ids(model):
    eos = model.generation_config.eos_token_id
    return set() if eos is None else {eos} if isinstance(eos, int) else set(eos)


def without_stop(tokens, stop):
    return tokens[:-1] if tokens and tokens[-1] in stop else tokens


@torch.no_grad()
def own_logits(model, case, pixels):
    """Logits after the prompt at the positions that transformers gives to it."""
    ids = torch.tensor([case["inputIds"]])
    inputs = {"mm_token_type_ids": (ids == model.config.video_token_id).int() * 2}
    if case.get("videoGridThw"):
        inputs |= {"video_grid_thw": torch.tensor(case["videoGridThw"]), "pixel_values_videos": pixels}
        if model.config.model_type == "qwen2_5_vl":
            inputs["second_per_grid_ts"] = [case["secondPerGrid"]] * len(case["videoGridThw"])
    model.model.rope_deltas = None
    return model(input_ids=ids, use_cache=False, **inputs).logits[0, -1]


def check(model, tokenizer, case, folder, limit, own_positions):
    """None when all is the same, else one line about the first difference."""
    tensors = load_file(folder / case["tensorFile"]) if case.get("tensorFile") else {}
    pixels = tensors["pixel_values_videos"].float() if case.get("videoGridThw") else None
    positions, stop = torch.tensor(case["positionIds"]), stop_ids(model)
    if "logits" in tensors:
        with torch.no_grad():
            expected = own_logits(model, case, pixels) if own_positions else forward(
                model, case["inputIds"], positions, case.get("videoGridThw"), pixels)[-1]
        apart = float((expected - tensors["logits"]).abs().max()) / max(1.0, float(expected.abs().max()))
        if apart > TOLERANCE:
            return f"logits after the prompt are off by {apart:.3g}"
    if own_positions:
        return None
    tokens, _, margins = greedy(model, case["inputIds"], positions, case.get("videoGridThw"), pixels, limit, stop)
    expected, given = without_stop(tokens, stop), without_stop(case["replyIds"], stop)
    if expected != given:
        step = next((i for i, (a, b) in enumerate(zip(expected, given)) if a != b), min(len(expected), len(given)))
        margin = f"; its two best logits differ by {float(margins[step]):.3g}" if step < len(margins) else ""
        return f"token {step}: transformers {expected[step:step + 1]}, ours {given[step:step + 1]}{margin}"
    if "reply" in case:
        text = tokenizer.decode(expected, skip_special_tokens=True, clean_up_tokenization_spaces=False)
        if text != case["reply"]:
            return f"same tokens, but their text is {text!r} in transformers and {case['reply']!r} in ours"
    return None


def main():
    parser = argparse.ArgumentParser(description="Compares our logits and greedy replies with transformers' (float32, CPU).")
    parser.add_argument("model_dir", type=pathlib.Path)
    parser.add_argument("cases", type=pathlib.Path)
    parser.add_argument("--max-new-tokens", type=int, default=64, help="the limit our replies were made with")
    parser.add_argument("--own-positions", action="store_true", help="transformers makes the positions; logits only")
    arguments = parser.parse_args()
    make_deterministic()
    transformers.utils.logging.disable_progress_bar()
    with arguments.cases.open(encoding="utf-8") as file:
        cases = [(number, json.loads(line)) for number, line in enumerate(file, 1) if line.strip()]
    if not cases:
        print(f"{arguments.cases}: no cases to check", file=sys.stderr)
        sys.exit(2)
    model, loading = AutoModelForImageTextToText.from_pretrained(
        arguments.model_dir, dtype=torch.float32, attn_implementation="eager", local_files_only=True,
        output_loading_info=True)
    # transformers fills what a file lacks with random values and only warns.
    wrong = {kind: sorted(map(str, names)) for kind, names in loading.items() if names}
    if wrong:
        print(f"{arguments.model_dir}: the weights do not fit the model: {wrong}", file=sys.stderr)
        sys.exit(2)
    model.eval()
    tokenizer = None
    if any("reply" in case for _, case in cases):
        tokenizer = PreTrainedTokenizerFast(tokenizer_file=str(arguments.model_dir / "tokenizer.json"))
    different = 0
    for number, case in cases:
        problem = check(model, tokenizer, case, arguments.cases.parent, arguments.max_new_tokens, arguments.own_positions)
        if problem:
            different += 1
            print(f"{arguments.cases}:{number}: {problem}")
    print(f"{len(cases) - different} of {len(cases)} {'logits' if arguments.own_positions else 'replies'} are identical")
    sys.exit(1 if different else 0)


if __name__ == "__main__":
    main()
