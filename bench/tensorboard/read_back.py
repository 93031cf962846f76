"""Compares the event files of a run with its metrics.jsonl and rollouts.jsonl: read_back.py RUN."""

import io
import json
import struct
import sys
import time
import urllib.request
from pathlib import Path

from PIL import Image
from tensorboard import program
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

run = Path(sys.argv[1])
rows = [json.loads(line) for line in (run / "metrics.jsonl").read_text().splitlines()]
rollouts = {row["step"]: row["groups"] for row in map(json.loads, (run / "rollouts.jsonl").read_text().splitlines())}


def float32(value):
    return struct.unpack("f", struct.pack("f", value))[0]


def expected(tag):
    return [(row["step"], float32(row[tag])) for row in rows if tag in row]


files = sorted((run / "tensorboard").iterdir())
assert len(files) == 2, f"one file for each start, found {files}"
events = EventAccumulator(str(run / "tensorboard"), size_guidance={"scalars": 0, "tensors": 0, "images": 0})
events.Reload()
tags = events.Tags()
names = [name for name in rows[0] if name not in ("step", "rowCrc32c")]
assert sorted(tags["scalars"]) == sorted(names), (tags["scalars"], names)
for name in names:
    found = [(event.step, event.value) for event in events.Scalars(name)]
    assert found == expected(name), (name, found)

texts = events.Tensors("replies")
assert [event.step for event in texts] == sorted(rollouts)
for event in texts:
    shape = [dimension.size for dimension in event.tensor_proto.tensor_shape.dim]
    cells = [cell.decode() for cell in event.tensor_proto.string_val]
    table = [cells[i : i + shape[1]] for i in range(0, len(cells), shape[1])]
    told = [[group["id"], group["query"], one["reply"]] for group in rollouts[event.step] for one in group["rollouts"]]
    assert [[row[0], row[1], row[4]] for row in table[1:]] == told, event.step

pictures = events.Images("moments")
assert [event.step for event in pictures] == sorted(rollouts)
for event in pictures:
    picture = Image.open(io.BytesIO(event.encoded_image_string))
    picture.load()
    assert picture.size == (event.width, event.height)

# The server of TensorBoard, which reads with a program of its own.
server = program.TensorBoard()
server.configure(argv=["tensorboard", "--logdir", str(run / "tensorboard"), "--port", "0"])
url = server.launch()
for attempt in range(100):
    try:
        with urllib.request.urlopen(f"{url}data/plugin/scalars/scalars?tag=reward&run=.") as answer:
            shown = [(int(step), value) for _, step, value in json.load(answer)]
        break
    except urllib.error.HTTPError:
        time.sleep(0.2)
assert [step for step, _ in shown] == [row["step"] for row in rows], shown
assert all(abs(value - float32(row["reward"])) < 1e-6 for (_, value), row in zip(shown, rows)), shown
print(f"{len(rows)} steps, {len(names)} scalars, {len(texts)} tables and {len(pictures)} pictures are as they were written;"
      f" the server shows {len(shown)} steps")
