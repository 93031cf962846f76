"""Checks that transformers gives the replies we gave: python check_checkpoint.py MODEL_DIR CASES.jsonl

Each line: {"inputIds": [L], "positionIds": [3][L], "videoGridThw": [[t, h, w], ...], "pixelFile": "x.safetensors" beside
the jsonl, with a tensor "pixel_values_videos", "replyIds": [...], "reply": "..."}; no "pixelFile" for text only.
Prints how many replies are identical; exit status 1 if any differs, 2 for input that cannot be checked.
"""

import argparse
import json
import pathlib
import sys

import torch
import transformers
from safetensors.torch import load_file
from transformers import PreTrainedTokenizerFast, Qwen3VLForConditionalGeneration

from reference import greedy, make_deterministic


def stop_ids(model):
    eos = model.generation_config.eos_token_id
    return set() if eos is None else {eos} if isinstance(eos, int) else set(eos)


def without_stop(tokens, stop):
    return tokens[:-1] if tokens and tokens[-1] in stop else tokens


def check(model, tokenizer, case, folder, limit):
    """None when the reply is the same, else one line about the first difference."""
    pixels = None
    if case.get("pixelFile"):
        pixels = load_file(folder / case["pixelFile"])["pixel_values_videos"].float()
    positions, stop = torch.tensor(case["positionIds"]), stop_ids(model)
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
    parser = argparse.ArgumentParser(description="Compares our greedy replies with those of transformers (float32, CPU).")
    parser.add_argument("model_dir", type=pathlib.Path)
    parser.add_argument("cases", type=pathlib.Path)
    parser.add_argument("--max-new-tokens", type=int, default=256, help="the limit our replies were made with")
    arguments = parser.parse_args()
    make_deterministic()
    transformers.utils.logging.disable_progress_bar()
    with arguments.cases.open(encoding="utf-8") as file:
        cases = [(number, json.loads(line)) for number, line in enumerate(file, 1) if line.strip()]
    if not cases:
        print(f"{arguments.cases}: no cases to check", file=sys.stderr)
        sys.exit(2)
    model, loading = Qwen3VLForConditionalGeneration.from_pretrained(
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
        problem = check(model, tokenizer, case, arguments.cases.parent, arguments.max_new_tokens)
        if problem:
            different += 1
            print(f"{arguments.cases}:{number}: {problem}")
    print(f"{len(cases) - different} of {len(cases)} replies are identical")
    sys.exit(1 if different else 0)


if __name__ == "__main__":
    main()
