"""Checkpoints that describe themselves unusually: loads each with transformers and videotg and compares.

    python bench/reference/unusual.py OUT

Makes the folders OUT/checkpoints/NAME from models/small and from the golden checkpoints of Qwen2.5-VL, lets
`bench/run ExportFolders` open them, and compares logits, greedy replies and end tokens with transformers' (float32, CPU).
A checkpoint is right if both agree, or if videotg refuses it; where `REFUSED` names a text, the refusal has to have it.
Exit status 1 if one is wrong.
"""

import json
import pathlib
import shutil
import struct
import subprocess
import sys

import numpy as np
import torch
import transformers
from safetensors.torch import load_file, save_file

from check_checkpoint import stop_ids, without_stop
from reference import forward, greedy, make_deterministic

HOME = pathlib.Path(__file__).resolve().parents[2]
QWEN3 = HOME / "models/small"
QWEN25 = HOME / "models/src/test/resources/golden/qwen25vl"
TOLERANCE = 1e-4  # of logits, relative to the largest if that is above 1
TIE = 1e-3  # two best logits that are closer than this may come out in either order


class Checkpoint:
    """A copy of a checkpoint that is being changed."""

    def __init__(self, folder, base):
        self.folder = folder
        shutil.copytree(base, folder)
        self.config = self.read("config.json")
        self.weights = load_file(folder / "model.safetensors")
        # In a flat file the fields of the text stand at the top.
        self.text = self.config.get("text_config", self.config)
        self.vision = self.config["vision_config"]

    def read(self, name):
        return json.loads((self.folder / name).read_text())

    def write(self, name, value):
        (self.folder / name).write_text(json.dumps(value, indent=2) if not isinstance(value, str) else value)

    def remove(self, name):
        (self.folder / name).unlink()

    def save(self):
        self.write("config.json", self.config)
        if self.weights is not None:
            save_file({k: v.contiguous() for k, v in self.weights.items()}, self.folder / "model.safetensors",
                      {"format": "pt"})

    def flat(self):
        """As the published files of Qwen2.5-VL: the text at the top, rope_theta beside rope_scaling, old names of tensors."""
        text = self.config.pop("text_config")
        rope = text.pop("rope_parameters")
        self.config = {k: v for k, v in text.items() if k != "model_type"} | self.config
        self.config |= {"rope_theta": rope["rope_theta"],
                        "rope_scaling": {"type": "mrope", "mrope_section": rope["mrope_section"]}}
        self.text = self.config

    @property
    def embedding(self):
        return next(v for k, v in self.weights.items() if k.endswith("embed_tokens.weight"))


CASES = {}
REFUSED = {}


def case(base=QWEN3, refused=None):
    """Registers a function that makes a checkpoint; with `refused`, a text that videotg's refusal must have."""
    def register(make):
        name = make.__name__.strip("_")
        CASES[name] = make, base
        if refused:
            REFUSED[name] = refused
        return make
    return register


A, B = QWEN25 / "a/checkpoint", QWEN25 / "b/checkpoint"


@case()
def plain(c): pass


@case(A)
def plain25(c): pass


@case()
def processor_of_transformers_5(c):
    video = c.read("video_preprocessor_config.json") | {"fps": 1}
    c.remove("video_preprocessor_config.json")
    c.write("processor_config.json", {"processor_class": "Qwen3VLProcessor", "video_processor": video})


@case()
def nulls_in_the_processor(c):
    names = ["crop_size", "num_frames", "input_data_format", "min_pixels", "max_pixels", "pad_size"]
    c.write("video_preprocessor_config.json", c.read("video_preprocessor_config.json") | dict.fromkeys(names))


@case(refused="<think>")
def thinking_template(c):
    text = c.folder / "chat_template.jinja"
    old = text.read_text()
    assert "<|im_start|>assistant\n" in old
    text.write_text(old.replace("<|im_start|>assistant\n", "<|im_start|>assistant\n<think>\n"))


@case()
def head_beside_a_flag_that_is_false(c):
    c.config["tie_word_embeddings"], c.text["tie_word_embeddings"] = False, True
    c.weights["lm_head.weight"] = -c.embedding.flip(0)


@case()
def untied(c):
    c.config["tie_word_embeddings"] = c.text["tie_word_embeddings"] = False
    c.weights["lm_head.weight"] = -c.embedding.flip(0)


@case()
def another_head_though_tied(c):
    c.weights["lm_head.weight"] = -c.embedding.flip(0)


