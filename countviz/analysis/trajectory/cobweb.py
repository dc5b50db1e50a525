"""The cobweb of one unit: the next value of a state number against the present one, per symbol.

The curve is the model itself, stepped once from each of many states. Where the state has more
numbers than the one that is drawn, the others take the values that they had on the string near it:
their means over the states in which the symbol came, in bins of the drawn number. Where the curve
meets the diagonal the symbol changes nothing: a fixed point, stable (it attracts) if the slope
there is under 1 in size. A symbol that counts has no such point, slope 1 and an offset of one step.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from countviz.analysis.count.fixed_points import FixedPoint, find_fixed_points, fit_line
from countviz.analysis.count.stepper import make_stepper
from countviz.analysis.trajectory.trajectory import LARGEST, rows_of
from countviz.models import Model
from countviz.runs import Moment
from countviz.traces import WHOLE, Trace
from countviz.words import in_words, join_words

if TYPE_CHECKING:
    import pandas as pd

GRID = 97  # values from which the model is stepped
PATH = 60  # steps of the staircase, at most
_BINS = 48
_STILL = 1e-9  # a move this small, as a share of the range, is none


class NoCobweb(ValueError):
    """A model in which a state number does not follow from the state before."""


@dataclass(frozen=True, eq=False, kw_only=True)
class Step:
    """What one symbol does to the state number.

    Attributes
    ----------
    symbol
        The symbol.
    after
        [G]: the next value, for each of the grid.
    seen_before, seen_after
        [M]: the value before and after each legal time the symbol came.
    slope, offset
        Of the least-squares line through what was seen; nan where fewer than two values were.
    fixed_points
        Within the grid; none if the symbol leaves every value as it is.
    leaves_all
        Whether it does.

    """

    symbol: str
    after: np.ndarray
    seen_before: np.ndarray
    seen_after: np.ndarray
    slope: float
    offset: float
    fixed_points: tuple[FixedPoint, ...]
    leaves_all: bool


@dataclass(frozen=True, eq=False, kw_only=True)
class Cobweb:
    """How the symbols move one state number of one unit.

    Attributes
    ----------
    model, precision
        What was stepped, in which number format.
    internal, unit
        The state number; units count from 0.
    grid
        [G]: values from which the model was stepped.
    others
        Names of the state numbers that were held at what they were on the string.
    steps
        One a symbol of the alphabet.
    path_start, path
        The position before which a stretch begins, and the [L + 1] values along it.

    """

    model: Model
    precision: str
    internal: str
    unit: int
    grid: np.ndarray
    others: tuple[str, ...]
    steps: tuple[Step, ...]
    path_start: int
    path: np.ndarray

    def answer(self) -> str:
        """Say what every symbol makes of the value, as far as a line describes it."""
        letter = self.internal
        said = [
            f"{step.symbol} turns {letter} into {_line(step.slope, step.offset, letter)}"
            for step in self.steps
            if np.isfinite(step.slope)
        ]
        if not said:
            return f"Too few values of {self.internal} came to tell a line from."
        return f"{join_words(said)}."

    def sentence(self) -> str:
        """Say how to read the curves, what they fix, and how other state numbers were held."""
        letter, parts = self.internal, [self.answer()]
        fixed = [(step.symbol, point) for step in self.steps for point in step.fixed_points]
        if len(fixed) > 4:
            stable = sum(point.stable for _, point in fixed)
            parts.append(f"{in_words(len(fixed)).capitalize()} fixed points, {stable} stable.")
        elif fixed:
            points = [
                f"{symbol} holds {_number(point.value)} ({point.kind})" for symbol, point in fixed
            ]
            parts.append(f"Fixed points: {join_words(points)}.")
        else:
            parts.append("No fixed point lies on this stretch of the axis.")
        parts += [
            f"{step.symbol} leaves every value as it is." for step in self.steps if step.leaves_all
        ]
        if self.others:
            others = join_words(self.others)
            parts.append(
                f"Held at what they were near each {letter} when the symbol came: {others}."
            )
        return " ".join(parts)

    def to_frame(self) -> "pd.DataFrame":
        """Return a row a symbol and value of the grid."""
        import pandas as pd  # takes longer to load than the page

        return pd.DataFrame(
            {
                "symbol": np.repeat([step.symbol for step in self.steps], self.grid.size),
                "before": np.tile(self.grid, len(self.steps)),
                "after": np.concatenate([step.after for step in self.steps]),
            }
        )


def measure_cobweb(
    trace: Trace,
    unit: int = 0,
    internal: str | None = None,
    start: int = 0,
    stop: int | None = None,
) -> Cobweb:
    """Measure how each symbol moves a state number, over the values that it takes on a string.

    Parameters
    ----------
    trace
        A run; of more than 20,000 symbols those around the stretch are looked at.
    unit, internal
        The state number; by default the counting internal of the first unit.
    start, stop
        The stretch whose first 60 steps are the staircase; by default the string's beginning.

    """
    model, length = trace.model, len(trace.string)
    internal = model.cell.counter if internal is None else internal
    _check(model, unit, internal)
    end = length if stop is None else stop
    if not 0 <= start <= end <= length:
        raise ValueError(
            f"the stretch from {start} to {end} came; one within 0 to {length} is right"
        )
    first = max(0, min(start - WHOLE // 2, len(trace.string) - WHOLE))
    rows = rows_of(trace, first, first + WHOLE).astype(np.float64)
    column = model.cell.names.index(internal) * model.spec.units + unit
    legal = max(0, trace.reading.legal - first)
    usable = (np.abs(rows) < LARGEST).all(axis=1)
    grid = _make_grid(model, internal, rows[usable, column])
    symbols = model.language.encode(trace.string[first : first + WHOLE])
    good = usable[:-1] & usable[1:] & (np.arange(symbols.size) < legal)
    end = min(end, start + PATH)
    return Cobweb(
        model=model,
        precision=trace.precision,
        internal=internal,
        unit=unit,
        grid=grid,
        others=_name_others(model, internal, unit),
        steps=tuple(
            _measure_step(trace, index, grid, rows, column, good & (symbols == index))
            for index in range(len(model.language.alphabet))
        ),
        path_start=start,
        path=rows[start - first : end - first + 1, column],
    )


def _check(model: Model, unit: int, internal: str) -> None:
    if model.spec.memory is not None:
        raise NoCobweb(
            f"{model.name} has a memory: what a symbol turns a state number into depends on what "
            "is read of it, so that there is no one curve"
        )
    if internal not in model.cell.state:
        raise ValueError(
            f"{internal!r} is no state number of {model.name}; there are: "
            f"{', '.join(model.cell.state)}"
        )
    if not 0 <= unit < model.spec.units:
        raise ValueError(f"{model.name} has no unit {unit}; there are: 0 to {model.spec.units - 1}")


def _name_others(model: Model, internal: str, unit: int) -> tuple[str, ...]:
    """Return the names, or how many there are, of the state numbers that are not drawn."""
    same_unit = [name for name in model.cell.state if name != internal]
    units = model.spec.units - 1
    more = [f"{in_words(units)} other unit{'s' * (units > 1)}"] if units else []
    return (*same_unit, *more)


def _make_grid(model: Model, internal: str, visited: np.ndarray) -> np.ndarray:
    """Return values over what was visited and a little beyond, within the internal's bounds."""
    bounds = next(one.bounds for one in model.cell.internals if one.name == internal)
    low, high = (visited.min(), visited.max()) if visited.size else (0.0, 0.0)
    room = 0.1 * (high - low) or 1.0
    return np.linspace(max(low - room, bounds[0]), min(high + room, bounds[1]), GRID)


