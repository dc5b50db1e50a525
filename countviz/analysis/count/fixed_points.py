"""Fixed points: the values that a map leaves as they are, and whether it returns to them."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

_HALVINGS = 50


@dataclass(frozen=True, eq=False, kw_only=True)
class FixedPoint:
    """A value that a symbol leaves as it is, and how much of a small error about it is left."""

    value: float
    multiplier: float

    @property
    def stable(self) -> bool:
        """Errors about it shrink."""
        return abs(self.multiplier) < 1

    @property
    def kind(self) -> str:
        """Stable or unstable."""
        return "stable" if self.stable else "unstable"


def find_fixed_points(
    step: Callable[[np.ndarray], np.ndarray], grid: np.ndarray, after: np.ndarray
) -> tuple[FixedPoint, ...]:
    """Return where a map meets the diagonal: between values of a grid, halved until they touch."""
    gap = after - grid
    touching = np.flatnonzero(gap == 0)
    touching = [at for at in touching if at - 1 not in touching and at + 1 not in touching]
    crossing = np.flatnonzero(gap[:-1] * gap[1:] < 0)
    low, high = grid[crossing], grid[crossing + 1]
    rising = gap[crossing] < 0
    for _ in range(_HALVINGS if crossing.size else 0):
        middle = (low + high) / 2
        up = (step(middle) > middle) != rising
        low, high = np.where(up, middle, low), np.where(up, high, middle)
    values = np.sort(np.concatenate([grid[touching], (low + high) / 2]))
    if not values.size:
        return ()
    width = 1e-4 * (grid[-1] - grid[0])
    below, above = np.maximum(values - width, grid[0]), np.minimum(values + width, grid[-1])
    multipliers = (step(above) - step(below)) / (above - below)
    return tuple(
        FixedPoint(value=float(value), multiplier=float(multiplier))
        for value, multiplier in zip(values, multipliers, strict=True)
    )


def fit_line(x: np.ndarray, y: np.ndarray) -> tuple[float, float]:
    """Return slope and offset of the least-squares line; nan where x is the same throughout."""
    if x.size < 2 or np.ptp(x) == 0:
        return np.nan, np.nan
    centred = x - x.mean()
    slope = float(centred @ (y - y.mean()) / (centred @ centred))
    return slope, float(y.mean() - slope * x.mean())
