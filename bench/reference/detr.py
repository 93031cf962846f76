"""Evaluators of QVHighlights: moment_detr's and what other projects made of it."""

import copy

from original import lines, package, printed


def qvhighlights(evaluate, data, anchors):
    rows = list(zip(lines(data / "predictions.jsonl"), lines(data / "annotations.jsonl")))
    first = rows[:anchors]

    def score(chosen):
        chosen = copy.deepcopy(first + [row for row in chosen if row not in first])
        with printed():
            found = evaluate([row[0] for row in chosen], [row[1] for row in chosen])
        detail = {}
        for name in ("full", "short", "middle", "long"):
            values = found[name]
            if "MR-mIoU" in values:
                detail[f"MR-{name}-mIoU"] = values["MR-mIoU"]
            elif 0.5 in values["MR-R1"]:  # CG-DETR's form of a range without a truth, of which it says the mAP only
                continue
            for kind in ("MR-mAP", "MR-R1", "MR-R5"):
                detail |= {f"MR-{name}-{kind[3:]}@{t}": v for t, v in values.get(kind, {}).items() if t != "average"}
        return found["brief"] | detail

    score.anchors = anchors
    return rows, score


def standalone(code, data, anchors):
    evaluator = package(code, "standalone_eval.eval")
    for name in ("compute_mr_ap", "compute_hl_ap"):
        whole = getattr(evaluator, name)
        setattr(evaluator, name, lambda *a, whole=whole, **k: whole(*a, **{**k, "num_workers": 1}))
    return qvhighlights(lambda *sets: evaluator.eval_submission(*sets, verbose=False), data, anchors)


def moment_detr(code, data):
    return standalone(code, data, 3)  # a truth in every range of length, without which the original stops


def cg_detr(code, data):
    return standalone(code, data, 0)


def videomind_qvhighlights(code, data):
    return qvhighlights(package(code / "videomind/eval", "eval_qvhighlights").qvhighlights_eval, data, 0)
