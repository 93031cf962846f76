"""Loss and gradient of every parameter for one step of SFT and one of GRPO, by autograd over full rows, one by one."""

import torch

from golden_values import draw, grids_of, pixels_of
from reference import forward

REPLY = 10  # tokens of case4 that SFT trains on
COMPLETIONS, ADVANTAGES = (5, 1, 7), (1.2, -0.4, -0.8)
CLIP, CLIP_HIGH, BETA = 0.2, 0.28, 0.04


def parameters(model):
    """Gradients by the names under which save_pretrained publishes the parameters; clears them."""
    gradients = {name: parameter.grad.clone() for name, parameter in model.named_parameters()}
    model.zero_grad()
    return gradients


def sft(family, model, spec, ids, names, videos):
    """Mean cross entropy of the last REPLY tokens, each from the one before it."""
    logits = forward(model, ids, family.positions(spec, ids, names), grids_of(spec, names), pixels_of(videos, names))
    loss = torch.nn.functional.cross_entropy(logits[-REPLY - 1:-1], torch.tensor(ids[-REPLY:]))
    loss.backward()
    return {"loss": loss.detach().reshape(1)}, parameters(model)


def grpo(family, model, spec, ids, names, videos, seed):
    """Mean over completions of the mean over tokens of -min(rho A, clip(rho) A) + beta k3, off policy.

    Old and reference log-probabilities are those of the model with noise, so that ratios differ; of the noises that a seed begins, the
    first is taken by which a token is clipped.
    """
    for noise in range(seed, seed + 1000, 50):
        values = off_policy(family, model, spec, ids, names, videos, noise)
        if values:
            return values
    raise SystemExit(f"seed {seed} clips no token; take another seed")


def off_policy(family, model, spec, ids, names, videos, seed):
    """(inputs and loss, gradients) of one step; None if no token is clipped."""
    generator, rows = torch.Generator().manual_seed(seed), []
    loss, inputs = torch.zeros(()), {"advantages": torch.tensor(ADVANTAGES)}
    for g, (length, advantage) in enumerate(zip(COMPLETIONS, ADVANTAGES)):
        completion = torch.randint(5, 260, (length,), generator=generator).tolist()
        whole = ids + completion
        logits = forward(model, whole, family.positions(spec, whole, names), grids_of(spec, names), pixels_of(videos, names))
        logp = torch.log_softmax(logits[len(ids) - 1:-1], -1).gather(1, torch.tensor(completion)[:, None])[:, 0]
        old = logp.detach() + 0.3 * draw(seed + 10 + g, (length,))
        ref = logp.detach() + 0.2 * draw(seed + 20 + g, (length,))
        rho = torch.exp(logp - old)
        surrogate = torch.minimum(rho * advantage, rho.clamp(1 - CLIP, 1 + CLIP_HIGH) * advantage)
        k3 = torch.exp(ref - logp) - (ref - logp) - 1
        loss = loss + (-surrogate + BETA * k3).mean() / len(COMPLETIONS)
        inputs |= {f"completion.{g}": torch.tensor(completion), f"logp.{g}": logp.detach(), f"old.{g}": old, f"ref.{g}": ref}
        # By which the gradient vanishes: the clipped ratio is the lesser and does not move.
        rows.append((rho.detach() > 1 + CLIP_HIGH) if advantage > 0 else (rho.detach() < 1 - CLIP))
    loss.backward()
    if not torch.cat(rows).any():
        model.zero_grad()
        return None
    return inputs | {"loss": loss.detach().reshape(1)}, parameters(model)


def steps(family, model, spec, cases, videos, seed):
    """name of the step -> (inputs and loss, gradients)."""
    values = {}
    if "sft" in spec["steps"]:
        values["sft"] = sft(family, model, spec, *cases["case4"], videos)
    if "grpo" in spec["steps"]:
        values["grpo"] = grpo(family, model, spec, *cases["case1"], videos, 1000 * seed)
    return values
