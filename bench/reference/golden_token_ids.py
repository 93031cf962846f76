"""Writes token ids of every prompt and reply form as the tokenizer of transformers gives them.

    venv/bin/python golden_token_ids.py TOKENIZER_FOLDER OUT.json

TOKENIZER_FOLDER holds the tokenizer.json of Qwen3 or Qwen3-VL. Each prompt is written as one text by a chat template, video tokens
included, and tokenized at once, as the processors of transformers do. The texts come from videotg's prompt files. A video has two
temporal grids of one visual token.
"""

import hashlib
import json
import pathlib
import sys

import yaml
from transformers import PreTrainedTokenizerFast

PROMPTS = pathlib.Path(__file__).parents[2] / "core/src/main/resources/org/videotg/core/prompt"
QUERIES = ["person opens the door", "a man says \"42.5\" twice, then leaves (ünï, 日本語)"]
OPTIONS = ["red", "it's 3 o'clock"]
TIMES = [0.5, 127.3]
GRID = "<|vision_start|><|video_pad|><|vision_end|>"
VIDEO = "<|vision_start|><|video_pad|><|video_pad|><|vision_end|>"

# What the published templates of the two families write for one user turn with the generation prompt.
QWEN3 = ("{% for m in messages %}<|im_start|>{{ m.role }}\n{% for p in m.content %}{{ p.text }}{% endfor %}<|im_end|>\n"
         "{% endfor %}{{ '<|im_start|>assistant\n' }}")
QWEN25 = "<|im_start|>system\nYou are a helpful assistant.<|im_end|>\n" + QWEN3


def options(style):
    lettered = [f"({'AB'[i]}) {option}" for i, option in enumerate(OPTIONS)]
    return {"inline": " ".join(lettered), "lines": "\n".join(lettered), "python": str(lettered)}[style]


def prompts():
    for file in sorted(PROMPTS.glob("*.yaml")):
        template = yaml.safe_load(file.read_text())
        for kind in ["ground", "list", "yesNo", "choice"]:
            for number, query in enumerate(QUERIES):
                if kind not in template:
                    continue
                text = template.get("before", "") + ("" if "{video}" in template[kind] else "{video}") + template[kind]
                text = text.replace("{options}", options(template.get("options", "inline"))).replace("{time}", "12.5")
                yield {"template": file.stem, "kind": kind, "query": number, "text": text.replace("{query}", query)}


def digest(tokenizer, texts):
    ids = [tokenizer.encode(text, add_special_tokens=False) for text in texts]
    return hashlib.sha256(json.dumps(ids, separators=(",", ":")).encode()).hexdigest()


def main(folder, out):
    tokenizer = PreTrainedTokenizerFast(tokenizer_file=str(pathlib.Path(folder) / "tokenizer.json"))
    rows = []
    for row in prompts():
        for family, chat in [("qwen2_5_vl", QWEN25), ("qwen3_vl", QWEN3)]:
            video = VIDEO if family == "qwen2_5_vl" else "".join(f"<{time:.1f} seconds>{GRID}" for time in TIMES)
            message = {"role": "user", "content": [{"text": row["text"].replace("{video}", video)}]}
            text = tokenizer.apply_chat_template([message], chat_template=chat, tokenize=False)
            rows.append({"family": family, **{key: row[key] for key in ["template", "kind", "query"]},
                         "ids": tokenizer.encode(text, add_special_tokens=False)})
    times = [i * 7 / 10 for i in range(3000)]
    digests = {
        "timestamps": digest(tokenizer, (f"<{t:.1f} seconds>" for t in times)),
        "intervals, 1 decimal": digest(tokenizer, (f"{t:.1f} to {t + 7.7:.1f}<|im_end|>" for t in times)),
        "intervals, 2 decimals": digest(tokenizer, (f"<answer>{t:.2f} to {t + 7.77:.2f}</answer><|im_end|>" for t in times)),
        "seconds": digest(tokenizer, (f"The event happens in {t:.1f} - {t + 7.7:.1f} seconds.<|im_end|>" for t in times)),
        "glue": digest(tokenizer, (f"<answer>B</answer>\n<glue>[({t:.1f}, {t + 1:.1f})]</glue><|im_end|>" for t in times)),
    }
    version = __import__("transformers").__version__
    lines = ",\n".join(json.dumps(row, separators=(",", ":")) for row in rows)
    head = json.dumps({"transformers": version, "queries": QUERIES, "options": OPTIONS, "digests": digests}, ensure_ascii=False)
    pathlib.Path(out).write_text(head[:-1] + ", \"prompts\": [\n" + lines + "\n]}\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
