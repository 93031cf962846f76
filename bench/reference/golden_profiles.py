"""What published evaluators say of our adversarial rows: golden_profiles.py CHECKOUTS [ROWS]

CHECKOUTS holds a checkout of each evaluator (README.md has their names there, repositories and commits). ROWS is
benchmarks/src/test/resources/golden/profiles unless given: a folder for each profile with our rows in the project's own file format.
Each gets an `expected.json`: the original's metrics of every row alone (or why it raises; where `anchors` is N, of the first N
rows and that row), and of all rows together; if it `stops` on those, of all that don't raise alone.
"""

import json
import re
import sys
import types
from pathlib import Path

import numpy as np
from detr import cg_detr, moment_detr, videomind_qvhighlights
from original import folder, functions, lines, printed, script, statements

OF_MOMENT_DETR = ("cg-detr", "videomind-qvhighlights")  # evaluators of its rows
ROWS = Path(__file__).resolve().parents[2] / "benchmarks/src/test/resources/golden/profiles"


def load(path):
    return json.loads(path.read_text(encoding="utf-8"))


def write(path, value):
    path.write_text(json.dumps(value), encoding="utf-8")
    return path


def jsonl(path, rows):
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def timer1(code, data):
    extract = functions(code / "evaluate.py", ["extract_answer"], {"re": re}).extract_answer
    names = ["compute_IoU", "load_scored_data", "calc_score"]
    evaluator = functions(code / "src/vllm_inference/eval_all.py", names, {"np": np, "os": __import__("os"), "json": json})
    rows = [row | {"pred": extract(row["output_text"], "tg")} for row in lines(data / "predictions.jsonl")]

    def score(chosen):
        with folder() as here:
            jsonl(here / "tg.jsonl", chosen)
            scores = evaluator.calc_score(evaluator.load_scored_data(str(here), "tvgbench"), "tvgbench")
        return {str(name): float(value) for name, value in scores.items()}

    return rows, score


def r1_loop(path, extra):
    """TimeZero's and VideoChat-R1's loop over videos, with our replies in place of the model's."""
    names = ["parse_timestamp_output", "process_work_items", *extra]
    replies = {}
    bar = type("Bar", (list,), {"set_postfix": lambda self, *_: None})
    stub = {"np": np, "re": re, "os": __import__("os"), "json": json, "pickle": __import__("pickle"), "tqdm": bar,
            "ast": __import__("ast"), "GROUND_TEMPLATE": "[EVENT]", "GQA_TEMPLATE": "[QUESTION]",
            "setup_model": lambda *_: (None, None), "inference": lambda video, prompt, *_, **__: replies[Path(video).stem]}
    return replies, functions(path, names, stub)


def grounding(path, extra, data):
    replies, evaluator = r1_loop(path, extra)
    annotations = load(data / "annotations.json")
    replies.update({row["id"].split("#")[0]: row["reply"] for row in lines(data / "predictions.jsonl")})

    def score(chosen):
        items = [{"vid": vid, "ann": annotations[vid], "sentence_idx": 0} for vid in chosen]
        with folder() as here, printed():
            for vid in chosen:
                (here / f"{vid}.mp4").touch()
            ious, recall = evaluator.process_work_items(items, str(here), "model", "cpu", "log")
        return {"mIoU": sum(ious) / len(ious)} | {f"R@{t}": hits / len(ious) for t, hits in zip((0.3, 0.5, 0.7), recall.tolist())}

    return list(annotations), score


def timezero(code, data):
    return grounding(code / "evaluate.py", ["get_checkpoint_path", "save_checkpoint"], data)


def videochat_r1(code, data):
    return grounding(code / "src_eval/evaluate_grounding.py", ["append_to_jsonl"], data)


def videochat_r1_gqa(code, data):
    extra = ["create_work_items", "extract_characters_regex", "merge_intervals", "compute_iou", "is_valid_two_d_list_format",
             "append_to_jsonl"]
    replies, evaluator = r1_loop(code / "src_eval/evaluate_gqa.py", extra)
    rows = load(data / "annotations.json")
    replies.update({f"v{row['id'][1:]}": row["reply"] for row in lines(data / "predictions.jsonl")})

    def score(chosen):
        with folder() as here, printed():
            try:
                evaluator.process_work_items(evaluator.create_work_items(chosen, "."), "model", "cpu", "log")
            except ZeroDivisionError:
                pass  # it divides by the number of IoUs of the last row, after every row is written down
            log = here / "log/model_gqa/cpu.jsonl"
            if not log.exists():
                raise NameError("no row is written down: the first IoU is missing")
            written = lines(log)
        return {"mIoU": sum(row["iou"] for row in written) / len(written),
                "accuracy": sum(row["acc"] for row in written) / len(written)}

    return rows, score


