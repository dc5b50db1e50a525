"""How often the seeds of a family are right, by the length of the string."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from countviz.analysis.seeds.learning import Learning
from countviz.analysis.seeds.spread import Spread, spread_over_seeds

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, eq=False, kw_only=True)
class Lengths:
    """The share of strings that each seed judges right at every symbol, by length.

    Attributes
    ----------
    spread
        Of the shares, along the lengths; strings of one group are that long or a little shorter.
    trained_to
        The length of the longest strings in training.
    strings
        How many strings every seed had read.

    """

    spread: Spread
    trained_to: int
    strings: int

    def sentence(self) -> str:
        """Say how to read the bands, and how far the median seed is right."""
        median = self.spread.median
        wrong = np.flatnonzero(~(median == 1))
        if not wrong.size:
            reach = f"is right on all strings of up to {self.spread.at[-1]} symbols"
        elif wrong[0] == 0:
            reach = f"is wrong on some strings of up to {self.spread.at[0]} symbols"
        else:
            reach = f"is right on all strings of up to {self.spread.at[wrong[0] - 1]} symbols"
        return (
            f"Twenty random strings a length, up to twice as long as in training. After "
            f"{self.strings:,} strings the median seed {reach}; of the longest it gets "
            f"{median[-1]:.0%} right."
        )

    def to_frame(self) -> "pd.DataFrame":
        """Return a row a point, and a column a quantile over seeds."""
        return self.spread.to_frame("symbols, at most")


def summarise_lengths(learning: Learning, trained_to: int) -> Lengths:
    """Summarise the accuracies at the end of what was measured; diverged seeds are left out."""
    alive = learning.alive[:, -1:]
    values = np.where(alive, learning.accuracy_by_length, np.nan)
    return Lengths(
        spread=spread_over_seeds(learning.lengths, values, int(learning.lengths[-1])),
        trained_to=trained_to,
        strings=int(learning.strings[-1]),
    )
