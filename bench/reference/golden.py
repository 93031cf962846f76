"""Golden values of both families from transformers, qwen-vl-utils and PyTorch; see README.md for what they hold.

    python golden.py                                  writes the committed fixtures again
    python golden.py --output DIR --random-shapes 7   checkpoints of other shapes, to hold the tests against (-Dgolden.root=DIR)
"""

import argparse
import json
import pathlib

import torch
import torchvision
import transformers
from safetensors import safe_open
from safetensors.torch import save_file

import families
import golden_clip
import golden_processing
import golden_real
import golden_steps
import golden_values
from reference import make_deterministic

DEFAULT_OUTPUT = pathlib.Path(__file__).parents[2] / "models/src/test/resources/golden"


def save(tensors, path):
    save_file({name: tensor.detach().contiguous().clone() for name, tensor in tensors.items()}, path)


def write_json(value, path, indent=1):
    path.write_text(json.dumps(value, indent=indent) + "\n", encoding="utf-8")


def published(gradients, folder):
    """The gradients under the names of the saved file."""
    with safe_open(folder / "model.safetensors", "pt") as file:
        names = set(file.keys())

    def rename(name):
        flat = name.replace("model.language_model.", "model.").replace("model.visual.", "visual.")
        return name if name in names else flat

    renamed = {rename(name): value for name, value in gradients.items()}
    if set(renamed) != names:
        raise SystemExit(f"gradients and parameters differ: {sorted(set(renamed) ^ names)}")
    return renamed


def write_checkpoint(folder, family, spec, first_seed):
    """Tries seeds in order until no greedy step is close to a tie; writes the checkpoint and its golden values."""
    folder.mkdir(parents=True, exist_ok=True)
    for seed in range(first_seed, first_seed + 500):
        golden_values.random_model(family, spec, seed).save_pretrained(folder / "checkpoint")
        model = family.model.from_pretrained(
            folder / "checkpoint", dtype=torch.float32, attn_implementation="eager").eval()
        videos, cases = golden_values.made_videos(spec, seed), golden_values.made_cases(family, spec, seed)
        values = {}
        for name in sorted(cases, key=lambda name: name not in golden_values.GREEDY_CASES):
            values[name] = golden_values.case_values(family, model, spec, name, *cases[name], videos)
            if values[name] is None:
                break
        else:
            break
    else:
        raise SystemExit(f"no seed gives {folder} greedy tokens with a margin of {golden_values.SMALLEST_MARGIN}")
    write_json(families.tokenizer(spec), folder / "checkpoint/tokenizer.json", indent=None)
    tensors = {f"video.{name}.pixel_values_videos": video.to(torch.bfloat16) for name, video in videos.items()}
    for name, (case, _) in sorted(values.items()):
        tensors |= {f"{name}.{key}": value for key, value in case.items()}
    save(tensors, folder / "cases.safetensors")
    described = {"reference": versions(), "seed": seed, "greedyTokens": golden_values.GREEDY_TOKENS, "videos": spec["videos"],
                 "secondsPerGrid": spec["secondsPerGrid"],
                 "cases": {name: description for name, (_, description) in sorted(values.items())}}
    if spec["saved_as"] == torch.bfloat16:
        narrow, described["bfloat16Spread"] = golden_values.bfloat16(family, folder / "checkpoint", spec, cases, videos)
        save(narrow, folder / "bfloat16.safetensors")
    write_json(described, folder / "cases.json")
    for step, (inputs, gradients) in golden_steps.steps(family, model, spec, cases, videos, seed).items():
        inputs = {f"step.{name}": value for name, value in inputs.items()}
        save(inputs | published(gradients, folder / "checkpoint"), folder / f"{step}.safetensors")


def versions():
    return {"torch": torch.__version__.split("+")[0], "torchvision": torchvision.__version__.split("+")[0],
            "transformers": transformers.__version__, "computedIn": "float32", "attention": "eager", "device": "cpu"}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--output", type=pathlib.Path, default=DEFAULT_OUTPUT)
    parser.add_argument("--random-shapes", type=int, metavar="SEED", help="draw the shapes, two checkpoints a family")
    parser.add_argument("--videos", type=pathlib.Path, help="a folder of real videos, whose statistics are written too")
    arguments = parser.parse_args()
    make_deterministic()
    transformers.utils.logging.disable_progress_bar()
    for family in families.FAMILIES:
        folder, seed = arguments.output / family.folder, arguments.random_shapes
        specs = family.checkpoints if seed is None else {
            name: families.drawn(family, 2 * seed + i) for i, name in enumerate("ab")}
        for name, spec in specs.items():
            write_checkpoint(folder / name, family, spec, 1 if seed is None else 1000 * seed + 1)
    if arguments.random_shapes is None:
        write_processing(arguments.output, arguments.videos)


def write_processing(output, videos):
    for family in families.FAMILIES:
        tensors, described = golden_processing.preprocessing(family)
        save(tensors, output / family.folder / "preprocess.safetensors")
        write_json({"reference": versions()} | described, output / family.folder / "preprocess.json")
        write_json({"reference": versions()} | golden_processing.sampling(family), output / family.folder / "sampling.json")
    tensors, described = golden_clip.clip(output)
    save(tensors, output / "clip.safetensors")
    write_json({"reference": versions()} | described, output / "clip.json")
    if videos:
        write_json({"reference": versions()} | golden_real.real(videos), output / "real_videos.json", indent=None)


if __name__ == "__main__":
    main()