def _average_near(rows: np.ndarray, column: int) -> np.ndarray:
    """Return the means [B, N H] of rows in bins of a column, those bins that hold some."""
    drawn = rows[:, column]
    edges = np.linspace(drawn.min(), drawn.max(), _BINS + 1)
    bins = np.searchsorted(edges[1:-1], drawn, side="right")
    order = np.argsort(bins, kind="stable")
    _, first, visits = np.unique(bins[order], return_index=True, return_counts=True)
    return np.add.reduceat(rows[order], first) / visits[:, None]


def _hold_others(means: np.ndarray, column: int, values: np.ndarray) -> np.ndarray:
    """Return rows [G, N H] for values [G] of a column: the others as they were near it.

    Between the bins they go straight, beyond them they stay.
    """
    held = np.stack([np.interp(values, means[:, column], mean) for mean in means.T], axis=1)
    held[:, column] = values
    return held


def _measure_step(
    trace: Trace, index: int, grid: np.ndarray, rows: np.ndarray, column: int, came: np.ndarray
) -> Step:
    """Measure what the symbol of an index does: by stepping from the grid, and as it was seen.

    Parameters
    ----------
    trace, index, grid, column
        As they were chosen.
    rows
        [T + 1, N H]: the state before each symbol, and the last one.
    came
        [T] bool: where the symbol came, legally and with states that are numbers.

    """
    visited = rows[:-1][came] if came.any() else np.zeros((1, rows.shape[1]))
    means, stepper = _average_near(visited, column), make_stepper(trace.model, trace.precision)

    def step(at: np.ndarray) -> np.ndarray:
        states = _hold_others(means, column, at).astype(stepper.start.row.dtype)
        after = [stepper.feed(Moment(state), [index]).rows[1] for state in states]
        return np.array(after, np.float64)[:, column]

    after = step(grid)
    before, seen = rows[:-1, column][came], rows[1:, column][came]
    slope, offset = fit_line(before, seen)
    still = np.abs(after - grid) <= _STILL * (grid[-1] - grid[0])
    leaves_all = bool(still.all())
    return Step(
        symbol=trace.model.language.alphabet[index],
        after=after,
        seen_before=before,
        seen_after=seen,
        slope=slope,
        offset=offset,
        fixed_points=() if leaves_all else find_fixed_points(step, grid, after),
        leaves_all=leaves_all,
    )


def _line(slope: float, offset: float, letter: str) -> str:
    sign = "\N{MINUS SIGN}" if offset < 0 else "+"
    digits = 4 if abs(slope - 1) > 1e-3 else 7
    times = letter if slope == 1 else f"{slope:.{digits}g} {letter}"
    return f"{times} {sign} {abs(offset):.4g}".replace("-", "\N{MINUS SIGN}")


def _number(value: float) -> str:
    return f"{value if abs(value) > 1e-12 else 0:.3g}".replace("-", "\N{MINUS SIGN}")
