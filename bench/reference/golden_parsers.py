"""What the projects' own functions make of adversarial replies, for core's test of the parsers. Needs the standard library only,
and a checkout of each project (commits: see the resource files of the prompt templates):

    python bench/reference/golden_parsers.py --timer1 DIR --timelens DIR --tvg DIR --videochat DIR \\
        > core/src/test/resources/org/videotg/core/reply/peer-parsers.jsonl

The functions are taken out of the files one by one; nothing else of the projects runs. Truth of every IoU: [5, 15] of 30 seconds,
answer B.
"""

import argparse
import ast
import contextlib
import io
import json
import math
import os
import random
import re
import typing
from datetime import datetime
from pathlib import Path

HAND = [
    "", "none", "12.54 to 17.83", "<think>a</think><answer>12.54 to 17.83</answer>",
    "<think>1 to 2</think>\n<answer>3 and 4</answer>",
    "<think>1 to 2</think> <answer>none</answer>", "<answer>1 to 2</answer> <answer>3 to 4, 5 to 6</answer>",
    "<answer>3 TO 4</answer>",
    "<answer>3 to 4", "<think>x<answer>3 to 4</answer>", "<answer>3  to 4</answer>", "<answer>20 to 10</answer>",
    "<answer>5.to 6</answer>",
    "<answer>5. to 6.</answer>", "<answer>.5 to .6</answer>", "<answer>1.2.3 to 4.5.6</answer>", "<answer>-3 to 5</answer>",
    "<answer>1 to 2 to 3 to 4</answer>", "<answer>1 and 2 to 3</answer>", "<answer>12.5s to 13.5s</answer>",
    "<answer>\u0663 to \u0667</answer>",
    "<answer>" + "9" * 400 + " to " + "9" * 401 + "</answer>", "<answer>1e3 to 2e3</answer>", "<answer>NaN to 5</answer>",
    "<think>\n</think>\n<answer>\n5 to 15\n</answer>\n", "<think></think>x<answer>5 to 15</answer>",
    " <think></think></think> <answer>a</answer>b</answer> ",
    "The event happens in 12.5 - 17.8 seconds.", "The event happens in 12.5 - 17.8 seconds, 20.0 - 21.0 seconds.",
    "00:05 - 00:15", "from 0:00:05.25 to 01:02:03",
    "at 00:05 only, 6 - 9", "1:02:03x and 04:05", "a12:34:56 7:08", "123:45 6:7 08:09.5s 10:11.", "5-15", "5 -\n15",
    "5 \u2013 15", "10-20-30",
    "5 to 15", "5TO15", "5 To 15", "starts at 5.0 and ends at 15.5 s", "12.5s 13", "v2 3 4 5", "one number 7", "1. 2. 3",
    "12_3 4 5", "\u0661\u0662 - \u0661\u0665",
    "<think>a</think> <time>[5.2, 10.4]</time>", "<think>a</think><time> [5, 15] </time> <time>[1, 2]</time>",
    "<time>[5.2, 10.4, 11]</time>", "<time>[10.4, 5.2]</time>",
    "<time>5.2, 10.4</time>", "<time>[NaN, 10]</time>", "<time>[05, 10]</time>", "<time>[5., 10]</time>",
    "<time>[-5, 1e1]</time>", "<time>[[5, 10]]</time>",
    "<time>[5, 10] x</time>", "<think></think><time></time>", "x<think></think><time>[5, 15]</time>",
    "<think></think><time>[null, 1]</time>", "<time>[5,\n15]</time>",
    "<think>a</think><answer>B</answer><glue>[(5.2, 10.4)]</glue>",
    "<think>a</think>\n<answer>(B) red</answer>\n<glue>[(5, 15)]</glue>\n",
    "<think></think><answer>The answer is B</answer><glue>[(5, 9), (8, 20)]</glue>",
    "<think></think><answer>The best answer is C</answer><glue>[(15, 5)]</glue>",
    "<answer>Because B</answer><glue>[(5, 15),]</glue>", "<answer>b</answer><glue>[(5, 15), ]</glue>",
    "<answer>H B</answer><glue>[]</glue>", "<answer>B</answer>",
    "<glue>[(5,15)]\n</glue>", "<glue> [(5, 15)]</glue>", "<glue>[(5, 15), (20, 25)]</glue>", "<glue>[(5 , 15)]</glue>",
    "<glue>[(5,\n 15)]</glue>", "<glue>[(05, 15)]</glue>",
    "<glue>[(00, 15)]</glue>", "<glue>[(05.5, 15)]</glue>", "<glue>[(5., 15)]</glue>", "<glue>[[5, 15]]</glue>",
    "<glue>[(5, 15)(6, 7)]</glue>", "<glue>[(-5, 15)]</glue>",
    "<glue>[(\u0665, 15)]</glue>", "<glue>[(5,\u00a015)]</glue>", "<glue>[(5, 15)]</glue><glue>[(1, 2)]</glue>",
    "<glue>[,]</glue>", "<glue>[(5, 5)]</glue>",
    "<think></think><answer></answer><glue>[(5, 15)]</glue> .", "<think>a</think><answer>B</answer>\n\n<glue>(5, 15)</glue>",
]
PIECES = ["<think>", "</think>", "<answer>", "</answer>", "<time>", "</time>", "<glue>", "</glue>", "5", "15.5", "7.", "0:08", "1:00:09.5",
          " to ", " and ", " - ",
          "-", ", ", "[", "]", "(", ")", " ", "\n", "B", "The answer is", "s", "[(5, 9)]", "[5, 9]", "3 to 9", "x"]