@case()
def same_head_though_tied(c):
    c.weights["lm_head.weight"] = c.embedding.clone()


@case(refused="lm_head")
def untied_by_default_without_a_head(c):
    """Qwen3-VL ties by the flag at the top only, which is false if it is missing: transformers draws a random head."""
    del c.config["tie_word_embeddings"]


@case(A)
def tied_in_the_text_only(c):
    c.config.pop("tie_word_embeddings", None)
    c.text["tie_word_embeddings"] = True


@case(B)
def untied_by_default(c):
    c.config.pop("tie_word_embeddings", None)
    c.text.pop("tie_word_embeddings", None)


def quantized(c, settings, scale, name):
    c.config["quantization_config"] = settings
    for key, value in list(c.weights.items()):
        if key.endswith("_proj.weight"):
            peak = value.abs().amax(1, keepdim=True).clamp(min=1e-9)
            c.weights[key] = (value / peak * 127).round().to(torch.int8)
            c.weights[key.removesuffix("weight") + name] = scale(peak)


@case(refused="quantization_config")
def bitsandbytes(c):
    quantized(c, {"quant_method": "bitsandbytes", "load_in_8bit": True}, lambda peak: peak[:, 0], "SCB")


@case(refused="quantization_config")
def compressed_tensors(c):
    quantized(c, {"quant_method": "compressed-tensors", "format": "int-quantized"}, lambda peak: peak / 127, "weight_scale")


@case(refused="type I8")
def quantized_without_saying_so(c):
    quantized(c, {}, lambda peak: peak / 127, "weight_scale")
    del c.config["quantization_config"]


@case(refused="quantization_config")
def awq(c):
    c.config["quantization_config"] = {"quant_method": "awq", "bits": 4, "group_size": 128}


@case(refused="quantization_config")
def fp8(c):
    c.config["quantization_config"] = {"quant_method": "fp8", "fmt": "e4m3", "weight_block_size": [128, 128]}
    for key, value in c.weights.items():
        if key.endswith("_proj.weight") and "language_model" in key:
            c.weights[key] = value.to(torch.float8_e4m3fn)


@case()
def no_generation_config(c):
    c.remove("generation_config.json")
    c.text["eos_token_id"] = 455


@case()
def one_end_token(c):
    c.write("generation_config.json", {"eos_token_id": 455, "temperature": 0.7, "do_sample": True, "top_k": 20})


@case()
def many_end_tokens(c):
    # Ids that the small model does write end its reply too.
    c.write("generation_config.json", {"eos_token_id": [455, 453, *range(40, 90)], "pad_token_id": 453})


@case(refused="eos_token_id")
def no_end_token(c):
    c.write("generation_config.json", {"pad_token_id": 453})


@case()
def buffers_of_old_versions(c):
    c.weights["model.visual.rotary_pos_emb.inv_freq"] = torch.ones(4)
    c.weights["model.language_model.rotary_emb.inv_freq"] = torch.ones(16)


@case()
def a_tensor_nobody_knows(c):
    c.weights["model.language_model.value_head.weight"] = torch.ones(3, 5)


@case()
def a_whole_file_beside_an_index(c):
    """transformers takes model.safetensors; the shard that the index names holds zeros."""
    save_file({k: torch.zeros_like(v) for k, v in c.weights.items()}, c.folder / "model-00001-of-00001.safetensors")
    c.write("model.safetensors.index.json", {"metadata": {"total_size": 1}, "weight_map": dict.fromkeys(
        c.weights, "model-00001-of-00001.safetensors")})


def shards(c, count):
    names = sorted(c.weights)
    files = {name: f"model-{i % count + 1:05}-of-{count:05}.safetensors" for i, name in enumerate(names)}
    for file in sorted(set(files.values())):
        save_file({n: c.weights[n].contiguous() for n in names if files[n] == file}, c.folder / file, {"format": "pt"})
    c.write("model.safetensors.index.json", {"metadata": {"total_size": 0}, "weight_map": files})
    c.remove("model.safetensors")
    c.weights = None


@case()
def five_shards(c): shards(c, 5)


@case(B)
def three_shards25(c): shards(c, 3)


@case(refused="missing")
def a_missing_weight(c):
    del c.weights["model.language_model.layers.1.mlp.up_proj.weight"]


@case(refused="shape")
def a_weight_of_another_shape(c):
    name = "model.language_model.layers.1.mlp.up_proj.weight"
    c.weights[name] = c.weights[name][:-8]


