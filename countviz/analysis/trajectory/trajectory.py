"""Trajectories: every internal of every unit along a string, thinned to what a screen can show.

Of a long stretch each series keeps the smallest and the largest value of every bucket of steps, at
the positions where they came, so that no extreme is lost, however short. Steps of a string that is
not kept whole are computed again, block by block; they are never all held at once.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from countviz.languages import Language
from countviz.models import Model
from countviz.traces import WHOLE, Trace
from countviz.words import count_nouns, in_powers, join_words, signed

if TYPE_CHECKING:
    import pandas as pd

POINTS = 2_000  # of a series, at most
LARGEST = 1e9  # a count can take no state this far in a million symbols: it has overflowed
_ALL_POINTS = 96_000  # of all the series together
_BLOCK = 32_768  # steps held at once
_NAMED = 6  # dead units, at most


@dataclass(frozen=True, eq=False, kw_only=True)
class Trajectory:
    """What N internals of H units did from `start` to `stop`, in P points a series.

    Attributes
    ----------
    model, precision
        What was run, in which number format.
    length, legal
        Of the whole string: its symbols, and those before the first illegal one.
    first_failure, failure_count
        The position of the first mistake in it, and the true count there; None without a mistake.
    start, stop
        The stretch, in positions from 0.
    every
        One of so many steps is shown; 1 where all are.
    positions, values
        [P, N, H]: where each point of a series lies, and its value.
    count_positions, counts
        [Q, K]: the true count of each of the language's K counters; nan from `legal` on.
    moves
        [V, H]: by how much a symbol of the alphabet changes the counting internal, on average over
        the legal steps of the stretch; nan where the symbol does not come.
    overflow
        The first position at which an internal is no number, or beyond 10⁹; None if there is none.
    dead
        Units whose state stays the same throughout the stretch, from 0.
    busiest
        The unit that moves most at some symbol, from 0.

    """

    model: Model
    precision: str
    length: int
    legal: int
    first_failure: int | None
    failure_count: int | None
    start: int
    stop: int
    every: int
    positions: np.ndarray
    values: np.ndarray
    count_positions: np.ndarray
    counts: np.ndarray
    moves: np.ndarray
    overflow: int | None
    dead: tuple[int, ...]
    busiest: int

    def answer(self, unit: int | None = None) -> str:
        """Say what every symbol does to the counting internal of a unit, by default the busiest."""
        unit = self.busiest if unit is None else unit
        cell, alphabet = self.model.cell, self.model.language.alphabet
        meaning = next(one.meaning for one in cell.internals if one.name == cell.counter)
        whose = f"{meaning} {cell.counter}" + (
            f" of unit {unit + 1}" if self.model.spec.units > 1 else ""
        )
        if unit in self.dead:
            return f"The {whose} never moves: on this string the unit is dead."
        moves = zip(alphabet, self.moves[:, unit], strict=True)
        said = [f"{symbol} by {_in_words(move)}" for symbol, move in moves if np.isfinite(move)]
        if not said:
            return f"The {whose} overflows, or no legal symbol came: there is no step to average."
        return f"On average the {whose} moves at {join_words(said)}."

    def sentence(self) -> str:
        """Say what is shown of the stretch, and what is unusual in it; positions count from 1."""
        noun, units = noun_of(self.model.language), self.model.spec.units
        steps, whole = self.stop - self.start, count_nouns(self.length, noun)
        along = whole if steps == self.length else f"{steps:,} of {whole}"
        thinned = f"1 of {self.every:,} steps shown, extremes kept"
        parts = [
            f"{join_words(self.model.cell.names)} of {count_nouns(units, 'unit')} along {along}, "
            f"{'every step shown' if self.every == 1 else thinned}."
        ]
        if self.dead:
            dead = join_words([f"{unit + 1}" for unit in self.dead])
            which = f"unit{'s' * (len(self.dead) > 1)} {dead}"
            if len(self.dead) > _NAMED:
                which = f"{len(self.dead)} of {units} units"
            parts.append(f"Dead: {which}, whose state never moves.")
        if self.overflow is not None:
            parts.append(f"The state overflows at {noun} {self.overflow + 1:,}.")
        if self.first_failure is not None:
            parts.append(f"✕ marks the first mistake, at {noun} {self.first_failure + 1:,}.")
        if self.legal < self.stop:
            parts.append(f"Hatched: from {noun} {self.legal + 1:,} on the string is illegal.")
        return " ".join(parts)

    def to_frame(self) -> "pd.DataFrame":
        """Return a row a point; quantities are named as in ``c_0``, c of the first unit."""
        import pandas as pd  # takes longer to load than the page

        names = [
            f"{name}_{u}" for name in self.model.cell.names for u in range(self.model.spec.units)
        ]
        counts = [f"count_{k + 1}" for k in range(self.counts.shape[1])]
        counts = ["count"] if len(counts) == 1 else counts
        parts = [
            (counts, self.count_positions, self.counts),
            (names, self.positions.reshape(len(self.positions), -1), self.values),
        ]
        return pd.concat(
            pd.DataFrame(
                {
                    "position": positions.T.ravel(),
                    "quantity": np.repeat(quantities, len(positions)),
                    "value": values.reshape(len(positions), -1).T.ravel(),
                }
            )
            for quantities, positions, values in parts
        )


def measure_trajectory(trace: Trace, start: int = 0, stop: int | None = None) -> Trajectory:
    """Measure all that a model computed on a stretch of a string of up to 1,000,000 symbols.

    Parameters
    ----------
    trace
        The run.
    start, stop
        The stretch, in positions from 0; by default the whole string.

    """
    length, model = len(trace.string), trace.model
    stop = length if stop is None else stop
    if not 0 <= start < stop <= length:
        raise ValueError(
            f"the stretch from {start} to {stop} came; one within 0 to {length} is right"
        )
    series = len(model.cell.internals) * model.spec.units
    width = _bucket(stop - start, min(POINTS, _ALL_POINTS // series))
    passed = _pass_over(trace, start, stop, width)
    counts = np.where(
        np.arange(start, stop)[:, None] < trace.reading.legal,
        trace.reading.closings[start:stop].astype(float),
        np.nan,
    )
    count_positions, counts = thin(counts, _bucket(stop - start, POINTS))
    return Trajectory(
        model=model,
        precision=trace.precision,
        length=length,
        legal=trace.reading.legal,
        first_failure=trace.first_failure,
        failure_count=_count_at(trace, trace.first_failure),
        start=start,
        stop=stop,
        every=max(1, width // 2),
        busiest=int(np.nan_to_num(np.abs(passed["moves"])).max(axis=0).argmax()),
        count_positions=count_positions + start,
        counts=counts,
        **passed,
    )


def noun_of(language: Language) -> str:
    """Return what a symbol of a language is called before people."""
    return "bracket" if language.name == "dyck1" else "symbol"


def _count_at(trace: Trace, position: int | None) -> int | None:
    return None if position is None else int(trace.reading.closings[position].sum())


def _in_words(move: float) -> str:
    """Return a mean move with its sign; a small one keeps two digits."""
    if move == 0 or 0.01 <= abs(move) < 1_000:
        return signed(move) if move else "0"
    return signed(move)[0] + in_powers(abs(move))


def rows_of(trace: Trace, start: int, stop: int) -> np.ndarray:
    """Return the rows [W + 1, N H] of some steps: the state before them, and all after each."""
    if len(trace.string) <= WHOLE:
        return trace.whole.rows[start : stop + 1]
    return trace.window(start, stop).rows


def walk(
    trace: Trace, start: int, stop: int, block: int = _BLOCK
) -> Iterator[tuple[int, np.ndarray]]:
    """Yield the rows of a stretch, some thousands of steps at a time, and where each begins."""
    for begin in range(start, stop, block):
        rows = rows_of(trace, begin, min(begin + block, stop))
        yield begin, rows.astype(np.float64)


def thin(values: np.ndarray, width: int) -> tuple[np.ndarray, np.ndarray]:
    """Return the extremes of every bucket of `width` steps, and where they lie.

    Parameters
    ----------
    values
        [T, ...]: series along the first axis. What is no number counts as an extreme.
    width
        Steps of a bucket, each of which leaves two points; of 1 all are kept.

    Examples
    --------
    >>> positions, values = thin(np.array([0.0, 9, 1, 2, 3, -5, 4, 4]), 4)
    >>> positions.tolist(), values.tolist()
    ([0, 1, 5, 6], [0.0, 9.0, -5.0, 4.0])

    """
    steps, shape = len(values), values.shape[1:]
    if width == 1:
        along = np.arange(steps).reshape(-1, *[1] * len(shape))
        return np.broadcast_to(along, values.shape), values
    padded = np.concatenate([values, np.repeat(values[-1:], -steps % width, axis=0)])
    buckets = padded.reshape(-1, width, *shape)
    picked = np.stack([buckets.argmin(axis=1), buckets.argmax(axis=1)], axis=1)
    picked.sort(axis=1)
    first = width * np.arange(len(buckets)).reshape(-1, *[1] * (picked.ndim - 1))
    thinned = np.take_along_axis(buckets, picked, axis=1)
    return (
        np.minimum(picked + first, steps - 1).reshape(-1, *shape),
        thinned.reshape(-1, *shape),
    )


def _bucket(steps: int, points: int) -> int:
    """Return how wide buckets must be for two points each to fit; 1 where all steps do."""
    return 1 if steps <= points else 2 * -(-steps // points)


def _pass_over(trace: Trace, start: int, stop: int, width: int) -> dict[str, object]:
    """Return what one pass over the steps finds: thinned values, mean moves, what overflowed."""
    model, legal = trace.model, trace.reading.legal
    internals, units = len(model.cell.internals), model.spec.units
    state = [model.cell.names.index(name) for name in model.cell.state]
    counter, symbols = model.cell.names.index(model.cell.counter), len(model.language.alphabet)
    sums, counted = np.zeros((symbols, units)), np.zeros((symbols, 1))
    low, high = np.full((len(state), units), np.inf), np.full((len(state), units), -np.inf)
    parts, overflow = [], None
    for begin, rows in walk(trace, start, stop, max(1, _BLOCK // width) * width):
        values = rows.reshape(-1, internals, units)
        positions, shown = thin(values[1:], width)
        parts.append((positions + begin, shown))
        if overflow is None and not (np.abs(shown) < LARGEST).all():  # the extremes are shown
            wild = ~(np.abs(values[1:]) < LARGEST).all(axis=(1, 2))
            overflow = begin + int(wild.argmax())
        judged = legal if overflow is None else min(legal, overflow)
        moves = np.diff(values[: max(0, judged - begin) + 1, counter], axis=0)
        said = model.language.encode(trace.string[begin : begin + len(moves)])
        for symbol in range(symbols):
            sums[symbol] += moves[said == symbol].sum(axis=0)
            counted[symbol] += (said == symbol).sum()
        for extremes in (values[:1, state], shown[:, state]):  # nan is neither low nor high
            low = np.minimum(low, extremes.min(axis=0))
            high = np.maximum(high, extremes.max(axis=0))
    with np.errstate(invalid="ignore"):
        moves = sums / counted
    return {
        "positions": np.concatenate([positions for positions, _ in parts]),
        "values": np.concatenate([values for _, values in parts]),
        "moves": moves,
        "overflow": overflow,
        "dead": tuple(np.flatnonzero((low == high).all(axis=0)).tolist()),
    }
