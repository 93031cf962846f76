"""Loads what bench/hub/check has pushed: check.py BASE ADAPTER, the folders that were pushed."""

import json
import sys
from pathlib import Path

import datasets
import torch
from huggingface_hub import ModelCard, hf_hub_download
from peft import PeftModel
from safetensors.torch import load_file
from transformers import AutoModelForImageTextToText

base, adapter = map(Path, sys.argv[1:3])

model = AutoModelForImageTextToText.from_pretrained("tester/base", dtype=torch.float32)
there = AutoModelForImageTextToText.from_pretrained(base, dtype=torch.float32).state_dict()
here = model.state_dict()
assert here.keys() == there.keys()
assert all(torch.equal(here[name], there[name]) for name in here)
print("transformers:", len(here), "tensors of tester/base are those of the folder")

tuned = PeftModel.from_pretrained(model, "tester/adapter")
pushed = load_file(hf_hub_download("tester/adapter", "adapter_model.safetensors"))
stored = load_file(adapter / "adapter_model.safetensors")
assert pushed.keys() == stored.keys() and all(torch.equal(pushed[name], stored[name]) for name in pushed)
assert tuned.peft_config["default"].base_model_name_or_path == "tester/base"
print("peft:", sum("lora_" in name for name, _ in tuned.named_parameters()), "tensors of tester/adapter loaded")

rows = datasets.load_dataset("tester/moments", split="train")
assert rows["id"] == ["a", "b", "c"], rows["id"]
assert rows["video"] == ["a.mp4", "v/b.mp4", "c.mp4"], rows["video"]
assert rows[1]["intervals"] == [[1.0, 2.5], [3.0, 4.0]]
print("datasets:", rows.num_rows, "rows of tester/moments, columns", rows.column_names)

for name, kind in (("base", "model"), ("adapter", "model"), ("moments", "dataset")):
    card = ModelCard.load(hf_hub_download("tester/" + name, "README.md", repo_type=kind))
    print("card of tester/" + name + ":", json.dumps(card.data.to_dict()))
