"""Compares videotg with transformers: peers.py BENCH_RUN FOLDER MODEL...

Both sides answer the same requests in processes of their own, one thread each, in turn (A B A B). They must compute
the same numbers. Ratios are peer / videotg: above 1, videotg is ahead. ROUNDS sets the counted rounds after a first
one (3), ROW limits the table to rows whose names hold it. VIDEO is a file that both sides read as input of the vision
tower; without it these rows are left out.
"""

import json
import os
import statistics
import subprocess
import sys

import models

ROUNDS = int(os.environ.get("ROUNDS", "3"))
VIDEO = os.environ.get("VIDEO")
PROMPT, GROUP = 2000, 8


def step(reply, recompute, pattern):
    return {"what": "step", "prompt": PROMPT, "reply": reply, "group": GROUP, "gradients": True,
            "recompute": recompute, "pattern": pattern}


def generate(group, temperature):
    return {"what": "generate", "prompt": PROMPT, "reply": 60, "group": group, "temperature": temperature}


ROWS = {
    "step, C = 60, against the repeated prompt": step(60, False, "full"),
    "step, C = 60, against TRL's pattern": step(60, False, "trl"),
    "step, C = 60, against TRL's pattern, both recompute": step(60, True, "trl"),
    "step, C = 400, against TRL's pattern": step(400, False, "trl"),
    "step, C = 400, against TRL's pattern, both recompute": step(400, True, "trl"),
    "8 sampled replies of 60 tokens": generate(GROUP, 1.0),
    "1 greedy reply of 60 tokens": generate(1, 0.0),
    "forward": {"what": "forward", "prompt": PROMPT, "reply": 60},
    "forward and backward": {**step(60, False, "trl"), "group": 1},
    "prefill": {"what": "prefill", "prompt": PROMPT},
}


if VIDEO:
    for reader in ("torchcodec", "decord", "PyAV"):
        ROWS[f"video to model input, against {reader}"] = {"what": "video", "file": VIDEO, "reader": reader}


class Side:
    def __init__(self, *command):
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def ask(self, request):
        self.process.stdin.write(json.dumps(request) + "\n")
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        if not line:
            sys.exit(f"error: a worker ended while it computed {request}")
        return json.loads(line)

    def close(self):
        self.process.stdin.close()
        self.process.wait()


def agree(name, ours, theirs):
    """Says where the sides disagree. Sums of log-probabilities, norms of gradients and largest logits must agree
    to 1 in 1000, means of patches to 0.02, since decoders make other colours, greedy tokens exactly."""
    tolerance = 0 if "greedy" in name else 2e-2 if "video" in name else 1e-3
    if len(ours) != len(theirs) or any(abs(a - b) > tolerance * max(1, abs(b)) for a, b in zip(ours, theirs)):
        return f" THE SIDES DISAGREE: {ours[:9]} and {theirs[:9]}"
    return ""


def three(values):
    return " / ".join(f"{v:.2f}" for v in (min(values), statistics.median(values), max(values)))


def compare(run, folder, model):
    checkpoint = f"{folder}/{model}"
    if not os.path.exists(f"{checkpoint}/model.safetensors"):
        models.make(checkpoint, model)
    ours = Side(run, "PeerWorker", checkpoint)
    theirs = Side(sys.executable, os.path.join(os.path.dirname(__file__), "worker.py"), checkpoint)
    for name, request in ROWS.items():
        if os.environ.get("ROW", "") not in name:
            continue
        a, b = [], []
        for _ in range(ROUNDS + 1):
            a.append(ours.ask(request))
            b.append(theirs.ask(request))
            warning = agree(name, a[-1]["values"], b[-1]["values"])
        a, b = a[1:], b[1:]
        cpu, wall = ([y[key] / x[key] for x, y in zip(a, b)] for key in ("cpu", "wall"))
        peak = [max(x["peak"] for x in side) / 2**20 for side in (a, b)]
        memory = f"{peak[0]:.0f} / {peak[1]:.0f}"
        print(f"| {model} | {name} | {three(cpu)} | {three(wall)} | {memory} |{warning}", flush=True)
    ours.close()
    theirs.close()


if __name__ == "__main__":
    print("| model | figure | CPU ratio: min / median / max | wall ratio | peak MB: videotg / peer |")
    print("|---|---|---|---|---|", flush=True)
    for each in sys.argv[3:]:
        compare(sys.argv[1], sys.argv[2], each)
