"""The left and right saturation of gates: how often each is nearly off, and how often nearly on.

The scatter is that of Karpathy, Johnson, Fei-Fei (2015, arXiv 1506.02078): a gate that is always in
the middle lies at the origin, one that is always on or off on the diagonal.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from countviz.analysis.saturation.saturation import Saturation
from countviz.analysis.saturation.saturation_seeds import SeedSaturation
from countviz.analysis.saturation.saturation_zones import SQUASHING
from countviz.words import in_words, join_words

if TYPE_CHECKING:
    import pandas as pd

OTHERS = 2_000  # units of other seeds that are drawn, at most
_ALWAYS = 0.99  # of the symbols


@dataclass(frozen=True, eq=False, kw_only=True)
class SaturationEnds:
    """How often G gates are nearly off and nearly on: of one model's units, and of other seeds'.

    Attributes
    ----------
    cell
        The kind of cell.
    gates, meanings
        The gates' letters, and what they are called.
    unit
        The unit, from 0, that is looked into.
    left, right
        [G, H]: share of the symbols at which a gate is below 0.1, above 0.9 (of a tanh: ±0.9).
    others_left, others_right
        [N, G]: the same of the units of other seeds.
    learned
        [N] bool: whether such a unit's seed learned.

    """

    cell: str
    gates: tuple[str, ...]
    meanings: tuple[str, ...]
    unit: int
    left: np.ndarray
    right: np.ndarray
    others_left: np.ndarray
    others_right: np.ndarray
    learned: np.ndarray

    def sentence(self) -> str:
        """Say of each gate how often it is nearly on or nearly off."""
        told = [
            f"{self.meanings[k]} {100 * self.right[k, self.unit]:.3g} % and "
            f"{100 * self.left[k, self.unit]:.3g} %"
            for k in range(len(self.gates))
        ]
        units = self.left.shape[1]
        whose = "" if units == 1 else f" of unit {self.unit + 1}"
        others = self._tell_others()
        return f"Share of the symbols nearly on and nearly off{whose}: {join_words(told)}.{others}"

    def to_frame(self) -> "pd.DataFrame":
        """Return a row a gate and unit of the model, then of the other seeds."""
        import pandas as pd

        gates, units = self.left.shape
        others = len(self.others_left)
        return pd.DataFrame(
            {
                "gate": [gate for gate in self.gates for _ in range(units)]
                + [*self.gates] * others,
                "whose": ["this model"] * gates * units + ["another seed"] * gates * others,
                "left (nearly off)": [*self.left.ravel(), *self.others_left.ravel()],
                "right (nearly on)": [*self.right.ravel(), *self.others_right.ravel()],
            }
        )

    def _tell_others(self) -> str:
        """Say which gate is nearly on or off practically always in how many of the other units."""
        if not self.learned.any():
            return ""
        ends = (self.others_left + self.others_right)[self.learned]
        told = [
            f"the {meaning} in {in_words(int((ends[:, k] >= _ALWAYS).sum()))}"
            for k, meaning in enumerate(self.meanings)
        ]
        return (
            f" Of {self.learned.sum():,} units of seeds that learned, nearly always on or off are "
            f"{join_words(told)}."
        )


def gather_ends(saturation: Saturation, seeds: SeedSaturation | None = None) -> SaturationEnds:
    """Gather left and right saturation of a model's gates that have ends, and of other seeds'.

    Raises
    ------
    ValueError
        If the model's cell has no gate with two ends.

    """
    gates = [k for k, squash in enumerate(saturation.squash) if squash in SQUASHING]
    if not gates:
        raise ValueError(f"{saturation.model.cell.title} has no gate that could be saturated")
    empty = np.empty((0, len(gates))), np.empty((0, len(gates))), np.empty(0, bool)
    left, right, learned = empty if seeds is None else _flatten(seeds, gates)
    return SaturationEnds(
        cell=saturation.model.spec.cell,
        gates=tuple(saturation.gates[k] for k in gates),
        meanings=tuple(saturation.meanings[k] for k in gates),
        unit=saturation.unit,
        left=saturation.left[gates],
        right=saturation.right[gates],
        others_left=left,
        others_right=right,
        learned=learned,
    )


def _flatten(seeds: SeedSaturation, gates: list[int]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the units of all seeds one below the other, [N, G] and [N, G] and [N]."""
    units = seeds.left.shape[2]
    left, right = (
        ends[:, gates].swapaxes(1, 2).reshape(-1, len(gates)) for ends in (seeds.left, seeds.right)
    )
    learned = np.repeat(seeds.learned, units)
    known = np.flatnonzero(np.isfinite(left + right).all(axis=1))[:OTHERS]
    return left[known], right[known], learned[known]
