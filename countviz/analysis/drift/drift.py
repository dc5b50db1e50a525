"""Drift: how far the count that a model holds is from the truth, on longer and longer strings.

The count is read from the state: by construction for counters set by hand, by a linear fit for
others; or it is how many closings the model still accepts. Nothing is kept of a run but what the
report needs, so that a string may have a million symbols.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from countviz.analysis.count.first_mistakes import EARLY_ZERO, NONE, OTHER, STUCK_OPEN
from countviz.analysis.count.state_count import read_out_state
from countviz.analysis.drift.drift_run import RunDrift, measure_runs
from countviz.analysis.drift.string_families import check_family, check_lengths, make_symbols
from countviz.analysis.seeds.spread import Spread, spread_over_seeds
from countviz.arithmetic.precision import find_precision
from countviz.models import Model, Spec, Training
from countviz.traces import WHOLE
from countviz.words import in_powers, join_words

if TYPE_CHECKING:
    import pandas as pd

READINGS = ("state", "closes-left")
HALF = 0.5  # brackets: from here on another count is nearer than the true one


@dataclass(frozen=True, eq=False, kw_only=True)
class Drift:
    """The drift of one model, decoded count - true count in brackets, on L lengths of strings.

    Attributes
    ----------
    model, precision
        What was run, in which number format.
    family, peak, strings, seed
        The strings: nested, zigzag (with peaks so deep), flat or random (so many a length, drawn
        with this seed; of the others there is one a length).
    reading, source, r_squared
        "state" or "closes-left"; in words where it comes from; and how much of the true count's
        variance a fit explains (None without a fit).
    lengths
        [L] total symbols.
    mean_drift
        [L] over all steps of all strings; nan where there is no count to read.
    max_abs_drift
        [L] the largest of them all, whichever its sign.
    accuracy
        [L] share of strings judged right at every symbol.
    mean_fpf
        [L] mean position, from 0, of the first wrong verdict; a string without counts its length.
    largest
        Quantiles over strings of the largest absolute drift on each.
    early_zero, stuck_open, other
        [L] shares of strings by their first mistake: "closed" too early, "open" when all is
        closed, and anything else.
    overflowed, never_closes
        [L] share of strings on which the state overflowed (its drift is that before), and on which
        some state never says "closed", so that it has no closes-left count there.
    constant_drift, constant_fpf
        [L] the mean largest drift and the mean first failure of a model that never moves and
        always answers "open". It judges no string right.
    trained_to
        The longest strings in training; None for a model that was not trained.

    """

    model: Model
    precision: str
    family: str
    peak: int
    strings: int
    seed: int
    reading: str
    source: str
    r_squared: float | None
    lengths: np.ndarray
    mean_drift: np.ndarray
    max_abs_drift: np.ndarray
    accuracy: np.ndarray
    mean_fpf: np.ndarray
    largest: Spread
    early_zero: np.ndarray
    stuck_open: np.ndarray
    other: np.ndarray
    overflowed: np.ndarray
    never_closes: np.ndarray
    constant_drift: np.ndarray
    constant_fpf: np.ndarray
    trained_to: int | None

    @property
    def first(self) -> int:
        """The place of the longest length within training, else that of the shortest of all."""
        within = np.where(self.lengths <= (self.trained_to or 0), self.lengths, 0)
        return int(within.argmax() if within.any() else self.lengths.argmin())

    @property
    def last(self) -> int:
        """The place of the longest length."""
        return int(self.lengths.argmax())

    @property
    def right_share(self) -> np.ndarray:
        """[L] the mean first point of failure as a share of the length."""
        return self.mean_fpf / self.lengths

    @property
    def constant_share(self) -> np.ndarray:
        """[L] the same of a model that always answers "open"."""
        return self.constant_fpf / self.lengths

    @property
    def retention(self) -> float:
        """Accuracy on the longest strings by that within training; nan where that is 0."""
        short = self.accuracy[self.first]
        return float(self.accuracy[self.last] / short) if short else float("nan")

    @property
    def half_at(self) -> int | None:
        """The shortest length on which the count is off by half a bracket or more."""
        off = self.lengths[self.max_abs_drift >= HALF]
        return int(off.min()) if off.size else None

    def sentence(self) -> str:
        """Say from which length on the count is off, how far at the end, and where it is read."""
        where = f"On {self._strings()} of up to {self.lengths.max():,} brackets the count"
        far = self.max_abs_drift[self.last]
        if not np.isfinite(self.max_abs_drift).any():
            said = f"{where} cannot be read: the model never says “closed”"
        elif not np.nan_to_num(self.max_abs_drift).any():
            said = f"{where} never drifts: it is exact"
        elif self.half_at is None:
            said = f"{where} is never off by half a bracket, at most by {in_powers(far)}"
        else:
            said = f"{where} is off by half a bracket or more from {self.half_at:,} on"
            said += f", by up to {in_brackets(far)} in the end" if np.isfinite(far) else ""
        return f"{said}.{self._caveats()} The count is {self.source}."

    def outcome_sentence(self) -> str:
        """Say how many strings are right, how the others go wrong, and what is retained."""
        within, last = (
            f"{self.accuracy[place]:.0%} of those of {self.lengths[place]:,} brackets"
            for place in (self.first, self.last)
        )
        kinds = {"early zero": self.early_zero, "stuck open": self.stuck_open, "else": self.other}
        wrong = [f"{k[self.last]:.0%} {name}" for name, k in kinds.items() if k[self.last]]
        how = f" ({join_words(wrong)})" if wrong else ""
        kept = f" Retention: {self.retention:.2f}." if np.isfinite(self.retention) else ""
        who = f"Of {self._strings()} it gets {within} right, and {last}"
        return f"{who}{how}.{kept}".replace("%", " %")

    def failure_sentence(self) -> str:
        """Say where the first mistake comes on the longest strings, and who does better."""
        length, many = f"{self.lengths[self.last]:,} brackets", self.strings > 1
        said = f"On {length} the first mistake comes at bracket {self.mean_fpf[self.last] + 1:,.0f}"
        said += " on average" if many else ""
        if self.accuracy[self.last] == 1:
            said = f"No mistake on {length}"
        behind = int((self.mean_fpf < self.constant_fpf).sum())
        if not behind:
            return f"{said}. A model that always answers “open” never lasts longer."
        return (
            f"{said}. A model that always answers “open” lasts longer on {behind} of "
            f"{self.lengths.size} lengths."
        )

    def _strings(self) -> str:
        if self.family == "zigzag":
            return f"zigzags {self.peak:,} deep"
        return f"{self.family} strings"

    def _caveats(self) -> str:
        said = ""
        if self.overflowed.any():
            said += f" The state overflows from {self.lengths[self.overflowed > 0].min():,} on."
        if self.never_closes.any() and np.isfinite(self.max_abs_drift).any():
            lost = self.lengths[self.never_closes > 0].min()
            said += f" From {lost:,} on some states never read as closed, and are left out."
        if self.strings > 1:
            said += f" Whiskers: all {self.strings:,} strings of a length, thick for half of them."
        return said

    def to_frame(self) -> "pd.DataFrame":
        """Return a row a length."""
        import pandas as pd  # takes longer to load than the page

        names = (
            "lengths mean_drift max_abs_drift accuracy mean_fpf early_zero stuck_open other "
            "overflowed never_closes constant_drift constant_fpf"
        )
        return pd.DataFrame({name: getattr(self, name) for name in names.split()})


def measure_drift(
    model: Model,
    family: str = "nested",
    lengths: Sequence[int] = (10, 100, 1000),
    precision: str = "float64",
    peak: int = 10,
    strings: int = 100,
    seed: int = 0,
    reading: str = "state",
) -> Drift:
    """Measure how far a model's count is off on strings of several lengths.

    Parameters
    ----------
    model, precision
        What is run, in which number format.
    family
        Nested, zigzag, flat or random.
    lengths
        Total symbols, even and up to 1,000,000; with the reading "closes-left" up to 20,000.
    peak
        Of a zigzag, in brackets.
    strings, seed
        How many random strings a length, and what they are drawn with.
    reading
        "state" or "closes-left".

    Raises
    ------
    ValueError
        Whose sentence says what came and what would be right.

    """
    find_precision(precision)
    check_family(model, family, peak, strings)
    at, strings = check_lengths(tuple(lengths)), strings if family == "random" else 1
    _check_reading(reading, at)
    read = read_out_state(model, precision) if reading == "state" else None

    def make(length: int) -> Iterator[np.ndarray]:
        return make_symbols(family, length, peak, strings, seed)

    runs = measure_runs(model, precision, read, make, at)
    largest = spread_over_seeds(at, runs.largest.T, int(at.max()))
    return Drift(
        model=model,
        precision=precision,
        family=family,
        peak=peak,
        strings=strings,
        seed=seed,
        reading=reading,
        source=read.sentence() if read else "that of the closings it still accepts",
        r_squared=read.r_squared if read else None,
        lengths=at,
        max_abs_drift=largest.most,
        largest=largest,
        trained_to=longest_of(model.spec),
        **_summarise(runs),
    )


def _summarise(runs: RunDrift) -> dict[str, np.ndarray]:
    """Return means and shares over the strings of each length."""
    steps = runs.steps.sum(axis=1)
    return {
        "mean_drift": runs.total.sum(axis=1) / np.where(steps, steps, np.nan),
        "mean_fpf": runs.failure.mean(axis=1),
        "accuracy": (runs.kind == NONE).mean(axis=1),
        "early_zero": (runs.kind == EARLY_ZERO).mean(axis=1),
        "stuck_open": (runs.kind == STUCK_OPEN).mean(axis=1),
        "other": (runs.kind == OTHER).mean(axis=1),
        "overflowed": runs.overflowed.mean(axis=1),
        "never_closes": runs.never_closes.mean(axis=1),
        "constant_drift": runs.deepest.mean(axis=1),
        "constant_fpf": runs.closed_at.mean(axis=1),
    }


def in_brackets(drift: float) -> str:
    """Return a drift to three digits, without an exponent.

    >>> in_brackets(477631.2), in_brackets(-0.61504)
    ('477,631', '\N{MINUS SIGN}0.615')
    """
    size = f"{drift:,.0f}" if abs(drift) >= 100 else f"{drift:.3g}"
    return size.replace("-", "\N{MINUS SIGN}")


def longest_of(spec: Spec) -> int | None:
    """Return the length of the longest strings that a spec is trained on; None if it is not."""
    return spec.recipe.longest if isinstance(spec.recipe, Training) else None


def _check_reading(reading: str, lengths: np.ndarray) -> None:
    if reading not in READINGS:
        raise ValueError(f"no reading named {reading!r}; there are: {', '.join(READINGS)}")
    if reading != READINGS[0] and lengths.max() > WHOLE:
        raise ValueError(
            f"a length of {lengths.max():,} came; closes-left counts are taken up to {WHOLE:,}"
        )
