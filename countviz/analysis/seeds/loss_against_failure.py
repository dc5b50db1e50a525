"""How well the validation loss foretells how far a model is right on long strings.

A straight line is fitted, by least squares, through the mean first point of failure on -ln of the
mean validation loss, a point a checkpoint (El-Naggar et al. 2022, arXiv 2211.16429).
"""

import math
from dataclasses import dataclass

import numpy as np

_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(200)


@dataclass(frozen=True, kw_only=True)
class LossAgainstFailure:
    """A line through N checkpoints, and how well it fits.

    Attributes
    ----------
    checkpoints
        N, those without a loss or with a loss of 0 left out.
    slope, intercept
        Symbols per e-fold of the loss, and symbols at a loss of 1.
    r_squared
        The share of the variance of the failures that the line explains.
    p
        The chance of as strong a correlation between unrelated normal numbers (two-sided).
    spearman
        The correlation of the ranks.

    All are nan where fewer than three checkpoints differ.
    """

    checkpoints: int
    slope: float
    intercept: float
    r_squared: float
    p: float
    spearman: float

    def sentence(self) -> str:
        """Say how much the loss tells, and how surely."""
        if math.isnan(self.r_squared):
            return f"{self.checkpoints:,} checkpoints are too few, or too alike, for a line."
        chance = "p < 1e-12" if self.p < 1e-12 else f"p = {self.p:.2g}"
        return (
            f"Over {self.checkpoints:,} checkpoints the loss explains {self.r_squared:.0%} of the "
            f"variance of the first point of failure: {self.slope:+.1f} symbols per e-fold, "
            f"Spearman {self.spearman:.2f}, {chance}."
        )


def fit_failure(loss: np.ndarray, mean_fpf: np.ndarray) -> LossAgainstFailure:
    """Fit the mean first points of failure [N] on -ln of the mean validation losses [N].

    >>> round(fit_failure(np.exp([-1.0, -2, -3]), np.array([10.0, 20, 30])).slope, 6)
    10.0
    """
    usable = np.isfinite(loss) & (loss > 0) & np.isfinite(mean_fpf)
    x, y = -np.log(loss[usable]), mean_fpf[usable]
    if x.size < 3 or np.ptp(x) == 0 or np.ptp(y) == 0:
        return LossAgainstFailure(
            checkpoints=x.size,
            **dict.fromkeys(("slope", "intercept", "r_squared", "p", "spearman"), math.nan),
        )
    r = float(np.corrcoef(x, y)[0, 1])
    slope = r * y.std() / x.std()
    return LossAgainstFailure(
        checkpoints=x.size,
        slope=float(slope),
        intercept=float(y.mean() - slope * x.mean()),
        r_squared=r * r,
        p=correlation_chance(r, x.size),
        spearman=float(np.corrcoef(rank(x), rank(y))[0, 1]),
    )


def rank(values: np.ndarray) -> np.ndarray:
    """Return the ranks of some numbers, from 1; equal ones share the mean of theirs.

    >>> rank(np.array([30, 10, 30])).tolist()
    [2.5, 1.0, 2.5]
    """
    _, place, counts = np.unique(values, return_inverse=True, return_counts=True)
    return (np.cumsum(counts) - (counts - 1) / 2)[place]


def correlation_chance(r: float, n: int) -> float:
    """Return how likely n unrelated pairs of normal numbers correlate at least as strongly as r.

    Their r has a density proportional to (1 - r²)^((n - 4) / 2), which is integrated from abs(r)
    to 1 by Gauss-Legendre quadrature in arcsin(r).
    """
    low = math.asin(min(1.0, abs(r)))
    half = (math.pi / 2 - low) / 2
    angles = low + half * (1 + _NODES)
    whole = 0.5 * math.log(math.pi) + math.lgamma(n / 2 - 1) - math.lgamma((n - 1) / 2)
    density = np.exp((n - 3) * np.log(np.cos(angles)) - whole)
    return float(min(1.0, 2 * half * (_WEIGHTS @ density)))
