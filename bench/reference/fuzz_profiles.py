"""Random predictions through the original evaluators and through `videotg score`: fuzz_profiles.py CHECKOUTS [SEEDS] [ROWS]

CHECKOUTS as for golden_profiles.py; an evaluator whose checkout is missing is left out, and said so. SEEDS (3) files of ROWS (300)
rows for each profile: times on a grid of half seconds, on which thresholds are hit exactly, and replies out of pieces. Every metric
must agree to 1e-9. Ends with 1 if one does not.
"""

import json
import math
import os
import random
import subprocess
import sys
from pathlib import Path

import golden_profiles
import numpy as np
from original import folder

VIDEOTG = os.environ.get("VIDEOTG", str(Path(__file__).resolve().parents[2] / "videotg")).split()
PIECES = ["{a} to {b}", "{a} and {b}", "{a} - {b}", "{a}s to {b}s", "00:{i:02d} - 00:{j:02d}", "between {a} and {b} seconds",
          "<answer>{a} to {b}</answer>", "[{a}, {b}]", "from {a}", "no idea", "{a}-{b}", "at {i}:{j:02d}", "{a}  to  {b}", "TO {b}"]
OPTIONS = ["red", "green", "blue", "white", "black"]


class Rows:
    """Draws what rows hold."""

    def __init__(self, seed):
        self.random = random.Random(seed)

    def time(self, limit=30):
        kind = self.random.random()
        whole = self.random.randint(0, 2 * limit) / 2
        return whole if kind < 0.7 else float(self.random.randint(0, limit)) if kind < 0.85 else self.random.random() * limit

    def truth(self, limit=30):
        start, end = sorted((self.time(limit), self.time(limit)))
        return [start, end] if end > start else [start, start + 1]

    def window(self, limit=30):
        return [self.time(limit), self.time(limit * 1.2)] if self.random.random() < 0.2 else self.truth(limit)

    def windows(self, most, limit=30):
        return [self.window(limit) for _ in range(self.random.randint(1, most))]

    def reply(self, truth):
        pieces = []
        for _ in range(self.random.randint(1, 2)):
            a, b = truth if self.random.random() < 0.3 else self.window()
            pieces.append(self.random.choice(PIECES).format(a=a, b=b, i=int(a), j=int(b)))
        return " ".join(pieces)

    def glue(self):
        tuples = self.random.choice([", ", ","]).join(f"({a}, {b})" for a, b in self.windows(3))
        return self.random.choice(["<glue>[{}]</glue>"] * 8 + ["<glue>[{}", "<glue>{}</glue>", "none"]).format(tuples)

    def letter(self):
        return self.random.choice("ABCDE")


def timer1(draw, here, n):
    rows = [{"qid": f"q{i}", "target": draw.truth(), "duration": 30.0} for i in range(n)]
    golden_profiles.jsonl(here / "predictions.jsonl", [row | {"output_text": draw.reply(row["target"])} for row in rows])


def timezero(draw, here, n):
    truths = {f"v{i}": {"duration": 30.0, "timestamps": [draw.truth()], "sentences": [f"event {i}"]} for i in range(n)}
    golden_profiles.write(here / "annotations.json", truths)
    golden_profiles.jsonl(here / "predictions.jsonl", [{"id": f"{video}#0", "reply": draw.reply(of["timestamps"][0])}
                                                       for video, of in truths.items()])


def videochat_r1(draw, here, n):
    timezero(draw, here, n)


def videochat_r1_gqa(draw, here, n):
    rows = [{"id": f"q{i}", "video": f"v{i}.mp4", "question": f"question {i}?", "type": "CW", "duration": 30,
             "options": [f"({letter}) {name}" for letter, name in zip("ABCDE", OPTIONS)],
             "glue": [draw.truth() for _ in range(draw.random.randint(1, 3))], "answer": f"({draw.letter()})"} for i in range(n)]
    golden_profiles.write(here / "annotations.json", rows)
    golden_profiles.jsonl(here / "predictions.jsonl", [
        {"id": row["id"], "reply": f"<answer>The answer is {draw.letter()}</answer>" + draw.glue()} for row in rows])


def timelens(draw, here, n):
    rows = []
    for i in range(n):
        truth = draw.truth()
        rows.append({f"v{i}.mp4>>>event {i}>>>{truth}": {"answers": draw.reply(truth), "duration": 30.0}})
    golden_profiles.jsonl(here / "predictions.jsonl", rows)


