"""Loads a data set that `videotg convert` wrote with the loaders of the trainers that it was written for.

    python load_exports.py own.jsonl easyr1.jsonl ms-swift.jsonl llama-factory.json

The first file is the data set in this project's own jsonl, the others are exports of it, named after their format. LLaMA-Factory
and ms-swift load with their own packages, each in a virtual environment of its own since they want different versions of datasets
(requirements-llama-factory.txt, requirements-ms-swift.txt); EasyR1 is not on PyPI, so its file is loaded by the call of
its RLHFDataset, datasets.load_dataset("json"). Every row's video, question and truth are compared with the data set's; what the
trainer itself does with a row afterwards (decoding the video, tokenizing) is not run. Exit status 1 if anything differs.
"""

import json
import os
import pathlib
import sys
import tempfile

os.environ.setdefault("HF_HUB_OFFLINE", "1")


def samples(path):
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


def truth(sample):
    if sample["task"] == "gqa":
        return {"answer": sample.get("answer"), "intervals": sample["intervals"]}
    return sample["intervals"]


def expect(row, sample, video, question, answer):
    assert pathlib.Path(video).resolve() == sample["resolved"], (row, video, sample["resolved"])
    assert question.startswith("<video>") and question.count("<video>") == 1, question
    assert sample["query"] in question, (row, question)
    if answer is not None:
        assert json.loads(answer) == truth(sample), (row, answer)


def easyr1(path, expected, cache):
    from datasets import load_dataset

    file_type = path.suffix[1:].replace("jsonl", "json")
    rows = load_dataset(file_type, data_files=str(path), split="train", cache_dir=cache)
    for i, (row, sample) in enumerate(zip(rows, expected, strict=True)):
        expect(i, sample, path.parent / row["videos"][0], row["problem"], row["answer"])
    return f"datasets.load_dataset: {rows.column_names}"


def llama_factory(path, expected, cache):
    from llamafactory.data.loader import _load_single_dataset
    from llamafactory.data.parser import get_dataset_list
    from llamafactory.hparams import DataArguments, ModelArguments
    from transformers import TrainingArguments

    data = DataArguments(dataset=path.stem, dataset_dir=str(path.parent))
    data.media_dir = data.media_dir or data.dataset_dir
    model = ModelArguments(model_name_or_path="none", cache_dir=cache)
    (attributes,) = get_dataset_list(data.dataset, data.dataset_dir)
    rows = _load_single_dataset(attributes, model, data, TrainingArguments(output_dir=cache, use_cpu=True))
    for i, (row, sample) in enumerate(zip(rows, expected, strict=True)):
        assert [turn["role"] for turn in row["_prompt"] + row["_response"]] == ["user", "assistant"], row
        video = pathlib.Path(row["_videos"][0])
        expect(i, sample, video if video.exists() else path.parent / video, row["_prompt"][0]["content"], None)
        assert row["_response"][0]["content"], row
    return "llamafactory _load_single_dataset"


def ms_swift(path, expected, cache):
    from swift.dataset import load_dataset

    # As GRPO loads; SFT drops the columns that it does not learn from.
    rows, _ = load_dataset([str(path)], strict=True, load_from_cache_file=False, remove_unused_columns=False)
    for i, (row, sample) in enumerate(zip(rows, expected, strict=True)):
        assert [turn["role"] for turn in row["messages"]] == ["user", "assistant"], row
        expect(i, sample, path.parent / row["videos"][0], row["messages"][0]["content"], row["solution"])
    return f"swift.dataset.load_dataset: {rows.column_names}"


LOADERS = {"easyr1": easyr1, "llama-factory": llama_factory, "ms-swift": ms_swift}


def main(arguments):
    if len(arguments) < 2:
        sys.exit(__doc__)
    own, *exports = (pathlib.Path(argument).resolve() for argument in arguments)
    expected = samples(own)
    for sample in expected:
        sample["resolved"] = (own.parent / sample["video"]).resolve()
    failed = 0
    for path in exports:
        with tempfile.TemporaryDirectory() as cache:
            try:
                how = LOADERS[path.stem](path, expected, cache)
                print(f"ok      {path.name}: {len(expected)} rows by {how}")
            except (AssertionError, ValueError) as e:
                failed += 1
                print(f"differs {path.name}: {e!r}"[:2000])
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main(sys.argv[1:])
