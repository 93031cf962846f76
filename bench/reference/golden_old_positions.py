"""Positions that an older transformers gives to prompts about a video, Qwen2.5-VL: python golden_old_positions.py [OUTPUT_FOLDER]

To run under `requirements-old-positions.txt`, and again with transformers==5.14.0 installed over it (`pip install transformers==5.14.0`). Writes `positions-VERSION.json`. These versions
cut the seconds of a grid to a whole number before they are multiplied (trap 2); no weights are needed.
"""

import json
import pathlib
import sys
import types

import torch
import transformers
from transformers import Qwen2_5_VLConfig
from transformers.models.qwen2_5_vl.modeling_qwen2_5_vl import Qwen2_5_VLModel

DEFAULT_OUTPUT = pathlib.Path(__file__).parents[2] / "models/src/test/resources/golden"
VIDEO, START, END = 60, 61, 62
# (grid in patches, seconds a grid, tokens a second); None: the processor was not told
CASES = [([4, 6, 8], 1.0, 2), ([5, 4, 10], 0.7, 2), ([3, 8, 4], 2.9, 2), ([6, 4, 4], 3.7, 5), ([4, 4, 6], 1.3333333333333333, 4),
         ([4, 6, 8], None, 2)]


def positions(grid, seconds, tokens_per_second):
    """(ids, positions [3][L]) of text, one video and text."""
    config = Qwen2_5_VLConfig(video_token_id=VIDEO, vision_start_token_id=START, vision_end_token_id=END, image_token_id=59,
                              vision_config=dict(spatial_merge_size=2, tokens_per_second=tokens_per_second))
    ids = torch.tensor([[5, 17, START, *[VIDEO] * (grid[0] * grid[1] * grid[2] // 4), END, 9, 28]])
    model = types.SimpleNamespace(config=config)
    if hasattr(Qwen2_5_VLModel, "get_vision_position_ids"):
        model.get_vision_position_ids = types.MethodType(Qwen2_5_VLModel.get_vision_position_ids, model)
    given = {"video_grid_thw": torch.tensor([grid])}
    if seconds is not None:
        given["second_per_grid_ts"] = [seconds]
    if transformers.__version__.startswith("5"):
        given["mm_token_type_ids"] = (ids == VIDEO).int() * 2
    found, _ = Qwen2_5_VLModel.get_rope_index(model, ids, **given)
    return ids[0].tolist(), found[:, 0].long().tolist()


def main():
    rows = []
    for grid, seconds, tokens_per_second in CASES:
        ids, found = positions(grid, seconds, tokens_per_second)
        rows.append(dict(grid=grid, secondsPerGrid=seconds, tokensPerSecond=tokens_per_second, ids=ids, positions=found))
    folder = pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else DEFAULT_OUTPUT
    text = {"transformers": transformers.__version__, "videoToken": VIDEO, "cases": rows}
    (folder / f"positions-{transformers.__version__}.json").write_text(json.dumps(text) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
