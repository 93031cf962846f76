"""Golden values of torch.optim.AdamW and clip_grad_norm_ for train's optimizer test. Run with the versions of requirements.txt:

    python bench/reference/golden_adamw.py > training/src/test/resources/golden/adamw.json
"""

import json

import torch

torch.manual_seed(0)
torch.set_num_threads(1)
weight = torch.nn.Parameter(torch.randn(2, 3))
bias = torch.nn.Parameter(torch.randn(3))
start = {"weight": weight.flatten().tolist(), "bias": bias.tolist()}
optimizer = torch.optim.AdamW(
    [{"params": [weight], "weight_decay": 0.1}, {"params": [bias], "weight_decay": 0.0}],
    lr=1.0, betas=(0.9, 0.95), eps=1e-8, foreach=False, fused=False)
steps = []
for rate in (0.01, 0.02, 0.005, 0.01):
    gradients = {"weight": torch.randn(2, 3), "bias": torch.randn(3)}
    weight.grad, bias.grad = gradients["weight"].clone(), gradients["bias"].clone()
    norm = torch.nn.utils.clip_grad_norm_([weight, bias], 1.5)
    for group in optimizer.param_groups:
        group["lr"] = rate
    optimizer.step()
    steps.append({"rate": rate, "gradients": {k: v.flatten().tolist() for k, v in gradients.items()}, "norm": norm.item(),
                  "weight": weight.flatten().tolist(), "bias": bias.tolist()})
print(json.dumps({"torch": torch.__version__, "clip": 1.5, "start": start, "steps": steps}, indent=1))
