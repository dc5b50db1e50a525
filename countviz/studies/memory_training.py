"""Train the families of the memory study: ways to freeze a system side by side."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields, replace
from threading import Lock

import numpy as np

from countviz.epochs import Epoch
from countviz.families import Family
from countviz.specs import Spec
from countviz.studies.memory import BOTH, MODES, NOTHING, Protocol, Setting, make_spec
from countviz.training import make_family, train_epochs

_DRAWING = Lock()  # initial weights are drawn from PyTorch's one generator


def train_settings(
    settings: Sequence[Setting], protocol: Protocol
) -> dict[Setting, tuple[Family, np.ndarray]]:
    """Train families of one task and one system, and return them with every seed's first rate [S].

    They fill the lanes together, and each gets the bits that it would get alone.
    """
    seeds = range(protocol.seeds)
    together = [one for one in settings if one.mode != BOTH]
    found = {}
    if together:
        free = make_spec(replace(together[0], mode=NOTHING), protocol)
        freeze = [MODES[one.mode] for one in together for _ in seeds]
        epochs = _train(free, [*seeds] * len(together), freeze)
        for place, setting in enumerate(together):
            own = slice(place * len(seeds), (place + 1) * len(seeds))
            found[setting] = _make(setting, protocol, [_take(epoch, own) for epoch in epochs])
    for setting in settings:
        if setting.mode == BOTH:  # only the read-out learns: a run forward is all it takes
            spec = make_spec(setting, protocol)
            found[setting] = _make(setting, protocol, _train(spec, seeds, None))
    return found


def _train(spec: Spec, seeds: Sequence[int], freeze: Sequence | None) -> list[Epoch]:
    training = train_epochs(spec, seeds, threads=1, freeze=freeze)
    with _DRAWING:
        epochs = [next(training)]
    return epochs + [_shed(epoch) for epoch in training]


def _shed(epoch: Epoch) -> Epoch:
    """Return an epoch with nothing but its end, which is all that a family keeps."""
    return replace(epoch, weights=epoch.weights[:, -1:].copy())


def _take(epoch: Epoch, models: slice) -> Epoch:
    """Return some models of an epoch."""
    shared = {"epoch", "strings"}
    own = {one.name: getattr(epoch, one.name) for one in fields(epoch) if one.name not in shared}
    return replace(epoch, **{name: None if v is None else v[models] for name, v in own.items()})


def _make(
    setting: Setting, protocol: Protocol, epochs: Sequence[Epoch]
) -> tuple[Family, np.ndarray]:
    """Return the family that epochs make, up to the last one in which any of its seeds learned."""
    spec = make_spec(setting, protocol)
    ended = [epoch.epoch for epoch in epochs if (epoch.waited >= spec.recipe.stop_after).all()]
    own = epochs[: ended[0] + 1] if ended else epochs
    family = make_family(setting.name, spec, range(protocol.seeds), own)
    return family, epochs[0].rate


def keep_best(family: Family, seeds: Sequence[int] | None = None) -> Family:
    """Return a family with some of its seeds, and no epochs but the start and their best ones.

    Its history stays whole, as it says which epochs are best.
    """
    seeds = family.seeds if seeds is None else tuple(seeds)
    epochs = tuple(sorted({0, *(family.best_epoch(seed) for seed in seeds)}))
    rows, columns = (
        [family.seeds.index(s) for s in seeds],
        [family.epochs.index(e) for e in epochs],
    )
    return replace(
        family,
        seeds=seeds,
        epochs=epochs,
        weights={name: array[rows][:, columns] for name, array in family.weights.items()},
        history=tuple(row for row in family.history if row.seed in seeds),
    )
