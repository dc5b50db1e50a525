"""Train by PyTorch's autograd what has no adjoint of its own: slowly, one seed after the other.

A seed is calculated for itself, so it gets the same bits alone and among others.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import pairwise

import numpy as np
import torch

from countviz.engine.parameters import Corpus
from countviz.languages import NEXT_SYMBOL, find_language
from countviz.specs import Spec
from countviz.torch_cells.controlled import run_controlled
from countviz.vectors import split_parameters

BETAS, EPSILON = (0.9, 0.999), 1e-8  # of Adam (Kingma, Ba 2015, arXiv 1412.6980)


def find_autograd_trainer(spec: Spec, corpus: Corpus, *, epoch: int | None = None) -> Callable:
    """Return ``learn(state, free, rate, done, order, cuts, losses)``; see ``trainers``."""
    recipe = spec.recipe
    late = epoch is None or epoch > recipe.freeze_after
    frozen = spec.frozen_parameters() if late else frozenset()

    def learn(state, free, rate, done, order, cuts, losses) -> None:  # noqa: ANN001
        for lane, copies in _find_lanes((*state, free, rate)):
            numbers = [torch.tensor(part[:, lane]) for part in state]
            held = torch.tensor(free[:, lane]) < 0 if len(free) else None
            for n, (first, last) in enumerate(pairwise(cuts)):
                batch = order[first:last]
                gradient, errors = _find_slope(spec, frozen, numbers[0], corpus, batch)
                losses[first:last, copies] = errors[:, np.newaxis]
                if held is not None:
                    gradient[held] = 0
                if recipe.clip is not None:
                    gradient *= (recipe.clip / (gradient.norm() + 1e-6)).clamp(max=1)
                _update(*numbers, gradient, float(rate[0, lane]), done + n + 1)
            for part, after in zip(state, numbers, strict=True):
                part[:, copies] = after.numpy()[:, np.newaxis]

    return learn


def _find_lanes(parts: Sequence[np.ndarray]) -> Iterator[tuple[int, list[int]]]:
    """Yield every model once, with all lanes [..., 32] in which it stands; groups are filled up."""
    lanes: dict[bytes, list[int]] = {}
    for lane in range(parts[0].shape[-1]):
        key = b"".join(part[:, lane].tobytes() for part in parts)
        lanes.setdefault(key, []).append(lane)
    yield from ((copies[0], copies) for copies in lanes.values())


def _find_slope(
    spec: Spec, frozen: frozenset[str], vector: torch.Tensor, corpus: Corpus, batch: np.ndarray
) -> tuple[torch.Tensor, np.ndarray]:
    """Return the gradient [P] of a batch's mean loss, and the loss of every string.

    What is frozen gets no gradient but zeros.
    """
    shapes = spec.parameter_shapes()
    named = {name: torch.tensor(a) for name, a in split_parameters(vector.numpy(), shapes).items()}
    learned = [one.requires_grad_() for name, one in named.items() if name not in frozen]
    losses, slopes = np.empty(len(batch)), [torch.zeros_like(one) for one in learned]
    lengths = np.diff(corpus.starts)[batch]
    for length in np.unique(lengths):
        places = (lengths == length).nonzero()[0]
        errors = find_losses(spec, named, corpus, batch[places])
        losses[places] = errors.detach().numpy()
        parts = torch.autograd.grad(errors.sum() / len(batch), learned, allow_unused=True)
        for slope, part in zip(slopes, parts, strict=True):
            if part is not None:
                slope += part
    found = iter(slopes)
    flat = [torch.zeros_like(a) if name in frozen else next(found) for name, a in named.items()]
    return torch.cat([one.detach().ravel() for one in flat]), losses


def find_losses(
    spec: Spec, named: Mapping[str, torch.Tensor], corpus: Corpus, strings: np.ndarray
) -> torch.Tensor:
    """Return the loss [B] of strings of one length: squared errors, or a sum of cross-entropies."""
    first, last = corpus.starts[strings], corpus.starts[strings + 1]
    places = first[:, np.newaxis] + np.arange(last[0] - first[0])
    symbols = torch.tensor(corpus.symbols[places])
    if find_language(spec.language).scoring == NEXT_SYMBOL:
        logits = run_controlled(spec, named, symbols[:, :-1])
        losses = torch.nn.functional.cross_entropy(
            logits.transpose(1, 2), symbols, reduction="none"
        )
        return losses.sum(dim=1)
    outputs = run_controlled(spec, named, symbols)[:, 1:].sigmoid()
    return ((outputs - torch.tensor(corpus.targets[places])) ** 2).mean(dim=(1, 2))


def _update(
    vector: torch.Tensor,
    mean: torch.Tensor,
    square: torch.Tensor,
    gradient: torch.Tensor,
    rate: float,
    number: int,
) -> None:
    """Make update `number`, from 1, of Adam, in place."""
    mean.mul_(BETAS[0]).add_(gradient, alpha=1 - BETAS[0])
    square.mul_(BETAS[1]).addcmul_(gradient, gradient, value=1 - BETAS[1])
    corrected = square.sqrt() / (1 - BETAS[1] ** number) ** 0.5 + EPSILON
    vector.addcdiv_(mean, corrected, value=-rate / (1 - BETAS[0] ** number))
