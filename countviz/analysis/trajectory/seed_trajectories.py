"""Seeds side by side: the counting internal of several seeds of a family on the same string."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from countviz.analysis.seeds.luck import LEARNED
from countviz.analysis.trajectory.trajectory import LARGEST, noun_of, thin
from countviz.cells import find_cell
from countviz.families import Family
from countviz.languages import find_language
from countviz.models import BadWeights
from countviz.traces import WHOLE, trace
from countviz.words import count_nouns, in_words

if TYPE_CHECKING:
    import pandas as pd

POINTS = 300  # of a series


@dataclass(frozen=True, eq=False, kw_only=True)
class SeedTrajectories:
    """The counting internal of S seeds of a family along a string, P points a series.

    Attributes
    ----------
    family, cell, language, precision
        Whose seeds they are, and in which number format they were run.
    internal
        The counting internal.
    length
        Symbols of the string.
    every
        One of so many steps is shown, extremes kept; 1 where all are.
    seeds, epochs, accuracies
        [S]: which seeds, each at its best epoch, and the share of validation strings right.
    first_failures
        [S] int64: the first mistake on this string, from 0; -1 where there is none.
    diverged
        [S] bool: the weights are no numbers, so that nothing could be run.
    positions, values
        [S, P, H]: the internal of every unit; nan where there is none or it overflowed.
    slopes
        [S]: +1 where the busiest unit rises with the true count, -1 where it falls, 0 if neither.

    """

    family: str
    cell: str
    language: str
    precision: str
    internal: str
    length: int
    every: int
    seeds: np.ndarray
    epochs: np.ndarray
    accuracies: np.ndarray
    first_failures: np.ndarray
    diverged: np.ndarray
    positions: np.ndarray
    values: np.ndarray
    slopes: np.ndarray

    @property
    def learned(self) -> np.ndarray:
        """[S] bool: the seed judges at least 99 % of the validation strings right."""
        return (self.accuracies >= LEARNED) & ~self.diverged

    def sentence(self) -> str:
        """Say how many learned, how many are right here, and which way they count."""
        noun, learned = noun_of(find_language(self.language)), self.learned
        right = int((learned & (self.first_failures < 0)).sum())
        up, down = (int((learned & (self.slopes == sign)).sum()) for sign in (1, -1))
        who = f"the busiest unit's {self.internal}" if self.values.shape[2] > 1 else self.internal
        seeds = count_nouns(learned.size, "seed")
        text = f"Of {seeds} {in_words(int(learned.sum()))} learned"
        if learned.any():
            text += f", {in_words(right)} of them right on {count_nouns(self.length, noun)}"
        text += ". "
        if up + down:
            text += (
                f"Before a first mistake {who} rises with the count in {in_words(up)} and falls "
            )
            text += f"in {in_words(down)}. "
        if not learned.all():
            text += f"Hatched: under {LEARNED:.0%} of the validation strings right. "
        thinned = "every step is shown"
        if self.every > 1:
            thinned = f"1 of {self.every:,} steps shown, extremes kept"
        return f"{text}All panels have the same axes; {thinned}."

    def to_frame(self) -> "pd.DataFrame":
        """Return a row a seed, unit and point."""
        import pandas as pd  # takes longer to load than the page

        seeds, points, units = self.values.shape
        return pd.DataFrame(
            {
                "model": np.repeat(self.addresses, points * units),
                "position": self.positions.ravel(),
                "unit": np.tile(np.arange(units), seeds * points),
                self.internal: self.values.ravel(),
            }
        )

    @property
    def addresses(self) -> list[str]:
        """The models' addresses, as in ``lstm1-dyck1/3@20``."""
        return [f"{self.family}/{s}@{e}" for s, e in zip(self.seeds, self.epochs, strict=True)]


def measure_seed_trajectories(
    family: Family, string: str, precision: str = "float64", seeds: Sequence[int] | None = None
) -> SeedTrajectories:
    """Measure the counting internal of some seeds on the first 20,000 symbols of a string.

    Parameters
    ----------
    family, seeds
        By default the family's first twelve.
    string, precision
        What they read, in which number format.

    """
    seeds = family.seeds[:12] if seeds is None else tuple(seeds)
    string = string[:WHOLE]
    if not string or not seeds:
        raise ValueError("an empty string or no seed came; at least one of each is right")
    width = 1 if len(string) <= POINTS else 2 * -(-len(string) // POINTS)
    found = [_measure(family, seed, string, precision, width) for seed in seeds]
    failures, diverged, positions, values, slopes = zip(*found, strict=True)
    return SeedTrajectories(
        family=family.name,
        cell=family.spec.cell,
        language=family.spec.language,
        precision=precision,
        internal=find_cell(family.spec.cell).counter,
        length=len(string),
        every=max(1, width // 2),
        seeds=np.array(seeds),
        epochs=np.array([family.best_epoch(seed) for seed in seeds]),
        accuracies=np.array([family.validation_accuracy(seed) for seed in seeds]),
        first_failures=np.array(failures),
        diverged=np.array(diverged),
        positions=np.stack(positions),
        values=np.stack(values),
        slopes=np.array(slopes),
    )


def _measure(
    family: Family, seed: int, string: str, precision: str, width: int
) -> tuple[int, bool, np.ndarray, np.ndarray, int]:
    """Return a seed's first failure, whether it diverged, its points, and which way it counts."""
    try:
        done = trace(family.model(seed), string, precision)
    except BadWeights:
        nothing = np.full((len(string), family.spec.units), np.nan)
        return -1, True, *thin(nothing, width), 0
    values = done.whole.internals[done.model.cell.counter].astype(np.float64)
    values = np.where(np.abs(values) < LARGEST, values, np.nan)
    failure = -1 if done.first_failure is None else done.first_failure
    right = slice(0, done.reading.legal if failure < 0 else failure)  # where it does count
    slope = _find_slope(values[right], done.reading.closings[right].sum(axis=1))
    return failure, False, *thin(values, width), slope


def _find_slope(values: np.ndarray, counts: np.ndarray) -> int:
    """Return whether the busiest unit rises (1) or falls (-1) with the count; 0 if it does not."""
    if len(values) < 2 or np.isnan(values).any():
        return 0
    busiest = values[:, np.ptp(values, axis=0).argmax()]
    return int(np.sign(np.round((busiest - busiest.mean()) @ (counts - counts.mean()), 9)))