@case()
def mixed_types(c):
    types = [torch.bfloat16, torch.float32, torch.float16]
    for i, name in enumerate(sorted(c.weights)):
        c.weights[name] = c.weights[name].to(types[i % 3])
    c.config["dtype"] = "bfloat16"


@case()
def rope_parameters(c):
    c.text["rope_parameters"] = c.text.pop("rope_scaling") | {"rope_theta": c.text.pop("rope_theta")}


@case()
def both_forms_of_rope(c):
    """transformers takes rope_scaling."""
    c.text["rope_parameters"] = c.text["rope_scaling"] | {"rope_theta": 77.0, "mrope_section": [8, 4, 4]}


@case()
def no_theta(c):
    del c.text["rope_theta"]


@case(A)
def no_theta25(c):
    c.text["rope_parameters"].pop("rope_theta")


@case(refused="mrope_section")
def no_rope(c):
    """The sections that transformers takes do not fit this head size."""
    c.text.pop("rope_scaling")


@case(A, refused="yarn")
def yarn(c):
    c.text["rope_parameters"] |= {"rope_type": "yarn", "factor": 4.0, "original_max_position_embeddings": 1024}


@case(refused="mrope")
def type_mrope(c):
    c.text["rope_scaling"]["type"] = "mrope"
    del c.text["rope_scaling"]["rope_type"]


@case(refused="linear")
def linear_rope(c):
    c.text["rope_scaling"] |= {"rope_type": "linear", "factor": 2.0}


@case(A)
def flat(c): c.flat()


@case(B)
def flat_untied(c): c.flat()


@case(A)
def flat_with_rope_parameters(c):
    rope = c.text["rope_parameters"]
    c.flat()
    del c.config["rope_theta"], c.config["rope_scaling"]
    c.config["rope_parameters"] = rope


@case(A)
def names_of_transformers_5(c):
    if any(k.startswith("visual.") for k in c.weights):
        c.weights = {("model." + k if k.startswith("visual.") else k.replace("model.", "model.language_model.", 1)): v
                     for k, v in c.weights.items()}


@case(A)
def no_tokens_per_second(c):
    c.vision.pop("tokens_per_second")


@case()
def optional_fields_missing(c):
    for name in ["hidden_act", "rms_norm_eps", "max_position_embeddings", "attention_bias", "model_type"]:
        c.text.pop(name, None)
    for name in ["hidden_act", "in_channels", "temporal_patch_size", "model_type"]:
        c.vision.pop(name, None)
    for name in ["dtype", "architectures", "image_token_id"]:
        c.config.pop(name, None)


@case(A)
def optional_fields_missing25(c):
    for name in ["hidden_act", "max_position_embeddings", "use_sliding_window", "sliding_window", "max_window_layers",
                 "layer_types", "model_type", "use_cache", "initializer_range"]:
        c.text.pop(name, None)
    for name in ["hidden_act", "in_channels", "in_chans", "temporal_patch_size", "model_type", "spatial_merge_size"]:
        c.vision.pop(name, None)


@case(A)
def no_norm_epsilon25(c):
    c.text.pop("rms_norm_eps")


@case(refused="num_key_value_heads (32)")
def no_key_value_heads(c):
    """The default of transformers, 32, fits no weights here."""
    del c.text["num_key_value_heads"]


@case(refused="shape")
def null_key_value_heads(c):
    c.text["num_key_value_heads"] = None


@case()
def null_fields(c):
    c.text |= {"attention_dropout": 0.0, "pad_token_id": None, "rope_parameters": None, "sliding_window": None}
    c.vision |= {"rope_parameters": None}


@case(A)
def text_fields_of_other_models(c):
    c.text |= {"head_dim": None, "attention_bias": False, "mlp_bias": False, "num_experts": 0}


@case()
def few_positions(c):
    c.text["max_position_embeddings"] = 128


@case(refused="longer than the model's 16")
def fewer_positions_than_the_prompt(c):
    """transformers computes beyond what the configuration allows."""
    c.text["max_position_embeddings"] = 16


@case(refused="hidden_act")
def another_activation_of_the_tower(c):
    c.vision["hidden_act"] = "gelu"


@case(A, refused="hidden_act")
def another_activation_of_the_tower25(c):
    c.vision["hidden_act"] = "quick_gelu"


@case(refused="hidden_act")
def another_activation_of_the_text(c):
    c.text["hidden_act"] = "gelu"


