"""Drift along one string: where the count that a model holds leaves the truth."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from countviz.analysis.count.closing import measure_closings
from countviz.analysis.count.state_count import read_out_state
from countviz.analysis.drift.drift import HALF, READINGS, in_brackets
from countviz.analysis.drift.drift_run import LARGEST
from countviz.analysis.trajectory.trajectory import noun_of, thin
from countviz.models import Model
from countviz.traces import WHOLE, Trace
from countviz.words import count_nouns

if TYPE_CHECKING:
    import pandas as pd

POINTS = 2_000  # of a series, at most
STILL = "not read: the state never moves with it"
_USELESS = 0.01  # R² of a fit that says nothing of the count
_SERIES = "positions", "drift", "decoded_positions", "decoded", "count_positions", "counts"
_BLOCK = 32_768  # steps held at once


@dataclass(frozen=True, eq=False, kw_only=True)
class DriftAlong:
    """Decoded count - true count after every symbol of a string, in P points.

    Of a long string every series keeps the smallest and the largest value of each bucket of steps,
    at the positions where they came.

    Attributes
    ----------
    model, precision
        What was run, in which number format.
    reading, source, r_squared
        "state" or "closes-left"; in words where it comes from; and how much of the true count's
        variance a fit explains (None without a fit).
    length, legal
        The string's symbols, and those before the first illegal one; the truth ends there.
    every
        One of so many steps is shown; 1 where all are.
    positions, drift
        [P] from 0, and in brackets; nan where no count can be read.
    decoded_positions, decoded
        [P]: the decoded count itself.
    count_positions, counts
        [P]: the true count, summed over the language's counters.
    first_failure, failure_count
        The first wrong verdict, from 0, and the true count there; None without one.
    half_at
        The first position at which the count is off by half a bracket or more; None if nowhere.
    largest, largest_at
        The drift that is furthest from 0, signed, and where; None if no count can be read.
    mean
        Over all steps at which a count can be read.
    overflow
        The first position at which the state reads as no count at all; None if nowhere.
    unread
        How many legal steps have no count.

    """

    model: Model
    precision: str
    reading: str
    source: str
    r_squared: float | None
    length: int
    legal: int
    every: int
    positions: np.ndarray
    drift: np.ndarray
    decoded_positions: np.ndarray
    decoded: np.ndarray
    count_positions: np.ndarray
    counts: np.ndarray
    first_failure: int | None
    failure_count: int | None
    half_at: int | None
    largest: float | None
    largest_at: int | None
    mean: float
    overflow: int | None
    unread: int

    def answer(self) -> str:
        """Say where the count is off first, and how far at most; positions count from 1."""
        noun = noun_of(self.model.language)
        if self.largest is None:
            return "no count can be read on this string."
        if self.largest == 0:
            return f"the count never drifts, on {count_nouns(self.legal, noun)}."
        most = f"{in_brackets(self.largest)} at {noun} {self.largest_at + 1:,}"
        if self.half_at is None:
            return f"the count is never off by half a {noun}; its largest error is {most}."
        if self.half_at == self.largest_at:
            return f"the count is first off at {noun} {self.half_at + 1:,}, and nowhere by more."
        first = f"the count is first off by half a {noun} at {noun} {self.half_at + 1:,}"
        return f"{first}; its largest error is {most}."

    def sentence(self) -> str:
        """Say how far it is off, whether a verdict is wrong, and how the count is read."""
        said = self.answer()
        return f"{said[0].upper()}{said[1:]} {self._end(noun_of(self.model.language))}"

    def _end(self, noun: str) -> str:
        said = "No verdict is wrong."
        if self.first_failure is not None:
            said = f"✕ is the first wrong verdict, at {noun} {self.first_failure + 1:,}."
        if self.overflow is not None:
            said += f" The state overflows at {noun} {self.overflow + 1:,}."
        elif self.unread:
            where = count_nouns(self.unread, noun)
            said += f" At {where} it never says “closed”: no count is drawn there."
        if self.legal < self.length:
            said += f" From {noun} {self.legal + 1:,} on the string is illegal."
        shown = "" if self.every == 1 else f" 1 of {self.every:,} steps is shown, extremes kept."
        return f"{said} The count is {self.source}.{shown}"

    def to_frame(self) -> "pd.DataFrame":
        """Return a row a point."""
        import pandas as pd  # takes longer to load than the page

        parts = {
            "drift": (self.positions, self.drift),
            "decoded count": (self.decoded_positions, self.decoded),
            "true count": (self.count_positions, self.counts),
        }
        return pd.concat(
            pd.DataFrame({"position": positions, "quantity": name, "value": values})
            for name, (positions, values) in parts.items()
        )


def measure_drift_along(trace: Trace, reading: str = "state") -> DriftAlong:
    """Measure how far the decoded count is off after every legal symbol of a trace.

    Parameters
    ----------
    trace
        The run, of up to 1,000,000 symbols.
    reading
        "state", or "closes-left" on up to 20,000 symbols.

    """
    legal = trace.reading.legal
    values, source, r_squared = _decode(trace, reading)
    counts = trace.reading.closings[:legal].sum(axis=1).astype(np.float64)
    values = np.where(np.abs(values) < LARGEST, values, np.nan)
    drift = values - counts
    read, off = np.isfinite(drift), np.abs(drift) >= HALF
    furthest = int(np.nanargmax(np.abs(drift))) if read.any() else None
    lost = (~read).sum() if source != STILL else 0
    failure, every = trace.first_failure, max(1, -(-legal // POINTS))
    thinned = (thin(one, 1 if every == 1 else 2 * every) for one in (drift, values, counts))
    series = dict(zip(_SERIES, (one for pair in thinned for one in pair), strict=True))
    return DriftAlong(
        model=trace.model,
        precision=trace.precision,
        reading=reading,
        source=source,
        r_squared=r_squared,
        length=len(trace.string),
        legal=legal,
        every=every,
        **series,
        first_failure=failure,
        failure_count=None if failure is None else int(counts[failure]),
        half_at=int(off.argmax()) if off.any() else None,
        largest=None if furthest is None else float(drift[furthest]),
        largest_at=furthest,
        mean=float(drift[read].mean()) if read.any() else float("nan"),
        overflow=int((~read).argmax()) if lost and reading == READINGS[0] else None,
        unread=int(lost),
    )


def _decode(trace: Trace, reading: str) -> tuple[np.ndarray, str, float | None]:
    """Return the decoded count after every legal symbol, and where it comes from."""
    if reading not in READINGS:
        raise ValueError(f"no reading named {reading!r}; there are: {', '.join(READINGS)}")
    legal = trace.reading.legal
    if reading == READINGS[0]:
        read = read_out_state(trace.model, trace.precision)
        windows = (trace.window(a, min(a + _BLOCK, legal)) for a in range(0, legal, _BLOCK))
        parts = [read.read(window).astype(np.float64) for window in windows]
        values = np.concatenate(parts) if parts else np.zeros(0)
        still = read.r_squared is not None and read.r_squared < _USELESS
        if still and (np.abs(values) < LARGEST).all():  # what is read is the mean, whatever came
            return np.full(legal, np.nan), STILL, read.r_squared
        return values, read.sentence(), read.r_squared
    if len(trace.string) > WHOLE:
        raise ValueError(
            f"a string of {len(trace.string):,} symbols came; closes-left counts are taken up to "
            f"{WHOLE:,}"
        )
    values = measure_closings(trace).total[:legal]
    return values, "that of the closings it still accepts", None
