"""Train and measure: the epochs of a training as they go to disk."""

from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from countviz.analysis.seeds.learning import measure_learning
from countviz.epochs import Epoch
from countviz.jobs.epoch_files import LEARNING
from countviz.models import Spec
from countviz.training import train_epochs

_OF_ALL_SEEDS = {"epoch", "strings"} | {
    LEARNING + name for name in ("strings", "lengths", "training_depth")
}


def record_epochs(
    spec: Spec, seeds: Sequence[int], after: Mapping[str, np.ndarray] | None, threads: int
) -> Iterator[dict[str, np.ndarray]]:
    """Train seeds and yield the arrays of every epoch, from the initial weights or an epoch on."""
    begin = None if after is None else Epoch.from_arrays(after)
    for epoch in train_epochs(spec, seeds, after=begin, threads=threads):
        learning = measure_learning(spec, epoch).to_arrays()
        yield epoch.to_arrays() | {LEARNING + name: array for name, array in learning.items()}


def epoch_of(arrays: Mapping[str, np.ndarray]) -> int:
    """Return which epoch some arrays hold."""
    return int(arrays["epoch"][0])


def take_seeds(arrays: Mapping[str, np.ndarray], seeds: slice) -> dict[str, np.ndarray]:
    """Return the arrays of some seeds, by their places."""
    return {n: v if n in _OF_ALL_SEEDS else v[seeds] for n, v in arrays.items()}


def join_seeds(parts: Sequence[Mapping[str, np.ndarray]]) -> dict[str, np.ndarray]:
    """Return the arrays of one epoch whose seeds were trained in parts: undoes ``take_seeds``."""
    return {
        name: array if name in _OF_ALL_SEEDS else np.concatenate([part[name] for part in parts])
        for name, array in parts[0].items()
    }
