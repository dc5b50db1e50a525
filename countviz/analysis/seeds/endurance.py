"""Endurance: how far into long strings a model is right, and whether its loss foretells it.

The measure is the mean first point of failure (El-Naggar et al. 2022, arXiv 2211.16429): the
position, from 0, of the first wrong step; a string that is right throughout counts its length. It
is held against a model that cannot count at all and always answers "open", because that one does
better than many that can.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from countviz.analysis.seeds.luck import PRECISION, Luck, Seeds
from countviz.datasets import Encoded
from countviz.families import Family
from countviz.judging import find_failures
from countviz.words import join_words

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, eq=False, kw_only=True)
class Endurance:
    """How long the seeds of several families are right on a set of strings of one length.

    Attributes
    ----------
    luck
        The families, with all their seeds.
    mean_fpf
        For each family [S] float64: the mean first point of failure.
    constant
        That of a model that always answers "open".
    strings, length
        How many strings there are, and how long each is.

    """

    luck: Luck
    mean_fpf: tuple[np.ndarray, ...]
    constant: float
    strings: int
    length: int

    def sentence(self) -> str:
        """Say how many seeds beat the model that always answers "open"."""
        beaten = [
            f"{int((fpf[g.learned] > self.constant).sum()):,} of {int(g.learned.sum()):,} {label}"
            for (label, g), fpf in zip(self.luck, self.mean_fpf, strict=True)
            if g.learned.any()
        ]
        who = f"Of the seeds that learned, {join_words(beaten)} beat"
        who = who if beaten else "No seed that learned beats"
        diverged = sum(int(np.isnan(group.loss).sum()) for group in self.luck.groups)
        lost = f" {diverged:,} diverged and {'has' if diverged == 1 else 'have'} no loss."
        return (
            f"{who} a model that always answers “open”, on {self.strings:,} strings of "
            f"{self.length:,} brackets. Outlined: did not learn.{lost if diverged else ''}"
        )

    def to_frame(self) -> "pd.DataFrame":
        """Return a row a seed."""
        fpf = np.concatenate(self.mean_fpf)
        return self.luck.to_frame().assign(**{"mean first point of failure": fpf})


def measure_endurance(family: Family, seeds: Seeds, strings: Encoded) -> np.ndarray:
    """Return the mean first point of failure [S] of a family's seeds on encoded strings."""
    vectors = family.vectors(seeds.seeds, seeds.epochs)
    failures = find_failures(family.spec, vectors, strings, precision=PRECISION)
    return failures.position.mean(axis=1)


def fail_constantly(strings: Encoded) -> np.ndarray:
    """Return the first points of failure [B] of a model that always lets every symbol come."""
    wrong = ~strings.targets.all(axis=1)
    starts, ends = strings.starts[:-1], strings.starts[1:]
    places = np.flatnonzero(np.append(wrong, True))
    first = places[np.searchsorted(places, starts)]
    return np.minimum(first, ends) - starts
