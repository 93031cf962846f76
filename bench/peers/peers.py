"""Compares videotg with transformers: peers.py BENCH_RUN FOLDER MODEL...

Both sides answer the same requests in processes of their own, one thread each, in turn (A B A B). They must compute
the same numbers. Ratios are peer / videotg: above 1, videotg is ahead. ROUNDS sets the counted rounds after a first
one (3), ROW limits the table to rows whose names hold it. VIDEO is a file that both sides read as input of the vision
tower; without it these rows are left out.
"""

import json
import os
import subprocess
import sys

import models
from measure import three, whole

ROUNDS = int(os.environ.get("ROUNDS", "3"))
VIDEO = os.environ.get("VIDEO")
PROMPT, GROUP = 2000, 8


def step(reply, recompute, pattern):
    return {"what": "step", "prompt": PROMPT, "reply": reply, "group": GROUP, "gradients": True,
            "recompute": recompute, "pattern": pattern}


def video_step(vision):
    """A video of 8 grids of 24 x 24 patches, 1,152 tokens, comes before 400 tokens of text."""
    return {**step(60, False, "trl"), "prompt": 400, "grids": 8, "side": 24, "vision": vision}


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

TOWER_ROWS = {
    "step with a video, tower trained, against TRL's pattern": video_step("trained"),
    "step with a video, its features cached, against TRL's pattern": video_step("cached"),
}

START_UP = "start of a process, 1 greedy token"

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


def start_up(command, request):
    """Starts a process that answers one request, and counts all that it takes from its start to its end."""
    counted = whole(command, json.dumps(request) + "\n")
    return {**counted, "values": json.loads(counted["printed"])["values"]}


def agree(name, ours, theirs):
    """Says where the sides disagree. Sums of log-probabilities, norms of gradients and largest logits must agree
    to 1 in 1000, means of patches to 0.02, since decoders make other colours, greedy tokens exactly."""
    tolerance = 0 if "greedy" in name else 2e-2 if "video" in name else 1e-3
    if len(ours) != len(theirs) or any(abs(a - b) > tolerance * max(1, abs(b)) for a, b in zip(ours, theirs)):
        return f" THE SIDES DISAGREE: {ours[:9]} and {theirs[:9]}"
    return ""


def compare(run, folder, model):
    checkpoint = f"{folder}/{model}"
    if not os.path.exists(f"{checkpoint}/model.safetensors"):
        models.make(checkpoint, model)
    commands = [[run, "PeerWorker", checkpoint],
                [sys.executable, os.path.join(os.path.dirname(__file__), "worker.py"), checkpoint]]
    sides = [Side(*command) for command in commands]
    for name, request in (TOWER_ROWS if model in models.TOWERS else ROWS).items():
        turns = rounds(name, lambda i: sides[i].ask(request))
        if turns:
            print_row(model, name, *turns)
    for side in sides:
        side.close()
    turns = rounds(START_UP, lambda i: start_up(commands[i], {**generate(1, 0.0), "prompt": 16, "reply": 1}))
    if turns:
        print_row(model, START_UP, *turns)


def rounds(name, ask):
    """Lets both sides take turns; returns what each answered in the counted rounds, or nothing for a row left out."""
    if os.environ.get("ROW", "") not in name:
        return None
    turns = [(ask(0), ask(1)) for _ in range(ROUNDS + 1)]
    return [list(side) for side in zip(*turns[1:])]


def print_row(model, name, ours, theirs):
    warning = agree(name, ours[-1]["values"], theirs[-1]["values"])
    cpu, wall = ([y[key] / x[key] for x, y in zip(ours, theirs)] for key in ("cpu", "wall"))
    peak = [max(x["peak"] for x in side) / 2**20 for side in (ours, theirs)]
    memory = f"{peak[0]:.0f} / {peak[1]:.0f}"
    print(f"| {model} | {name} | {three(cpu)} | {three(wall)} | {memory} |{warning}", flush=True)


if __name__ == "__main__":
    print("| model | figure | CPU ratio: min / median / max | wall ratio | peak MB: videotg / peer |")
    print("|---|---|---|---|---|", flush=True)
    for each in sys.argv[3:]:
        compare(sys.argv[1], sys.argv[2], each)
