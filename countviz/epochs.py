"""What an epoch leaves behind: enough to go on from, and enough to say how it went."""

from collections.abc import Mapping
from dataclasses import dataclass, fields

import numpy as np


@dataclass(frozen=True, eq=False, kw_only=True)
class Epoch:
    """One epoch of S seeds with P parameters each, recorded at R points.

    Attributes
    ----------
    epoch
        Counted from 1; 0 stands for the initial weights.
    strings
        [R] how many strings every seed had read at each point, over all epochs; the last point is
        the epoch's end.
    weights
        [S, R, P] the parameters at these points, flat and in PyTorch's order.
    train_loss
        [S, R] the mean over the strings read since the point before.
    validation_loss, validation_accuracy
        [S] at the epoch's end; nan and 0 for a seed that has diverged.
    mean, square
        [S, P] Adam's moments at the epoch's end.
    diverged
        [S] the epoch in which a seed's numbers overflowed, -1 for all others. Its weights stay what
        they last were, as finite numbers.
    rate, best, waited
        [S] the learning rate from here on, the lowest validation loss so far, and for how many
        epochs it has not been lowered; None where the recipe has no schedule.

    """

    epoch: int
    strings: np.ndarray
    weights: np.ndarray
    train_loss: np.ndarray
    validation_loss: np.ndarray
    validation_accuracy: np.ndarray
    mean: np.ndarray
    square: np.ndarray
    diverged: np.ndarray
    rate: np.ndarray | None = None
    best: np.ndarray | None = None
    waited: np.ndarray | None = None

    def mean_train_loss(self) -> np.ndarray:
        """Return the loss [S] over all strings of the epoch, each before its update."""
        if self.epoch == 0:
            return self.train_loss[:, 0]
        begin = self.strings[-1] // self.epoch * (self.epoch - 1)
        return np.average(self.train_loss, axis=1, weights=np.diff(self.strings, prepend=begin))

    def to_arrays(self) -> dict[str, np.ndarray]:
        """Return everything as finite floats by name, as a file of weights may hold them.

        A loss that is nan becomes -1, which no loss is.
        """
        values = {field.name: getattr(self, field.name) for field in fields(self)}
        named = {name: np.atleast_1d(v) for name, v in values.items() if v is not None}
        floats = {n: v if v.dtype.kind == "f" else v.astype(float) for n, v in named.items()}
        return {n: np.where(np.isnan(v), v.dtype.type(-1), v) for n, v in floats.items()}

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, np.ndarray]) -> "Epoch":
        """Return what ``to_arrays`` was made from; other names are left aside."""
        named = {one.name: arrays[one.name] for one in fields(cls) if one.name in arrays}
        for name in ("train_loss", "validation_loss"):
            named[name] = np.where(named[name] < 0, np.nan, named[name])
        for name in {"strings", "diverged", "waited"} & named.keys():
            named[name] = named[name].astype(np.int64)
        return cls(**{**named, "epoch": int(named["epoch"][0])})
