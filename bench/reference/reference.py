"""What the golden values and the checkpoint checks share: determinism, positions and greedy decoding with transformers."""

import itertools

import torch


def make_deterministic():
    """One thread and deterministic kernels, so that sums run in the same order in every run."""
    torch.set_num_threads(1)
    torch.use_deterministic_algorithms(True)


def rope_index_3(ids, grids, merge, video_token):
    """Positions [3, L] by the rule of `get_rope_index_3` in QwenLM/Qwen3-VL, qwen-vl-finetune/qwenvl/data/rope2d.py.

    A video is split into grids of t = 1 (time is written as text between them). Each run of text and each grid starts at
    (the maximum over all axes so far) + 1; inside a grid t stays at the start, h and w are indices of merged patches.
    """
    per_grid = iter([(h // merge, w // merge) for t, h, w in grids for _ in range(t)])
    rows = []
    for is_video, run in itertools.groupby(ids, lambda token: token == video_token):
        start = 1 + max((max(row) for row in rows), default=-1)
        length = len(list(run))
        if is_video:
            height, width = next(per_grid)
            if length != height * width:
                raise ValueError(f"a run of {length} video tokens does not fill its grid of {height} x {width}")
            rows += [(start, start + y, start + x) for y in range(height) for x in range(width)]
        else:
            rows += [(start + i,) * 3 for i in range(length)]
    return torch.tensor(rows, dtype=torch.long).T.contiguous()


def rope_index_25(ids, grids, merge, video_token, seconds_per_grid, tokens_per_second):
    """Positions [3, L] by the rule of `get_rope_index_25` in the same file, whose tokens_per_second is always 2.

    Each run of text and each video starts at (the maximum over all axes so far) + 1; inside a video t is
    int(i * seconds_per_grid * tokens_per_second) in float32, h and w are indices of merged patches.
    """
    videos, rows = iter(zip(grids, seconds_per_grid)), []
    for is_video, run in itertools.groupby(ids, lambda token: token == video_token):
        start = 1 + max((max(row) for row in rows), default=-1)
        length = len(list(run))
        if is_video:
            (t, h, w), seconds = next(videos)
            times = (torch.arange(t) * seconds * tokens_per_second).long().tolist()
            run = [(start + time, start + y, start + x) for time in times for y in range(h // merge) for x in range(w // merge)]
            if length != len(run):
                raise ValueError(f"a run of {length} video tokens does not fill {t} grids of {h // merge} x {w // merge}")
            rows += run
        else:
            rows += [(start + i,) * 3 for i in range(length)]
    return torch.tensor(rows, dtype=torch.long).T.contiguous()


def forward(model, ids, positions, grids, pixels):
    """Logits [L, V] of one full forward: no cache, no padding, positions given."""
    video = {} if pixels is None else {"pixel_values_videos": pixels, "video_grid_thw": torch.tensor(grids)}
    out = model(input_ids=torch.tensor([ids]), position_ids=positions[:, None, :], use_cache=False, **video)
    return out.logits[0]


@torch.no_grad()
def greedy(model, ids, positions, grids, pixels, limit, stop=(), least=0):
    """Greedy tokens by repeated full forwards; a new token stands at (maximum so far) + 1 on all three axes.

    Gives up after a step whose two best logits are closer than `least`.

    Returns (tokens with the stop token if one came, their log-probabilities, best minus second best logit per step).
    """
    ids, tokens, log_probs, margins = list(ids), [], [], []
    while len(tokens) < limit and not (tokens and (tokens[-1] in stop or margins[-1] < least)):
        logits = forward(model, ids, positions, grids, pixels)[-1].float()
        best = torch.topk(logits, 2).values
        token = int(torch.argmax(logits))
        ids.append(token)
        tokens.append(token)
        log_probs.append(torch.log_softmax(logits, -1)[token])
        margins.append(best[0] - best[1])
        positions = torch.cat([positions, torch.full((3, 1), int(positions.max()) + 1)], dim=1)
    return tokens, log_probs, margins