def timelens(code, data):
    extract = functions(code / "timelens/utils.py", ["extract_time"], {"re": re}).extract_time
    infer = statements(code / "evaluation/eval_dataloader.py", "timestamps = extract_time(answers)", "timestamps = [")

    def parsed(row):
        (key, value), = row.items()
        scope = {"extract_time": extract, "dataset_class": object, **value}
        with printed():
            exec(infer, scope)
        return {key: {"timestamps": scope["timestamps"], **value}}

    def score(chosen):
        with folder() as here:
            path = jsonl(here / "result.jsonl", [parsed(row) for row in chosen])
            script(code / "evaluation/compute_metrics.py", "-f", path, roots=[code])
            return pairs(path.with_suffix(".log").read_text())

    return lines(data / "predictions.jsonl"), score


def pairs(text):
    return {name: float(value) for name, value in re.findall(r"^(m?IOU(?: \d\.\d)?): ([\d.]+)", text, re.M)}


def lmms_eval(path, names, compute, prefix, data):
    quiet = types.SimpleNamespace(info=lambda *_: None, warning=lambda *_: None)
    evaluator = functions(path, [*names, compute], {"re": re, "json": json, "ast": __import__("ast"), "eval_logger": quiet})

    def score(chosen):
        return {prefix + name: float(value) for name, value in getattr(evaluator, compute)(chosen).items()}

    return lines(data / "predictions.jsonl"), score


def lmms_eval_charades(code, data):
    names = ["extract_time", "_time_to_seconds", "iou", "_parse_ground_truth"]
    path = code / "lmms_eval/tasks/charades_sta/utils.py"
    return lmms_eval(path, names, "_temporal_grounding_compute_metrics", "charades_sta_", data)


def lmms_eval_timelens(code, data):
    path = code / "lmms_eval/tasks/timelens/utils.py"
    return lmms_eval(path, ["extract_time", "iou"], "_timelens_compute_metrics", "timelens_", data)


def videomind(code, data):
    import nncore
    import torch
    nncore.set_default_logger, nncore.log = lambda *_, **__: None, lambda text, **_: print(text)
    infer = statements(code / "videomind/eval/infer_auto.py", "pred = pred.clamp", "pred = pred.tolist()")
    rows = list(zip(lines(data / "annotations.jsonl"), lines(data / "predictions.jsonl")))

    def dump(truth, prediction):
        scope = {"torch": torch, "duration": truth["duration"], "dataset_cls": types.SimpleNamespace(UNIT=0.1),
                 "pred": torch.Tensor(prediction["pred_relevant_windows"])}
        if prediction["pred_relevant_windows"]:
            exec(infer, scope)
        else:
            scope["pred"] = [[0, truth["duration"]]]
        return {"pred": scope["pred"], "conf": [0] * len(scope["pred"]), "span": truth["relevant_windows"],
                "duration": truth["duration"], "question": truth["query"], "options": truth["options"], "ans": truth["ans"],
                "response": prediction["ans"]}

    def score(chosen):
        with folder() as here:
            write(here / "output.json", [dump(*row) for row in chosen])
            out = script(code / "videomind/eval/eval_auto.py", here, "--dataset", "charades_sta")
        table = [line for line in out.splitlines() if line.startswith("| all")]
        iou, iop, answers = [[float(cell) for cell in line.split("|")[4:-1]] for line in table]
        ranks = [f"R{k}@{t}" for k in (1, 3, 5) for t in (0.3, 0.5, 0.7)]
        return (dict(zip([*ranks, "mIoU"], iou)) | dict(zip([*(f"IoP {name}" for name in ranks), "mIoP"], iop))
                | dict(zip(["Acc", "Acc (IoU >= 0.5)", "Acc (IoP >= 0.5)"], answers)))

    return rows, score


def nextgqa(code, data, gaussian=False):
    import pandas
    evaluator = functions(code / "code/TempGQA/eval_ground.py", ["get_tIoU", "eval_ground"], {"np": np})
    types_of = {name: name for name in ("CW", "CH", "TN", "TC", "DC", "DL", "DO", "C", "T", "D")}
    accuracy = functions(code / "code/TempGQA/eval_next.py", ["accuracy_metric"], {"map_name": types_of}).accuracy_metric
    truths, ground = load(data / "annotations.json"), load(data / "predictions-ground.json")
    answers = None if gaussian else load(data / "predictions-qa.json")
    rows = [(vid, qid) for vid, of in truths.items() for qid in of["location"] if f"{vid}_{qid}" in ground]

    def score(chosen):
        subset = {}
        for vid, qid in chosen:
            subset.setdefault(vid, {**truths[vid], "location": {}})["location"][qid] = truths[vid]["location"][qid]
        with printed() as out:
            evaluator.eval_ground(subset, ground, answers, gs=gaussian)
        names = ["Acc&GQA", "mIoP", "TIoP@0.3", "TIoP@0.5", "mIoU", "TIoU@0.3", "TIoU@0.5"]
        metrics = dict(zip(names, map(float, out.getvalue().split("\n")[1].split())))
        if gaussian:
            del metrics["Acc&GQA"]
            return metrics
        table = pandas.read_csv(data / "questions.csv", dtype=str)
        with printed() as out:
            accuracy(table[[(row.video_id, row.qid) in chosen for row in table.itertuples()]], answers)
        return metrics | {"Acc": float(out.getvalue().split("Acc: ")[1])}

    return rows, score


