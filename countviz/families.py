"""A family: all seeds and kept epochs of one spec, and the addresses of its members."""

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from countviz.history import Progress
from countviz.models import Model, Spec

_ADDRESS = re.compile(r"(?P<family>[^/@]+)(/(?P<seed>\d{1,9}))?(@(?P<epoch>\d{1,6}))?")


class UnknownModel(ValueError):
    """An address that names no model; the sentence says what there is."""


@dataclass(frozen=True, eq=False, kw_only=True)
class Family:
    """All seeds and kept epochs of one spec: S seeds, E epochs.

    Attributes
    ----------
    name
        The folder's name: lower-case letters, digits and hyphens.
    spec
        What every member is.
    seeds, epochs
        Which there are; epoch 0 holds the initial weights.
    weights
        By PyTorch's names, [S, E, ...].
    history
        How training went, a row a seed and epoch.

    """

    name: str
    spec: Spec
    seeds: tuple[int, ...]
    epochs: tuple[int, ...]
    weights: Mapping[str, np.ndarray]
    history: tuple[Progress, ...]

    def best_epoch(self, seed: int) -> int:
        """Return the kept epoch with the lowest mean validation loss, the earliest of equals."""
        return self._epochs_by_loss[seed][0][1]

    def best_seed(self) -> int:
        """Return the seed with the lowest validation loss at its best epoch."""
        return min(self.seeds, key=lambda seed: self._epochs_by_loss[seed][0])

    def validation_accuracy(self, seed: int, epoch: int | None = None) -> float:
        """Return the share of validation strings judged right, at an epoch (default: the best)."""
        at = self.best_epoch(seed) if epoch is None else epoch
        return next(accuracy for _, one, accuracy in self._epochs_by_loss[seed] if one == at)

    @cached_property
    def _epochs_by_loss(self) -> dict[int, list[tuple[float, int, float]]]:
        """Validation loss, epoch and accuracy of every seed's epochs, the best first."""
        epochs = {seed: [] for seed in self.seeds}
        for row in self.history:
            loss = math.inf if math.isnan(row.validation_loss) else row.validation_loss
            epochs[row.seed].append((loss, row.epoch, row.validation_accuracy))
        return {seed: sorted(rows) for seed, rows in epochs.items()}

    def vectors(self, seeds: Sequence[int], epochs: Sequence[int]) -> np.ndarray:
        """Return the flat parameters [M, P] of members, each named by its seed and its epoch."""
        at = [self.seeds.index(seed) for seed in seeds], [self.epochs.index(e) for e in epochs]
        in_order = [self.weights[name] for name in self.spec.parameter_shapes()]
        flat = [array[at].reshape(len(at[0]), -1) for array in in_order]
        return np.concatenate(flat, axis=1)

    def model(self, seed: int | None = None, epoch: int | None = None) -> Model:
        """Return one member; by default the best epoch of the best seed."""
        seed = self.best_seed() if seed is None else seed
        if seed not in self.seeds:
            raise UnknownModel(f"{self.name} has no seed {seed}; there are: {_ranges(self.seeds)}")
        epoch = self.best_epoch(seed) if epoch is None else epoch
        if epoch not in self.epochs:
            raise UnknownModel(
                f"{self.name} has no epoch {epoch}; there are: {_ranges(self.epochs)}"
            )
        at = self.seeds.index(seed), self.epochs.index(epoch)
        return Model(
            name=f"{self.name}/{seed}@{epoch}",
            spec=self.spec,
            parameters={name: array[at] for name, array in self.weights.items()},
            seed=seed,
            epoch=epoch,
        )


def _ranges(numbers: tuple[int, ...]) -> str:
    """Return numbers in words, runs of neighbours shortened: ``0-9, 12``."""
    runs: list[list[int]] = []
    for number in sorted(numbers):
        if runs and runs[-1][-1] == number - 1:
            runs[-1][1:] = [number]
        else:
            runs.append([number])
    return ", ".join("-".join(map(str, run)) for run in runs)


def split_address(address: str) -> tuple[str, int | None, int | None]:
    """Return family, seed and epoch of an address such as ``lstm1-dyck1/3@20``."""
    match = _ADDRESS.fullmatch(address)
    if not match:
        raise UnknownModel(
            f"{address[:80]!r} is not an address; family, family/seed or family/seed@epoch is"
        )
    seed, epoch = match["seed"], match["epoch"]
    return match["family"], seed and int(seed), epoch and int(epoch)
