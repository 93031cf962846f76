#!/usr/bin/env python3
"""What decisions by people are worth: those about the most doubtful tenth of the samples, about a random tenth, and none.

    decisions.py CELL WORLD OUT [SEED]

CELL is the folder of a data set, seed and base of `./videotg run` (with agents/ and features/), WORLD the world beside
it. The planted truth decides, through the HTTP interface of `./videotg review`: a complete sample is kept; one whose
event lasts a second or more outside the annotation is discarded, or with "repair" gets the true intervals. Then a tenth
of the data is selected, a model trained by GRPO and evaluated. Writes OUT/results.jsonl; it goes on where it was stopped.
"""
import http.cookiejar
import json
import pathlib
import random
import subprocess
import sys
import urllib.request

HOME = pathlib.Path(__file__).resolve().parents[2]
TENTH = 0.1


def videotg(*arguments):
    subprocess.run([HOME / "videotg", *map(str, arguments)], check=True)


def rows(file):
    with open(file, encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def outside(truth, annotated):
    """Seconds of the true intervals that lie outside the annotated ones."""
    covered = sum(max(0, min(t[1], a[1]) - max(t[0], a[0])) for t in truth for a in annotated)
    return sum(t[1] - t[0] for t in truth) - covered


class Review:
    """A running `./videotg review`, asked as its page asks it."""

    def __init__(self, *arguments):
        command = [HOME / "videotg", "review", *map(str, arguments), "--port", "0"]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        self.site = None
        for line in self.process.stdout:
            if "http://" in line:
                self.site = line[line.index("http://"):].split()[0]
                break
        if self.site is None:
            raise SystemExit("review printed no address")
        cookies = urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())
        self.opener = urllib.request.build_opener(cookies)
        self.opener.open(self.site).read()
        self.site = self.site.split("?")[0].rstrip("/")

    def samples(self):
        with self.opener.open(self.site + "/api/samples?filter=all") as answer:
            return json.load(answer)

    def decide(self, decision):
        headers = {"Content-Type": "application/json", "Origin": self.site}
        request = urllib.request.Request(self.site + "/api/decisions", json.dumps(decision).encode(), headers)
        self.opener.open(request).read()

    def close(self):
        self.process.terminate()
        self.process.wait()


def main(cell, world, out, seed):
    annotated = {row["id"]: row["intervals"] for row in rows(world / "train.jsonl")}
    truth = {row["id"]: row["intervals"] for row in rows(world / "truth.jsonl")}
    partial = {name for name in annotated if outside(truth[name], annotated[name]) >= 1}
    agents = ["--data", world / "train.jsonl", "--reflections", cell / "agents/reflections.jsonl",
              "--difficulty", cell / "agents/difficulty.jsonl"]
    looked = {row["id"] for row in rows(cell / "agents/reflections.jsonl")}
    done = {row["condition"] for row in rows(out / "results.jsonl")} if (out / "results.jsonl").exists() else set()
    out.mkdir(parents=True, exist_ok=True)
    for condition in ("none", "doubtful", "random", "doubtful, repair"):
        if condition in done:
            continue
        folder = out / condition.replace(", ", "-")
        decided = {}
        decisions = folder / "decisions.jsonl"
        if condition != "none":
            folder.mkdir(exist_ok=True)
            decisions.unlink(missing_ok=True)
            review = Review(*agents, "--decisions", decisions)
            listed = [row["id"] for row in review.samples() if row["id"] in looked]
            if condition == "random":
                random.Random(seed).shuffle(listed)
            for name in listed[:round(TENTH * len(looked))]:
                decision = {"id": name, "decision": "keep", "reviewer": "truth"}
                if name in partial:
                    decision["decision"] = "repair" if condition.endswith("repair") else "discard"
                    if condition.endswith("repair"):
                        decision["intervals"] = truth[name]
                review.decide(decision)
                decided[name] = decision["decision"]
            review.close()
        selected = folder / "selected.jsonl"
        videotg("select", *agents, *(["--decisions", decisions] if decided else []), "--seed", seed, "--out", selected)
        chosen = rows(selected)
        left = sum(outside(truth[row["id"]], row["intervals"]) >= 1 for row in chosen)
        videotg("train", HOME / "bench/experiments/headline/grpo.yaml", "--out", folder / "arm", "--resume",
                f"model={HOME / 'models/small'}", f"data={selected}", f"features={cell / 'features'}",
                "optimizer.learningRate=1.0e-4", f"seed={seed}")
        videotg("eval", "--data", world / "test.jsonl", "--model", folder / "arm/model", "--features",
                cell / "features", "--out", folder / "eval")
        score = json.loads((folder / "eval/metrics.json").read_text())
        row = {"condition": condition, "seed": seed, "lookedAt": len(looked), "decided": len(decided),
               "decidedPartial": sum(choice != "keep" for choice in decided.values()),
               "selected": len(chosen), "stillPartial": left, "mIoU": score["mIoU"]}
        with open(out / "results.jsonl", "a", encoding="utf-8") as results:
            results.write(json.dumps(row) + "\n")
        print(row, flush=True)


if __name__ == "__main__":
    main(*map(lambda name: pathlib.Path(name).absolute(), sys.argv[1:4]), int(sys.argv[4]) if len(sys.argv) > 4 else 1)
