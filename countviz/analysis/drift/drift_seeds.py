"""Drift over the seeds of a family: the same strings, every seed that learned, bands of quantiles.

How far a count is off is read from each seed's own state. Where the first mistake comes, and on
how many strings there is none, is judged for all seeds at once, in the lanes of vectors.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from countviz.analysis.count.state_count import read_out_state
from countviz.analysis.drift.drift import HALF, in_brackets, longest_of
from countviz.analysis.drift.drift_run import measure_run
from countviz.analysis.drift.string_families import check_family, check_lengths, make_symbols
from countviz.analysis.seeds.luck import LEARNED
from countviz.analysis.seeds.spread import Spread, spread_over_seeds
from countviz.datasets import Encoded
from countviz.engine.groups import work_through
from countviz.families import Family
from countviz.judging import find_failures

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, eq=False, kw_only=True)
class DriftSeeds:
    """The drift of the S seeds of a family that learned, each at its best epoch, on L lengths.

    Attributes
    ----------
    family_name, precision
        Whose seeds, and in which number format they were run.
    family, peak, strings, seed
        The strings, as in ``Drift``.
    seeds, learned, tried
        [S] which seeds were measured, how many learned, and how many there are.
    lengths
        [L] total symbols.
    largest, accuracy, mean_fpf
        Quantiles over seeds of the largest absolute drift, in brackets; of the share of strings
        judged right; and of the mean position of the first wrong verdict.
    trained_to
        The longest strings in training.

    """

    family_name: str
    precision: str
    family: str
    peak: int
    strings: int
    seed: int
    seeds: np.ndarray
    learned: int
    tried: int
    lengths: np.ndarray
    largest: Spread
    accuracy: Spread
    mean_fpf: Spread
    trained_to: int | None

    @property
    def right_share(self) -> Spread:
        """The mean first point of failure as a share of the length."""
        return replace(self.mean_fpf, bands=self.mean_fpf.bands / self.lengths)

    def sentence(self) -> str:
        """Say from where on the median seed is off, and how unlike the seeds are at the end."""
        if not self.seeds.size:
            return f"None of the {self.tried:,} seeds learned to count: there is no band."
        who = f"Band: the {self.learned:,} of {self.tried:,} seeds that learned"
        if self.seeds.size < self.learned:
            who = f"Band: {self.seeds.size:,} of the {self.learned:,} seeds that learned"
        off = np.flatnonzero(self.largest.median >= HALF)
        half = "half of them are never off by half a bracket"
        if off.size:
            half = f"half of them are off by half a bracket from {self.lengths[off[0]]:,} on"
        least, most = (in_brackets(b[-1]) for b in (self.largest.least, self.largest.most))
        return f"{who}; {half}. At {self.lengths[-1]:,} they are off by {least} to {most}."

    def to_frame(self) -> "pd.DataFrame":
        """Return a row a length and a quantity, and a column a quantile."""
        import pandas as pd  # takes longer to load than the page

        parts = {
            "largest drift": self.largest,
            "right": self.accuracy,
            "first mistake": self.mean_fpf,
        }
        return pd.concat(
            spread.to_frame("length").assign(quantity=name) for name, spread in parts.items()
        )


def measure_drift_seeds(
    family: Family,
    strings_family: str = "nested",
    lengths: Sequence[int] = (10, 100, 1000),
    precision: str = "float64",
    peak: int = 10,
    strings: int = 10,
    seed: int = 0,
    most: int | None = None,
) -> DriftSeeds:
    """Measure the drift of the seeds of a family that learned; the strings are as for one model.

    Of many seeds `most` are taken, at even distances; by default all.
    """
    check_family(family.model(), strings_family, peak, strings)
    at = np.sort(check_lengths(tuple(lengths)))
    learned = [s for s in family.seeds if family.validation_accuracy(s) >= LEARNED]
    chosen = learned[:: -(-len(learned) // most)] if most and learned else learned
    drawn = [list(make_symbols(strings_family, int(n), peak, strings, seed)) for n in at]
    spreads = dict.fromkeys(("largest", "accuracy", "mean_fpf"), np.full((1, at.size), np.nan))
    if chosen:
        fpf, right = _judge(family, chosen, drawn, precision)
        largest = _find_largest(family, chosen, drawn, precision)
        spreads = {"largest": largest, "accuracy": right, "mean_fpf": fpf}
    return DriftSeeds(
        family_name=family.name,
        precision=precision,
        family=strings_family,
        peak=peak,
        strings=len(drawn[0]),
        seed=seed,
        seeds=np.array(chosen, np.int64),
        learned=len(learned),
        tried=len(family.seeds),
        lengths=at,
        **{name: spread_over_seeds(at, values, int(at[-1])) for name, values in spreads.items()},
        trained_to=longest_of(family.spec),
    )


def _find_largest(
    family: Family, seeds: Sequence[int], drawn: Sequence[Sequence[np.ndarray]], precision: str
) -> np.ndarray:
    """Return the largest absolute drift of every seed on every length, [S, L]."""

    def work(seed: int) -> list[float]:
        model = family.model(seed)
        reading = read_out_state(model, precision)
        runs = [[measure_run(model, precision, reading, one) for one in some] for some in drawn]
        return [float(np.fmax.reduce([run.largest for run in some])) for some in runs]

    return np.array(work_through(work, [(seed,) for seed in seeds]))


def _judge(
    family: Family, seeds: Sequence[int], drawn: Sequence[Sequence[np.ndarray]], precision: str
) -> tuple[np.ndarray, np.ndarray]:
    """Return the mean first failure and the share of right strings of every seed, [S, L] each."""
    vectors = family.vectors(seeds, [family.best_epoch(one) for one in seeds])
    strings = encode_symbols([one for some in drawn for one in some])
    found = find_failures(family.spec, vectors, strings, precision)
    shape = len(seeds), len(drawn), -1
    right = found.continuation < 0
    return found.position.reshape(shape).mean(axis=2), right.reshape(shape).mean(axis=2)


def encode_symbols(strings: Sequence[np.ndarray]) -> Encoded:
    """Lay strings of Dyck-1, given as symbols, end to end; what may come next follows from them."""
    left = np.concatenate([np.cumsum(1 - 2 * one) for one in strings])
    return Encoded(
        symbols=np.concatenate(strings),
        targets=np.stack([np.ones(left.size, bool), left > 0], axis=1),
        starts=np.cumsum([0, *(one.size for one in strings)]),
    )
