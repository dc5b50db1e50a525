"""Freezing curves: how much is left on longer strings, by what is frozen."""

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from countviz.analysis.memory.freezing import Freezing, Row

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
        """Say from where to where the mean goes, by what is frozen, and the bounds beside it."""
        first, last = self.freezing.panels[0], self.freezing.panels[-1]
        said = []
        for mode, rows in self.modes.items():
            own = np.array([self.follow(row) for row in rows if row.values is not None])
            if own.size:
                low, high = own[:, 0].mean(), own[:, -1].mean()
                kept = f" ({high / low:.0%})" if first.measure == "accuracy" else ""
                said.append(f"{mode} frozen {first.spell(low)} to {last.spell(high)}{kept}")
        if not said:
            return f"Nothing of {self.freezing.task} has run yet."
        trivial, possible = (
            f"{first.spell(one)} to {last.spell(other)}"
            for one, other in ((first.trivial, last.trivial), (first.ceiling, last.ceiling))
        )
        return (
            f"From {first.title} to {last.title} the mean over systems and seeds goes, "
            f"{'; '.join(said)}. The trivial predictor goes from {trivial}, the best possible from "
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