def functions(path, *names, **known):
    """Those functions of a file, with their decorators gone and these names known to them."""
    tree = ast.parse(Path(path).read_text(encoding="utf-8"))
    wanted = [node for node in tree.body if isinstance(node, ast.FunctionDef) and node.name in names]
    space = {"re": re, "json": json, "ast": ast, "os": os, "datetime": datetime, "Optional": typing.Optional, **known}
    exec(compile(ast.Module(wanted, []), str(path), "exec"), space)
    return [space[name] for name in names]


def changed(draw, reply):
    """One place of a reply taken out or filled with something else."""
    at = draw.randint(0, len(reply))
    return reply[:at] + (draw.choice(PIECES) if draw.random() < 0.7 else "") + reply[at + draw.choice([0, 0, 1, 8]):]


def pair(times):
    usable = times is not None and times[0] is not None and all(map(math.isfinite, times))
    return list(times) if usable else None


def main():
    parser = argparse.ArgumentParser()
    for name in ("timer1", "timelens", "tvg", "videochat"):
        parser.add_argument("--" + name, type=Path, required=True)
    roots = parser.parse_args()
    training, form = functions(roots.timer1 / "main.py", "parse_timestamp_output", "format_reward")
    evaluation, = functions(roots.timer1 / "evaluate.py", "extract_answer")
    extract_time, = functions(roots.timelens / "timelens/utils.py", "extract_time")
    tvg, tvg_form = functions(roots.tvg / "EasyR1/verl/utils/reward_score/tvgonly.py", "tvg_accuracy_reward", "tvg_format_reward",
                              temporal_iou=functions(roots.tvg / "EasyR1/verl/utils/reward_score/tvgonly.py", "temporal_iou")[0])
    gqa = roots.videochat / "src/open_r1/grpo_gqa.py"
    valid, = functions(gqa, "is_valid_two_d_list_format")
    glue, answer, glue_form = functions(gqa, "iou_glue_reward", "answer_reward", "format_reward",
                                        is_valid_two_d_list_format=valid)
    draw = random.Random(1)
    replies = HAND + ["".join(draw.choice(PIECES) for _ in range(draw.randint(1, 16))) for _ in range(100)]
    replies += [changed(draw, draw.choice(HAND)) for _ in range(300)]
    for reply in replies:
        with contextlib.redirect_stdout(io.StringIO()):
            solution = [{"glue": [[5, 15]], "answer": "(B)"}]
            score = tvg(reply, [5, 15], 30)
            row = {
                "reply": reply,
                "timer1": {"interval": pair(training(reply)), "formatted": form([reply])[0] == 1},
                "timer1-eval": {"interval": pair(evaluation(reply, "tg"))},
                "timelens": {"interval": pair((extract_time(reply) or [None])[0])},
                "tvg-r1": {"iou": 0 if math.isnan(score) else score, "formatted": tvg_form(reply) == 1},
                "videochat-r1-gqa": {"iou": glue([reply], solution, [30])[0], "answer": answer([reply], solution)[0],
                                     "formatted": glue_form([reply])[0] == 1},
            }
        print(json.dumps(row))


if __name__ == "__main__":
    main()
