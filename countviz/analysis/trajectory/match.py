"""Matching: where else a model's state is as it is on a stretch of a string.

A unit is on where its value reaches a threshold; a unit that falls instead of rising is on where
its negative does. Those that are on throughout the stretch and off just outside it describe it, and
every other run of symbols on which all of them are on is a match (in the manner of LSTMVis:
Strobelt, Gehrmann, Pfister, Rush 2018, arXiv 1606.07461).
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from countviz.analysis.trajectory.corpus import Corpus
from countviz.analysis.trajectory.runs import align_runs, both_signs, rank_runs, search_runs
from countviz.analysis.trajectory.trajectory import noun_of, rows_of
from countviz.models import Model
from countviz.traces import WHOLE, Trace
from countviz.words import count_nouns, in_words, join_words

if TYPE_CHECKING:
    import pandas as pd

_SIDES = ("off just outside", "off on one side only", "on beside it too")


@dataclass(frozen=True, eq=False, kw_only=True)
class Switch:
    """A unit, from 0, that is on where sign times its value reaches the threshold."""

    unit: int
    sign: int


@dataclass(frozen=True, eq=False, kw_only=True)
class Matches:
    """Where M runs of symbols share the state of a stretch, the likest first.

    Attributes
    ----------
    model, precision
        What was run, in which number format.
    internal
        The state number that is looked at.
    start, stop
        The stretch, in positions from 0.
    threshold
        From which a unit is on.
    units
        Those that describe the stretch; none if none is on throughout.
    sides
        Whether they are off just outside it.
    low, high
        The least and the largest true count on the stretch; nan if it is illegal.
    strings, symbols
        How many were searched, this string included.
    where
        [M] int64: -1 for this string, else a place in the corpus.
    starts, stops
        [M] int64: positions within that string.
    differ
        [M] int64: how many units are on throughout the stretch or the match, but not both.
    first, least, most
        [M] float64: the true count at the match's first symbol, and its range there.
    shown
        [R, C]: the symbols of the first matches, aligned where they begin; empty beyond a string.
    shown_counts
        [R, C] float64: the true counts there; nan beyond a string.

    """

    model: Model
    precision: str
    internal: str
    start: int
    stop: int
    threshold: float
    units: tuple[Switch, ...]
    sides: str
    low: float
    high: float
    strings: int
    symbols: int
    where: np.ndarray
    starts: np.ndarray
    stops: np.ndarray
    differ: np.ndarray
    first: np.ndarray
    least: np.ndarray
    most: np.ndarray
    shown: np.ndarray
    shown_counts: np.ndarray

    def sentence(self) -> str:
        """Say which units describe the stretch, where else they do, and what the count is there."""
        noun = noun_of(self.model.language)
        span = f"{noun}s {self.start + 1:,} to {self.stop:,}"
        if self.stop - self.start == 1:
            span = f"{noun} {self.stop:,}"
        if not self.units:
            return f"No unit is on throughout {span}: choose another threshold or stretch."
        said = join_words([self._in_words(switch) for switch in self.units])
        verb = "is" if len(self.units) == 1 else "are"
        here = int((self.where < 0).sum())
        found = f"The same holds in {count_nouns(here, 'run')} of this string"
        if self.strings > 1:
            there = np.unique(self.where[self.where >= 0]).size
            found += f" and in {in_words(there)} of {self.strings - 1:,} generated strings"
        return (
            f"{said} {verb} on throughout {span} and {self.sides}; the true count there is "
            f"{_range(self.low, self.high)}. {found}, with a count of "
            f"{_range(np.fmin.reduce(self.least), np.fmax.reduce(self.most))}."
        )

    def to_frame(self) -> "pd.DataFrame":
        """Return a row a match, the likest first."""
        import pandas as pd  # takes longer to load than the page

        return pd.DataFrame(
            {
                "string": np.where(self.where < 0, "this", self.where.astype(str)),
                "start": self.starts,
                "stop": self.stops,
                "length": self.stops - self.starts,
                "units that differ": self.differ,
                "count at first": self.first,
                "least count": self.least,
                "largest count": self.most,
            }
        )

    def _in_words(self, switch: Switch) -> str:
        relation, limit = ("≥", self.threshold) if switch.sign > 0 else ("≤", 0 - self.threshold)
        whose = f"{self.internal} of unit {switch.unit + 1}"
        whose = whose if self.model.spec.units > 1 else self.internal
        return f"{whose} {relation} {limit:.4g}".replace("-", "\N{MINUS SIGN}")


def match_state(
    trace: Trace,
    start: int,
    stop: int,
    threshold: float | None = None,
    *,
    internal: str | None = None,
    corpus: Corpus | None = None,
) -> Matches:
    """Find where else the state is as it is on a stretch of a string.

    Parameters
    ----------
    trace
        A run; of more than 20,000 symbols those around the stretch are searched.
    start, stop
        The stretch, in positions from 0.
    threshold
        From which a unit is on, in the internal's own unit; by default half-way between the
        stretch and what is just outside, for the unit that tells them apart best.
    internal
        A state number; by default the counting internal.
    corpus
        Further strings to search, run by the same model at the same precision.

    """
    model, length = trace.model, len(trace.string)
    internal = _check(trace, internal, threshold, start, stop)
    begin = max(0, min((start + stop - WHOLE) // 2, length - WHOLE))
    before, here = _record_here(trace, begin)
    rows = np.concatenate([before[internal], here.states[internal]])  # row t: before symbol t
    inside, outside = _part(rows, start - begin, stop - begin)
    threshold = choose_threshold(inside, outside) if threshold is None else threshold
    switches, sides = _describe(inside, outside, threshold)
    searched = [here] if corpus is None else [here, corpus]
    stretch = start - begin, stop - begin, (inside >= threshold).all(axis=0)
    runs = [search_runs(one, internal, threshold, switches, stretch) for one in searched]
    found = rank_runs(runs, stretch)
    shown, shown_counts = align_runs(searched, found)
    count = here.counts[start - begin : stop - begin]
    return Matches(
        model=model,
        precision=trace.precision,
        internal=internal,
        start=start,
        stop=stop,
        threshold=threshold,
        units=_name_switches(switches, model.spec.units),
        sides=sides,
        low=float(count.min()),
        high=float(count.max()),
        strings=sum(len(one.strings) for one in searched),
        symbols=sum(one.counts.size for one in searched),
        shown=shown,
        shown_counts=shown_counts,
        **_move(found, begin),
    )


def _move(found: dict[str, np.ndarray], begin: int) -> dict[str, np.ndarray]:
    """Return runs with their positions in the whole string, where they lie in this one."""
    by = begin * (found["where"] < 0)
    return found | {"starts": found["starts"] + by, "stops": found["stops"] + by}


def _name_switches(switches: np.ndarray, units: int) -> tuple[Switch, ...]:
    return tuple(
        Switch(unit=one % units, sign=1 if one < units else -1) for one in switches.tolist()
    )


def _check(
    trace: Trace, internal: str | None, threshold: float | None, start: int, stop: int
) -> str:
    """Return the internal that is looked at; refuse what is not there."""
    model, length = trace.model, len(trace.string)
    if threshold is not None and not np.isfinite(threshold):
        raise ValueError(f"the threshold {threshold:g} came; a finite number is right")
    internal = model.cell.counter if internal is None else internal
    if internal not in model.cell.state:
        there = ", ".join(model.cell.state)
        raise ValueError(f"{internal!r} is no state number of {model.name}; there are: {there}")
    if not 0 <= start < stop <= min(length, start + WHOLE):
        raise ValueError(
            f"the stretch from {start} to {stop} came; one of up to {WHOLE:,} symbols within "
            f"0 to {length} is right"
        )
    return internal


def _record_here(trace: Trace, begin: int) -> tuple[dict[str, np.ndarray], Corpus]:
    """Return the state before a position, and up to 20,000 steps from there as a corpus."""
    names, stop = trace.model.cell.names, min(begin + WHOLE, len(trace.string))
    rows = rows_of(trace, begin, stop).astype(np.float64)
    rows = rows.reshape(len(rows), len(names), -1)
    counts = trace.reading.closings[begin:stop].sum(axis=1).astype(float)
    counts[max(0, trace.reading.legal - begin) :] = np.nan
    states = {name: rows[:, names.index(name)] for name in trace.model.cell.state}
    return {name: state[:1] for name, state in states.items()}, Corpus(
        strings=(trace.string[begin:stop],),
        edges=np.array([0, stop - begin]),
        counts=counts,
        states={name: state[1:] for name, state in states.items()},
    )


def _part(rows: np.ndarray, start: int, stop: int) -> tuple[np.ndarray, np.ndarray]:
    """Return the switches [L, D] on a stretch, and [O, D] before it and after it, if it goes on."""
    values = both_signs(rows)[start : stop + 2]
    return values[1 : stop - start + 1], values[[0, *([-1] if stop + 1 < len(rows) else [])]]


def choose_threshold(inside: np.ndarray, outside: np.ndarray) -> float:
    """Return the threshold that best parts the steps of a stretch from those just outside.

    It is nan where no switch moves there.

    Parameters
    ----------
    inside, outside
        [L, D] and [O, D]: the values of D switches there.

    """
    with np.errstate(invalid="ignore"):
        least = inside.min(axis=0)
        spread = np.ptp(np.concatenate([inside, outside]), axis=0)
    usable = np.isfinite(spread) & (spread > 0)
    if not usable.any():
        return np.nan
    least, beside, spread = least[usable], outside[:, usable], spread[usable]
    for nearest in (beside.max(axis=0), beside.min(axis=0)):
        margin = (least - nearest) / spread
        best = int(margin.argmax())
        if margin[best] > 0:
            return _shorten(float(nearest[best]), float(least[best]))
    return float(least.max())


def _shorten(low: float, high: float) -> float:
    """Return a number between two others, of as few digits as that takes, near the middle."""
    middle = (low + high) / 2
    short = (float(f"{middle:.{digits}g}") for digits in range(2, 17))
    return next((number for number in short if low < number < high), middle)


def _describe(inside: np.ndarray, outside: np.ndarray, threshold: float) -> tuple[np.ndarray, str]:
    """Return which switches are on throughout, and off just outside as far as any is."""
    with np.errstate(invalid="ignore"):
        moves = np.ptp(np.concatenate([inside, outside]), axis=0) > 0
    on, off = (inside >= threshold).all(axis=0) & moves, outside < threshold
    for sides, apart in zip(_SIDES, (off.all(axis=0), off.any(axis=0), True), strict=True):
        if (on & apart).any():
            return np.flatnonzero(on & apart), sides
    return np.empty(0, np.int64), ""


def _range(low: float, high: float) -> str:
    """Say between which counts something lies."""
    if not np.isfinite([low, high]).all() or low > high:
        return "undefined"
    return f"{low:,.0f}" if low == high else f"{low:,.0f} to {high:,.0f}"