def nextgqa_fractions(code, data):
    return nextgqa(code, data, gaussian=True)


def nextqa(code, data):
    import pandas
    table = pandas.read_csv(data / "annotations.csv", dtype=str)
    of_file = {"annotations": table, "predictions": load(data / "predictions.json")}
    module = functions(code / "eval_mc.py", ["accuracy_metric"], {"load_file": of_file.get, "map_name": {
        "CW": "Why", "CH": "How", "TN": "Bef&Aft", "TC": "When", "DC": "Cnt", "DL": "Loc", "DO": "Other", "C": "Acc_C",
        "T": "Acc_T", "D": "Acc_D"}})

    def score(_):
        with printed() as out:
            module.accuracy_metric("annotations", "predictions")
        names, values, whole = out.getvalue().splitlines()
        return dict(zip(names.split(), map(float, values.split()))) | {"Acc": float(whole.removeprefix("Acc: "))}

    return list(table.itertuples()), score


def rextime(code, data):
    sys.path.insert(0, str(code / "evaluation"))
    import rextime_eval
    rows = list(zip(lines(data / "predictions.jsonl"), lines(data / "annotations.jsonl")))

    def score(chosen):
        with printed():
            found = rextime_eval.eval_submission([row[0] for row in chosen], [row[1] for row in chosen], verbose=False)
        full = found["full"]
        return found["brief"] | {f"MR-full-R1@{t}": v for t, v in full["MR-R1"].items()} | full["VQA,mIoU"]

    return rows, score


def timechat(code, data):
    predictions = load(data / "predictions.json")

    def score(chosen):
        with folder() as here:
            path = write(here / "predictions.json", {key: predictions[key] for key in chosen})
            truths = data / "annotations.json"
            out = script(code / "metrics/tvg/eval_tvg.py", "--pred_file", path, "--gt_file", truths, "--sample")
        return pairs(out)

    return list(predictions), score


def alone(score, row):
    try:
        return score([row])
    except Exception as error:  # whatever stops the original is what the row is there to show
        return {"raises": type(error).__name__}


def main():
    if len(sys.argv) not in (2, 3):
        print(__doc__, file=sys.stderr)
        return 2
    checkouts, rows_of = Path(sys.argv[1]).resolve(), Path(sys.argv[2]).resolve() if len(sys.argv) == 3 else ROWS
    np.seterr(all="ignore")
    for evaluator, checkout in ((timer1, "timer1"), (timezero, "timezero"), (videochat_r1, "videochat-r1"),
                                (videochat_r1_gqa, "videochat-r1"), (timelens, "timelens"), (lmms_eval_charades, "lmms-eval"),
                                (lmms_eval_timelens, "lmms-eval"), (videomind, "videomind"), (nextgqa, "nextgqa"),
                                (nextgqa_fractions, "nextgqa"), (rextime, "rextime"), (moment_detr, "moment_detr"),
                                (cg_detr, "cg_detr"), (videomind_qvhighlights, "videomind"), (timechat, "timechat")):
        name = evaluator.__name__.replace("_", "-")
        data = rows_of / ("moment-detr" if name in OF_MOMENT_DETR else name)
        rows, score = evaluator(checkouts / checkout, data)
        single = [alone(score, row) for row in rows]
        whole, stops = alone(lambda _: score(rows), None), False
        if "raises" in whole:
            whole, stops = score([row for row, metrics in zip(rows, single) if "raises" not in metrics]), True
        text = json.dumps({"anchors": getattr(score, "anchors", 0), "stops": stops, "rows": single, "all": whole}, indent=0)
        (rows_of / name).mkdir(exist_ok=True)
        (rows_of / name / "expected.json").write_text(text.replace("NaN", "null") + "\n", encoding="utf-8")
        print(f"{name}: {len(rows)} rows, {sum('raises' in metrics for metrics in single)} raise")
    return 0


if __name__ == "__main__":
    sys.exit(main())
