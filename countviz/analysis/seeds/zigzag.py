"""Zigzag: where on one long string the seeds of a recipe first go wrong."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from countviz.analysis.seeds.luck import PRECISION, Luck, Seeds
from countviz.datasets import Encoded
from countviz.families import Family
from countviz.judging import find_failures

if TYPE_CHECKING:
    import pandas as pd

BIN = 10  # symbols, as in El-Naggar et al. 2022


@dataclass(frozen=True, eq=False, kw_only=True)
class Zigzag:
    """First mistakes on ((^n )^n)^k.

    Attributes
    ----------
    luck
        The families, with all their seeds.
    n, k
        How deep each peak is, and how many there are.
    position
        For each family [S] int64: the first wrong step, from 0; 2 n k where there is none.

    """

    luck: Luck
    n: int
    k: int
    position: tuple[np.ndarray, ...]

    @property
    def length(self) -> int:
        """How many symbols the string has."""
        return 2 * self.n * self.k

    @property
    def counts(self) -> np.ndarray:
        """[T] int64: the true count after each symbol."""
        peak = np.concatenate([np.arange(1, self.n + 1), np.arange(self.n)[::-1]])
        return np.tile(peak, self.k)

    @property
    def edges(self) -> np.ndarray:
        """[L + 1] int64: where the bins begin; the last one holds those that make no mistake."""
        return np.arange(0, self.length + 2 * BIN, BIN)

    def bins(self) -> list[tuple[np.ndarray, np.ndarray]]:
        """Count, for each family, the seeds that learned and that did not, by bin [L]."""
        return [
            tuple(np.histogram(where[s], self.edges)[0] for s in (g.learned, ~g.learned))
            for g, where in zip(self.luck.groups, self.position, strict=True)
        ]

    def sentence(self) -> str:
        """Say by where half of the seeds that learned have erred; positions count from 1."""
        medians, right = [], 0
        for (label, group), position in zip(self.luck, self.position, strict=True):
            right += int((position[group.learned] == self.length).sum())
            if group.learned.any():
                middle = np.median(position[group.learned])
                where = "never" if middle >= self.length else f"at {middle + 1:,.0f}"
                medians.append(f"{label} {where}")
        said = f"The median seed that learned first errs: {', '.join(medians)}. " if medians else ""
        never = f"{right:,} {'makes' if right == 1 else 'make'} no mistake. " if right else ""
        return f"{said}{never}Bars are {BIN} brackets wide; hatched: did not learn."

    def to_frame(self) -> "pd.DataFrame":
        """Return a row a seed; positions count from 0, the length stands for no mistake."""
        return self.luck.to_frame().assign(
            **{f"first point of failure, n = {self.n}": np.concatenate(self.position)}
        )


def measure_zigzags(family: Family, seeds: Seeds, strings: Encoded) -> np.ndarray:
    """Return the first points of failure [S, B] of a family's seeds on encoded strings."""
    vectors = family.vectors(seeds.seeds, seeds.epochs)
    return find_failures(family.spec, vectors, strings, PRECISION).position