@case(refused="attention_bias")
def attention_bias(c):
    c.text["attention_bias"] = True


@case(A, refused="use_sliding_window")
def sliding_window(c):
    c.text |= {"use_sliding_window": True, "sliding_window": 4, "max_window_layers": 2}


@case(A, refused="layer_types")
def sliding_layers(c):
    c.text |= {"use_sliding_window": True, "sliding_window": 4, "layer_types": 4 * ["sliding_attention"]}
    c.text["use_sliding_window"] = False


@case(refused="rope_theta")
def another_theta_of_the_tower(c):
    c.vision["rope_parameters"] = {"rope_type": "default", "rope_theta": 100.0}


@case()
def unknown_fields(c):
    c.config["my_note"], c.text["router"], c.vision["colour"] = "x", {"a": 1}, [1]


@case()
def sections_not_interleaved(c):
    """transformers interleaves the sections of Qwen3-VL whatever the file says."""
    c.text["rope_scaling"]["mrope_interleaved"] = False


@case(refused="unknown architecture")
def mixture_of_experts(c):
    c.config |= {"model_type": "qwen3_vl_moe", "architectures": ["Qwen3VLMoeForConditionalGeneration"]}


def theirs(folder):
    """The model as transformers loads it, or why not."""
    try:
        model, loading = transformers.AutoModelForImageTextToText.from_pretrained(
            folder, dtype=torch.float32, attn_implementation="eager", local_files_only=True, output_loading_info=True)
    except Exception as e:  # whatever keeps it from loading is what this program reports
        return None, f"{type(e).__name__}: {str(e).strip().splitlines()[-1][:80] if str(e).strip() else ''}"
    lacking = [f"{len(names)} {kind}" for kind, names in loading.items() if names and kind != "unexpected_keys"]
    return model.eval(), ", ".join(lacking)


@torch.no_grad()
def difference(model, out):
    """None if logits, reply and end tokens are the same, else what differs."""
    given, tensors = json.loads((out / "case.json").read_text()), load_file(out / "case.safetensors")
    inputs = given["inputIds"], torch.tensor(given["positionIds"]), given["videoGridThw"], tensors["pixel_values_videos"]
    logits = forward(model, *inputs)
    apart = float((logits - tensors["logits"]).abs().max()) / max(1.0, float(logits.abs().max()))
    if apart > TOLERANCE:
        return f"logits differ by {apart:.3g}"
    if stop_ids(model) != set(given["endTokens"]):
        return f"end tokens are {stop_ids(model)}, not {given['endTokens']}"
    stop = stop_ids(model)
    tokens, _, margins = greedy(model, *inputs, 24, stop)
    expected, reply = without_stop(tokens, stop), without_stop(given["replyIds"], stop)
    for step in range(max(len(expected), len(reply))):
        if expected[step:step + 1] != reply[step:step + 1]:
            return None if float(margins[step]) < TIE else f"token {step} is {reply[step:step + 1]}, not {expected[step:step + 1]}"
    return None


def main():
    out = pathlib.Path(sys.argv[1]).resolve()
    shutil.rmtree(out, ignore_errors=True)
    (out / "checkpoints").mkdir(parents=True)
    make_deterministic()
    transformers.utils.logging.set_verbosity_error()
    transformers.utils.logging.disable_progress_bar()
    for name, (make, base) in CASES.items():
        checkpoint = Checkpoint(out / "checkpoints" / name, base)
        make(checkpoint)
        checkpoint.save()
    subprocess.run([HOME / "bench/run", "ExportFolders", out / "checkpoints", out / "ours"], check=True)
    wrong = 0
    for name in CASES:
        model, problem = theirs(out / "checkpoints" / name)
        ours = out / "ours" / name
        refusal = (ours / "refusal.txt").read_text().replace(str(out / "checkpoints") + "/", "") \
            if (ours / "refusal.txt").exists() else None
        if refusal is not None:
            good = name in REFUSED and REFUSED[name] in refusal
            said = "refused: " + refusal[:150]
        elif name in REFUSED or model is None or problem:
            good, said = False, "loaded"
        else:
            apart = difference(model, ours)
            good, said = apart is None, apart or "same"
        wrong += not good
        print(f"{'ok   ' if good else 'WRONG'} {name}: {said}" + (f" [transformers: {problem}]" if problem else ""))
    print(f"{len(CASES) - wrong} of {len(CASES)} checkpoints are right")
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
