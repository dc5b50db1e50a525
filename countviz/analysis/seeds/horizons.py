"""How deep the seeds of a family can count while they train."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from countviz.analysis.seeds.learning import Learning
from countviz.analysis.seeds.spread import Spread, spread_over_seeds

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, eq=False, kw_only=True)
class Horizons:
    """The nesting horizons of all seeds, along the strings that each has read.

    Attributes
    ----------
    spread
        Of the horizons.
    training_depth
        The largest count in the strings they learn from; 0 where it is not known yet.

    """

    spread: Spread
    training_depth: int

    def ends(self, point: int) -> tuple[tuple[str, float], ...]:
        """Return what is written where the lines end at a point, and at which depth."""
        best, median = self.spread.most[point], self.spread.median[point]
        return (f"best {best:,.0f}", best), (f"median {median:,.0f}", median)

    @property
    def half_deeper(self) -> int | None:
        """From how many strings on half of the seeds count deeper than training ever showed."""
        behind = np.flatnonzero(~(self.spread.median > self.training_depth))
        first = behind[-1] + 1 if behind.size else 0
        if self.training_depth == 0 or first == self.spread.at.size:
            return None
        return int(self.spread.at[first])

    def sentence(self) -> str:
        """Say when the seeds overtook the strings that they learn from."""
        if self.training_depth == 0:
            return "No string has been read yet: these are the initial weights."
        shown = f"{self.training_depth} brackets, the deepest that training showed (dashed)"
        if self.half_deeper is None:
            return f"Fewer than half of the seeds count deeper than {shown}."
        return f"Half of the seeds pass {shown}, for good after {self.half_deeper:,} strings."

    def to_frame(self) -> "pd.DataFrame":
        """Return a row a point, and a column a quantile over seeds."""
        return self.spread.to_frame()


def summarise_horizons(learning: Learning, planned: int) -> Horizons:
    """Summarise the nesting horizons over seeds; a seed counts until it diverges."""
    values = np.where(learning.alive, learning.horizon, np.nan)
    return Horizons(
        spread=spread_over_seeds(learning.strings, values, planned),
        training_depth=learning.training_depth,
    )
