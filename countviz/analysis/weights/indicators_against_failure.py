"""How well the weights' distance from exact ones foretells how far a model is right.

For every indicator a straight line is fitted through the mean first point of failure on -ln of the
indicator's distance from its ideal, a point a seed and epoch (El-Naggar et al. 2022, arXiv
2211.16429).
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from countviz.analysis.seeds.endurance import fail_constantly
from countviz.analysis.seeds.loss_against_failure import LossAgainstFailure, fit_failure
from countviz.analysis.seeds.luck import LEARNED, PRECISION
from countviz.analysis.weights.indicators import Indicators, measure_indicators
from countviz.datasets import encode_strings
from countviz.families import Family
from countviz.judging import find_failures
from countviz.published_sets import make_set
from countviz.words import count_nouns

if TYPE_CHECKING:
    import pandas as pd

EPOCHS_APART = 5  # as in the published analysis
TELLS = 0.1  # share of the variance below which a line says next to nothing
CHANCE = 0.05  # above which it may as well be chance
_SET = "nested"
_REPEATED = ("U",)  # its distance from 1 is an indicator of its own


@dataclass(frozen=True, eq=False, kw_only=True)
class IndicatorsAgainstFailure:
    """The indicators of M checkpoints of a family, and how far each checkpoint is right.

    Attributes
    ----------
    family, cell
        Whose they are.
    seeds, epochs
        [M] which checkpoints.
    names
        Of the I indicators that have an ideal.
    distance
        [M, I] how far each lies from its ideal.
    mean_fpf
        [M] mean first point of failure on the published nested strings.
    learned
        [M] bool: the checkpoint judges at least 99 % of the validation strings right.
    fits
        A line for each indicator, through those that learned.
    constant, length
        What a model scores that always answers "open", and how long the strings are.

    """

    family: str
    cell: str
    seeds: np.ndarray
    epochs: np.ndarray
    names: tuple[str, ...]
    distance: np.ndarray
    mean_fpf: np.ndarray
    learned: np.ndarray
    fits: tuple[LossAgainstFailure, ...]
    constant: float
    length: int

    def tells(self, indicator: int) -> bool:
        """Say whether an indicator foretells anything: no chance, and not next to nothing."""
        fit = self.fits[indicator]
        return bool(fit.p <= CHANCE and fit.r_squared >= TELLS)

    @property
    def best(self) -> int:
        """The place of the indicator that tells most."""
        told = np.nan_to_num([fit.r_squared for fit in self.fits], nan=-1.0)
        return int(np.argmax(told))

    def sentence(self, indicator: int = 0) -> str:
        """Say how much one indicator tells, and how surely."""
        fit, name = self.fits[indicator], self.names[indicator]
        points = f"{count_nouns(fit.checkpoints, 'checkpoint')} that learned"
        if np.isnan(fit.r_squared):
            return f"{points} are too few, or too alike, for a line."
        chance = "p < 1e-12" if fit.p < 1e-12 else f"p = {fit.p:.2g}"
        slope = f"{fit.slope * np.log(10):+.0f}".replace("-", "\N{MINUS SIGN}")
        explained = (
            f"{name} explains {fit.r_squared:.0%} of the variance of the first point of failure "
            f"(r² {fit.r_squared:.2f}, {chance}): {slope} brackets for each power of ten nearer"
        )
        if self.tells(indicator):
            most = " No other indicator tells as much." if indicator == self.best else ""
            return f"Over {points}, {explained}.{most}"
        return f"This line says next to nothing. Over {points}, {explained}."

    def to_frame(self) -> "pd.DataFrame":
        """Return a row a checkpoint."""
        import pandas as pd

        columns = {"seed": self.seeds, "epoch": self.epochs, "learned": self.learned}
        for name, distance in zip(self.names, self.distance.T, strict=True):
            columns[f"{name}: from its ideal"] = distance
        return pd.DataFrame({**columns, "mean first point of failure": self.mean_fpf})


def choose_checkpoints(family: Family) -> tuple[list[int], list[int]]:
    """Return seed and epoch of every fifth epoch of all seeds, without the untrained ones."""
    epochs = [epoch for epoch in family.epochs if epoch and epoch % EPOCHS_APART == 0]
    epochs = epochs or [family.epochs[-1]]
    pairs = [(seed, epoch) for seed in family.seeds for epoch in epochs]
    return [seed for seed, _ in pairs], [epoch for _, epoch in pairs]


def compare_indicators(family: Family) -> IndicatorsAgainstFailure | None:
    """Measure every fifth epoch of all seeds of a one-unit Dyck-1 family, and fit the lines.

    Cells for which no weights are known that count exactly have no indicators.
    """
    seeds, epochs = choose_checkpoints(family)
    indicators = measure_indicators(family, seeds, epochs)
    if indicators is None:
        return None
    strings = encode_strings(family.model().language, make_set(_SET))
    vectors = family.vectors(seeds, epochs)
    fpf = find_failures(family.spec, vectors, strings, precision=PRECISION).position.mean(axis=1)
    names, distance = _find_distances(indicators)
    pairs = zip(seeds, epochs, strict=True)
    learned = np.array([family.validation_accuracy(*pair) >= LEARNED for pair in pairs])
    return IndicatorsAgainstFailure(
        family=family.name,
        cell=family.spec.cell,
        seeds=np.array(seeds),
        epochs=np.array(epochs),
        names=names,
        distance=distance,
        mean_fpf=fpf,
        learned=learned,
        fits=tuple(fit_failure(column[learned], fpf[learned]) for column in distance.T),
        constant=float(fail_constantly(strings).mean()),
        length=int(np.diff(strings.starts).max()),
    )


def _find_distances(indicators: Indicators) -> tuple[tuple[str, ...], np.ndarray]:
    """Return the indicators that have an ideal, and how far they lie from it."""
    ideals = np.array(indicators.ideals)
    usable = np.isfinite(ideals) & ~np.isin(indicators.names, _REPEATED)
    names = np.array(indicators.names)[usable].tolist()
    said = tuple(name.replace("-", "\N{MINUS SIGN}") for name in names)
    return said, abs(indicators.values[:, usable] - ideals[usable])
