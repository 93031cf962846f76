"""Checks that transformers loads a folder we saved and computes our logits: python check_logits.py OUT [--adapter FOLDER]

OUT is what `bench/run ExportLogits` wrote: `model`, `case.json` and `case.safetensors`. Both sides compute in float32 from the
weights in the folder. With --adapter, PEFT loads that adapter onto the model. Prints the largest difference; exit status 1 if it is above
1e-4 of the largest logit, 2 for a folder that does not load whole.
"""

import argparse
import json
import pathlib
import sys

import torch
import transformers
from safetensors.torch import load_file

from reference import forward, make_deterministic

TOLERANCE = 1e-4


def load(folder):
    """The model, in whatever architecture its config names; exits when a weight is missing, left over or misshapen."""
    model, loading = transformers.AutoModelForImageTextToText.from_pretrained(
        folder, dtype=torch.float32, attn_implementation="eager", local_files_only=True, output_loading_info=True)
    wrong = {kind: sorted(map(str, names)) for kind, names in loading.items() if names}
    if wrong:
        print(f"{folder}: the weights do not fit the model: {wrong}", file=sys.stderr)
        sys.exit(2)
    return model.eval()


def difference(model, out):
    """Largest absolute difference of logits, and the largest logit."""
    case, tensors = json.loads((out / "case.json").read_text()), load_file(out / "case.safetensors")
    with torch.no_grad():
        logits = forward(model, case["inputIds"], torch.tensor(case["positionIds"]), case["videoGridThw"],
                         tensors["pixel_values_videos"])
    return float((logits - tensors["logits"]).abs().max()), float(logits.abs().max())


def main():
    parser = argparse.ArgumentParser(description="Compares our logits with those of transformers (float32, CPU).")
    parser.add_argument("out", type=pathlib.Path)
    parser.add_argument("--adapter", type=pathlib.Path, help="a LoRA adapter in PEFT's format")
    arguments = parser.parse_args()
    make_deterministic()
    transformers.utils.logging.disable_progress_bar()
    model = load(arguments.out / "model")
    if arguments.adapter:
        from peft import PeftModel
        model = PeftModel.from_pretrained(model, arguments.adapter).eval()
    worst, largest = difference(model, arguments.out)
    good = worst <= TOLERANCE * max(1.0, largest)
    print(f"{arguments.out}: largest difference {worst:.3g} of logits up to {largest:.3g}: {'same' if good else 'DIFFERENT'}")
    sys.exit(0 if good else 1)


if __name__ == "__main__":
    main()
