"""Freezing curves: how much is left on longer strings, by what is frozen."""

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from countviz.analysis.memory.freezing import Freezing, Panel, Row

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, eq=False, kw_only=True)
class FreezingCurves:
    """The same systems as in `freezing`, from the shortest to the longest strings."""

    freezing: Freezing

    @property
    def modes(self) -> dict[str, list[Row]]:
        """The rows by what is frozen, in the order of the system that has most to freeze."""
        most = max(self.freezing.systems.values(), key=len)
        return {
            mode: [row for row in self.freezing.rows if row.frozen == mode]
            for mode in (row.frozen for row in most)
        }

    def follow(self, row: Row) -> list[float]:
        """Return the mean over the seeds of a row, by panel; nan where it overflowed."""
        means = [row.mean_of(place) for place in range(len(self.freezing.panels))]
        return [mean if math.isfinite(mean) else math.nan for mean in means]

    def sentence(self) -> str:
        """Say from where to where the mean goes, by what is frozen, and the bounds beside it.

        Only systems with something to freeze in every way are taken, so that the means compare.
        """
        first, last = self.freezing.panels[0], self.freezing.panels[-1]
        whole = [
            name for name, rows in self.freezing.systems.items() if len(rows) == len(self.modes)
        ]
        said = []
        for mode, rows in self.modes.items():
            ran = [row for row in rows if row.values is not None and row.system in whole]
            own = np.array([self.follow(row) for row in ran])
            if own.size:
                ends = _tell(first, last, own[:, 0].mean(), own[:, -1].mean())
                said.append(f"from {ends} with {mode} frozen")
        if not said:
            return f"Of the systems with a stack nothing has run on {self.freezing.task} yet."
        trivial, possible = (
            _tell(first, last, one, other)
            for one, other in ((first.trivial, last.trivial), (first.ceiling, last.ceiling))
        )
        return (
            "From the shortest strings to the longest the mean over systems with a stack goes "
            f"{', '.join(said)}. The trivial predictor goes from {trivial}, the best possible from "
            f"{possible}."
        )

    def to_frame(self) -> "pd.DataFrame":
        """Return a row a system, part frozen and length."""
        import pandas as pd  # takes longer to load than the page

        rows = [
            {
                "task": self.freezing.task,
                "system": row.system,
                "frozen": row.frozen,
                "strings": panel.title,
                f"mean {panel.measure}": row.mean_of(place),
                "deviation": row.deviation_of(place),
                f"best seed's {panel.measure}": row.best_of(place),
                "trivial": panel.trivial,
                "possible": panel.ceiling,
            }
            for row in self.freezing.rows
            for place, panel in enumerate(self.freezing.panels)
        ]
        return pd.DataFrame(rows)


def _tell(first: Panel, last: Panel, low: float, high: float) -> str:
    """Return two ends, and how much is retained where a part of it can be."""
    kept = f" ({high / low:.0%})" if first.retains and low else ""
    return f"{first.spell(low)} to {last.spell(high)}{kept}"
