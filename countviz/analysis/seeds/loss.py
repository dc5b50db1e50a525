"""How wrong the seeds of a family are while they train."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from countviz.analysis.seeds.learning import Learning
from countviz.analysis.seeds.spread import Spread, spread_over_seeds
from countviz.words import in_powers

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, eq=False, kw_only=True)
class Loss:
    """The training loss of all seeds, along the strings that each has read."""

    spread: Spread

    def ends(self, point: int) -> tuple[tuple[str, float], ...]:
        """Return what is written where the lines end at a point, and at which loss."""
        worst, median = self.spread.most[point], self.spread.median[point]
        return (f"worst {in_powers(worst)}", worst), (f"median {in_powers(median)}", median)

    def sentence(self, point: int = -1) -> str:
        """Say how to read the bands, and what the losses are at a point."""
        where = f"{self.spread.at[point]:,} strings"
        median, worst = in_powers(self.spread.median[point]), in_powers(self.spread.most[point])
        return (
            "Bands: half of the seeds, 80 % of them, all of them; the line is the median. "
            f"After {where} it is {median}, and the worst seed's loss is {worst}."
        )

    def to_frame(self) -> "pd.DataFrame":
        """Return a row a point, and a column a quantile over seeds."""
        return self.spread.to_frame()


def summarise_loss(learning: Learning, planned: int) -> Loss:
    """Summarise the loss over seeds; a seed counts until it diverges.

    Parameters
    ----------
    learning
        What was measured so far.
    planned
        How many strings every seed is to read in all.

    """
    spread = spread_over_seeds(learning.strings, learning.train_loss, planned)
    return Loss(spread=spread)
