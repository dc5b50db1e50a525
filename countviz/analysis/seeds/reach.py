"""Reach: how many brackets a model can close again, against how many it opened in a row."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from countviz.analysis.count.closing import measure_closings
from countviz.analysis.seeds.luck import LEARNED, PRECISION, Luck, Seeds
from countviz.families import Family
from countviz.traces import trace

if TYPE_CHECKING:
    import pandas as pd

DEEPEST_OPENED = 120


@dataclass(frozen=True, eq=False, kw_only=True)
class Reach:
    """Some of the seeds of several families, side by side.

    Attributes
    ----------
    luck
        The families, with all their seeds.
    columns
        [P]: the seeds that are shown; a family may lack some of them.
    shown
        For each family, those of its seeds.
    opened
        [N]: 1, 2, ... brackets in a row.
    closes
        For each family [S, N] float64: how many brackets a seed then closes before it says closed;
        nan where it never does, and for a seed that did not learn.

    """

    luck: Luck
    columns: tuple[int, ...]
    shown: tuple[Seeds, ...]
    opened: np.ndarray
    closes: tuple[np.ndarray, ...]

    def sentence(self) -> str:
        """Say how to read the curves, and how many of the seeds on show learned."""
        learned = np.concatenate([seeds.learned for seeds in self.shown])
        return (
            "On the diagonal it closes every bracket it opened; ● is the last depth at which it "
            f"does. Hatched: under {LEARNED:.0%} of the validation strings right. "
            f"{learned.sum():,} of these {learned.size:,} learned."
        )

    def to_frame(self) -> "pd.DataFrame":
        """Return a row a seed on show and number of brackets opened."""
        import pandas as pd  # takes longer to load than the page

        return pd.concat(
            pd.DataFrame(
                {
                    "model": np.repeat(seeds.addresses, self.opened.size),
                    "opened": np.tile(self.opened, seeds.seeds.size),
                    "closes": closes.ravel(),
                }
            )
            for seeds, closes in zip(self.shown, self.closes, strict=True)
        )


def measure_reach(luck: Luck, families: Mapping[str, Family], columns: Sequence[int]) -> Reach:
    """Measure how many brackets the seeds in some columns close again, once they learned to."""
    shown = [group.pick(np.flatnonzero(np.isin(group.seeds, columns))) for group in luck.groups]
    return Reach(
        luck=luck,
        columns=tuple(columns),
        shown=tuple(shown),
        opened=np.arange(1, DEEPEST_OPENED + 1),
        closes=tuple(_close(seeds, families[seeds.family]) for seeds in shown),
    )


def _close(seeds: Seeds, family: Family) -> np.ndarray:
    closes = np.full((seeds.seeds.size, DEEPEST_OPENED), np.nan)
    for row in np.flatnonzero(seeds.learned):
        model = family.model(int(seeds.seeds[row]), int(seeds.epochs[row]))
        closes[row] = measure_closings(trace(model, "(" * DEEPEST_OPENED, PRECISION)).total
    return closes
