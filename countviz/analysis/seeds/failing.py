"""The first nestings that fool the seeds of a family while they train: e1 to e5.

After Suzgun, Belinkov, Shieber (2019), who followed the first five n that fail after every epoch.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from countviz.analysis.failure.nesting import DEEPEST_TRIED
from countviz.analysis.seeds.learning import Learning

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, eq=False, kw_only=True)
class Failing:
    """The medians over seeds of the first five n whose (^n )^n is judged wrong.

    Attributes
    ----------
    at
        [R] how many strings every seed had read.
    planned
        How many it is to read in all.
    medians
        [5, R]; nan where half of the seeds have no such n among those tried.

    """

    at: np.ndarray
    planned: int
    medians: np.ndarray

    def ends(self, point: int) -> tuple[tuple[str, float], ...]:
        """Return what is written where the lines end at a point, and at which n."""
        known = self.medians[np.isfinite(self.medians[:, point]), point]
        if not known.size:
            return ()
        words = f"e₁ to e₅: {known[0]:,.0f} to {known[-1]:,.0f}"
        return ((words if known.size == 5 else f"e₁ = {known[0]:,.0f}", float(known[-1])),)

    def sentence(self, point: int = -1) -> str:
        """Say how to read the lines, and what they are at a point."""
        words = [
            f"{n:,.0f}" if np.isfinite(n) else f"beyond {DEEPEST_TRIED}"
            for n in self.medians[:, point]
        ]
        return (
            "e₁ is the smallest n at which a seed gets (ⁿ )ⁿ wrong, e₂ the next, up to e₅; the "
            f"lines are medians. After {self.at[point]:,} strings: {', '.join(words)}."
        )

    def to_frame(self) -> "pd.DataFrame":
        """Return a row a point, with the medians of e1 to e5."""
        import pandas as pd  # takes longer to load than the page

        medians = {f"e{k + 1}": row for k, row in enumerate(self.medians)}
        return pd.DataFrame({"strings read": self.at} | medians)


def summarise_failing(learning: Learning, planned: int) -> Failing:
    """Summarise e1 to e5 over seeds; a seed counts until it diverges."""
    found = np.where(learning.first_failing > 0, learning.first_failing, np.inf)
    medians = np.full((found.shape[2], found.shape[1]), np.nan)
    for point in np.flatnonzero(learning.alive.any(axis=0)):
        middle = np.quantile(found[learning.alive[:, point], point], 0.5, axis=0, method="higher")
        medians[:, point] = np.where(np.isfinite(middle), middle, np.nan)
    return Failing(at=learning.strings, planned=planned, medians=medians)
