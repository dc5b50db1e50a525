"""How a quantity spreads over seeds while they train: bands of quantiles, point by point."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import pandas as pd

LEVELS = (0.0, 0.1, 0.25, 0.5, 0.75, 0.9, 1.0)  # bands of all, 80 % and half of the seeds; median
MEDIAN = LEVELS.index(0.5)


@dataclass(frozen=True, eq=False, kw_only=True)
class Spread:
    """Quantiles over seeds.

    Attributes
    ----------
    at
        [R] where they were measured, such as the number of strings read.
    planned
        How far the measuring is to go; what lies beyond at[-1] is not known yet.
    bands
        [7, R] the quantiles of ``LEVELS``; nan where no seed has a value.

    """

    at: np.ndarray
    planned: int
    bands: np.ndarray

    @property
    def median(self) -> np.ndarray:
        """[R]: half of the seeds lie below it."""
        return self.bands[MEDIAN]

    @property
    def least(self) -> np.ndarray:
        """[R]: the smallest value of any seed."""
        return self.bands[0]

    @property
    def most(self) -> np.ndarray:
        """[R]: the largest value of any seed."""
        return self.bands[-1]

    def to_frame(self, at: str = "strings read") -> "pd.DataFrame":
        """Return a row a point; `at` is what the points are called."""
        import pandas as pd  # takes longer to load than the page

        names = ["least", "10 %", "25 %", "median", "75 %", "90 %", "most"]
        return pd.DataFrame({at: self.at} | dict(zip(names, self.bands, strict=True)))


def spread_over_seeds(at: np.ndarray, values: np.ndarray, planned: int) -> Spread:
    """Return the quantiles over S seeds of values [S, R]; nan means that a seed has none."""
    bands = np.full((len(LEVELS), values.shape[1]), np.nan)
    known = np.isfinite(values)
    whole = known.all(axis=0)
    bands[:, whole] = np.quantile(values[:, whole], LEVELS, axis=0)
    for point in np.flatnonzero(known.any(axis=0) & ~whole):
        bands[:, point] = np.quantile(values[known[:, point], point], LEVELS)
    return Spread(at=at, planned=planned, bands=bands)