def videomind(draw, here, n):
    golden_profiles.jsonl(here / "annotations.jsonl", [
        {"qid": f"q{i}", "query": f"event {i}", "duration": draw.time() + 20, "vid": f"v{i}", "options": OPTIONS,
         "relevant_windows": [draw.truth() for _ in range(draw.random.randint(1, 3))], "ans": draw.letter()} for i in range(n)])
    golden_profiles.jsonl(here / "predictions.jsonl", [
        {"qid": f"q{i}", "pred_relevant_windows": draw.random.choice([[], *[draw.windows(7) for _ in range(5)]]),
         "ans": draw.letter()} for i in range(n)])


def nextgqa(draw, here, n):
    truths, table = {}, ["video_id,frame_count,width,height,question,answer,qid,type,a0,a1,a2,a3,a4"]
    ground, answers = {}, {}
    for i in range(n):
        video, right, key = str(7000 + i // 3), draw.random.randrange(5), str(i % 3)
        of = truths.setdefault(video, {"duration": 30, "location": {}, "fps": 29.97})
        of["location"][key] = [draw.truth() for _ in range(draw.random.randint(1, 3))]
        table.append(f"{video},300,640,480,what,{OPTIONS[right]},{key},CW,{','.join(OPTIONS)}")
        ground[f"{video}_{key}"] = draw.window()
        answers[f"{video}_{key}"] = {"prediction": draw.random.choice([right, draw.random.randrange(5)]), "answer": right}
    for name, value in (("annotations", truths), ("predictions-ground", ground), ("predictions-qa", answers)):
        golden_profiles.write(here / f"{name}.json", value)
    (here / "questions.csv").write_text("\n".join(table) + "\n", encoding="utf-8")


def nextgqa_fractions(draw, here, n):
    nextgqa(draw, here, n)
    golden_profiles.write(here / "predictions-ground.json", {
        key: [draw.random.choice([draw.random.random(), draw.time() / 30]) for _ in range(2)]
        for key in golden_profiles.load(here / "predictions-ground.json")})
    (here / "predictions-qa.json").unlink()
    (here / "questions.csv").unlink()


def nextqa(draw, here, n):
    table, predictions = ["video,frame_count,width,height,question,answer,qid,type,a0,a1,a2,a3,a4"], {}
    kinds = ["CW", "CH", "TN", "TC", "TP", "DC", "DL", "DO"]
    for i in range(n):
        right = draw.random.randrange(5)
        kind = kinds[i] if i < len(kinds) else draw.random.choice(kinds)  # of a type without questions the original stops
        table.append(f"{7000 + i // 3},300,640,480,what,{right},{i % 3},{kind},{','.join(OPTIONS)}")
        predictions[f"{7000 + i // 3}_{i % 3}"] = {"prediction": draw.random.choice([right, draw.random.randrange(5)]), "answer": right}
    (here / "annotations.csv").write_text("\n".join(table) + "\n", encoding="utf-8")
    golden_profiles.write(here / "predictions.json", predictions)


def lmms_eval_charades(draw, here, n):
    truths = [draw.truth() for _ in range(n)]
    golden_profiles.jsonl(here / "predictions.jsonl", [
        {f"v{i}.mp4>>>event {i}.>>>{truth}": draw.reply(truth)} for i, truth in enumerate(truths)])


def lmms_eval_timelens(draw, here, n):
    truths = [draw.truth() for _ in range(n)]
    golden_profiles.jsonl(here / "predictions.jsonl", [
        {f"videos/v{i}.mp4>>>event {i}>>>[{truth}]": draw.reply(truth)} for i, truth in enumerate(truths)])


def rextime(draw, here, n):
    golden_profiles.jsonl(here / "annotations.jsonl", [
        {"qid": f"q{i}", "query": f"what {i}?", "duration": 30, "vid": f"v{i}", "relevant_windows": [draw.truth()],
         "ans": draw.letter()} for i in range(n)])
    golden_profiles.jsonl(here / "predictions.jsonl", [
        {"qid": f"q{i}", "pred_relevant_windows": draw.windows(3), "ans": draw.letter()} for i in range(n)])


def timechat(draw, here, n):
    truths = [{"image_id": f"v{i}.mp4", "caption": f"event {i}", "timestamp": draw.truth(), "id": i} for i in range(n)]
    golden_profiles.write(here / "annotations.json", {"annotations": truths})
    golden_profiles.write(here / "predictions.json", {
        str(i): {"timestamp": draw.random.choice([[], *[draw.windows(3) for _ in range(4)]]), "query": f"event {i}",
                 "vid": f"v{i}.mp4"} for i in range(n)})


def moment_detr(draw, here, n):
    truths, predictions = [], []
    for i in range(n):
        clips = sorted(draw.random.sample(range(75), draw.random.randint(1, 8)))
        windows = [[[0.0, 8.0]], [[40.0, 60.0]], [[20.0, 70.0]]][i] if i < 3 else [
            draw.truth(150) for _ in range(draw.random.randint(1, 4))]
        truths.append({"qid": i, "query": f"event {i}", "duration": 150, "vid": f"v{i}", "relevant_windows": windows,
                       "relevant_clip_ids": clips,
                       "saliency_scores": [[draw.random.randint(0, 4) for _ in range(3)] for _ in clips]})
        predictions.append({"qid": i, "query": f"event {i}", "vid": f"v{i}", "pred_relevant_windows": [
            [*draw.window(150), round(draw.random.random(), 1)] for _ in range(draw.random.randint(1, 13))],
            "pred_saliency_scores": [round(draw.random.gauss(0, 1), 1) for _ in range(draw.random.choice([75, 74, 77]))]})
    golden_profiles.jsonl(here / "annotations.jsonl", truths)
    golden_profiles.jsonl(here / "predictions.jsonl", predictions)


def cg_detr(draw, here, n):
    moment_detr(draw, here, n)


def videomind_qvhighlights(draw, here, n):
    moment_detr(draw, here, n)


PROFILES = {timer1: "timer1", timezero: "timezero", videochat_r1: "videochat-r1", videochat_r1_gqa: "videochat-r1", timelens: "timelens",
            lmms_eval_charades: "lmms-eval", lmms_eval_timelens: "lmms-eval", videomind: "videomind", nextgqa: "nextgqa",
            nextgqa_fractions: "nextgqa", nextqa: "nextqa", rextime: "rextime", timechat: "timechat", moment_detr: "moment_detr",
            cg_detr: "cg_detr", videomind_qvhighlights: "videomind"}  # the checkout of each


def ours(here, name):
    profile = name.removesuffix("-gqa").removesuffix("-fractions")
    call = [*VIDEOTG, "score", "--profile", profile, "--json"]
    for file in sorted(here.iterdir()):
        call += ["--predictions" if file.name.startswith("predictions") else "--annotations", str(file)]
    call += {"videomind": ["--unit", "0.1"], "nextgqa-fractions": ["--fractions"]}.get(name, [])
    done = subprocess.run(call, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(done.stderr)
    return json.loads(done.stdout.splitlines()[0])["metrics"]


def differ(a, b):
    a, b = (math.nan if value is None else value for value in (a, b))
    return not (math.isnan(a) and math.isnan(b)) and not abs(a - b) <= 1e-9


def main():
    if len(sys.argv) not in (2, 3, 4):
        print(__doc__, file=sys.stderr)
        return 2
    checkouts = Path(sys.argv[1]).resolve()
    seeds, n = (int(given) for given in (sys.argv[2:] + ["3", "300"][len(sys.argv) - 2:]))
    np.seterr(all="ignore")
    bad = 0
    for write, checkout in PROFILES.items():
        name = write.__name__.replace("_", "-")
        if not (checkouts / checkout).exists():
            print(f"{name}: left out, no checkout")
            continue
        for seed in range(seeds):
            with folder() as here:
                write(Rows(seed), here, n)
                try:
                    rows, score = getattr(golden_profiles, write.__name__)(checkouts / checkout, here)
                except ModuleNotFoundError as error:
                    print(f"{name}: left out, its evaluator needs the module {error.name}")
                    break
                expected, found = score(rows), ours(here, name)
            wrong = {key: (expected.get(key), found.get(key)) for key in expected.keys() | found.keys()
                     if key not in expected or key not in found or differ(expected[key], found[key])}
            bad += len(wrong)
            print(f"{name} seed {seed}: {len(expected)} metrics of {len(rows)} rows, {len(wrong)} differ {wrong or ''}", flush=True)
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
