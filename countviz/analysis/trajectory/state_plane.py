"""The state plane: where a model's state is after every symbol, on two or three axes.

An axis is an internal of a unit, or a principal component of the state: of all its numbers, in
their own units, centred but not scaled.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from countviz.analysis.count.decision_line import DecisionLine, find_lines
from countviz.analysis.trajectory.trajectory import LARGEST, POINTS, noun_of, walk
from countviz.models import Model
from countviz.traces import Trace
from countviz.words import join_words

if TYPE_CHECKING:
    import pandas as pd

COMPONENTS = ("PC1", "PC2", "PC3")


@dataclass(frozen=True, eq=False, kw_only=True)
class StatePlane:
    """P states of a stretch of a string, on A = 2 or 3 axes.

    Attributes
    ----------
    model, precision
        What was run, in which number format.
    start, stop
        The stretch, in positions from 0.
    axes
        Names as in ``c_0``, c of the first unit, or ``PC1``, the first principal component.
    positions, counts, symbols
        [P]: of each state its position, the true count (the counters' sum; nan where the string is
        illegal), and the place in the alphabet of the symbol just read.
    points
        [P, A] float64.
    explained
        The share of the variance along each principal component of the state, the largest first;
        empty where the axes are no components.
    lines
        The decision lines that cross the plane.
    about_lines
        How they were drawn, or why there is none.
    left_out
        States that are no numbers, or beyond 10⁹.

    """

    model: Model
    precision: str
    start: int
    stop: int
    axes: tuple[str, ...]
    positions: np.ndarray
    counts: np.ndarray
    symbols: np.ndarray
    points: np.ndarray
    explained: np.ndarray
    lines: tuple[DecisionLine, ...]
    about_lines: str
    left_out: int

    @property
    def titles(self) -> tuple[str, ...]:
        """The axes in words."""
        units = self.model.spec.units
        shares = dict(zip(COMPONENTS, self.explained, strict=False))
        return tuple(
            f"{axis}, {shares[axis]:.1%} of the variance"
            if axis in shares
            else name_quantity(axis, units)
            for axis in self.axes
        )

    def sentence(self) -> str:
        """Say what a dot is, what the axes hold, and what the line parts."""
        noun, shown, steps = noun_of(self.model.language), len(self.points), self.stop - self.start
        parts = [f"Each mark is the state after a {noun}; the brighter, the higher the true count."]
        if self.explained.size:
            shares = [f"{share:.1%}" for share in self.explained[: len(self.axes)]]
            parts.append(
                f"Of the variance of {self.explained.size} state numbers the axes show "
                f"{join_words(shares)}."
            )
        if shown + self.left_out < steps:
            parts.append(f"{shown + self.left_out:,} of {steps:,} steps, drawn evenly, are shown.")
        if self.left_out:
            parts.append(f"States that overflowed are left out: {self.left_out:,}.")
        return " ".join([*parts, self.about_lines])

    def to_frame(self) -> "pd.DataFrame":
        """Return a row a state."""
        import pandas as pd  # takes longer to load than the page

        alphabet = np.array(list(self.model.language.alphabet))
        columns = {
            "position": self.positions,
            "symbol": alphabet[self.symbols],
            "count": self.counts,
        }
        return pd.DataFrame(columns | dict(zip(self.axes, self.points.T, strict=True)))


def name_quantity(name: str, units: int) -> str:
    """Return a quantity in words; units count from 1 for people.

    >>> name_quantity("c_1", 3), name_quantity("h_0", 1)
    ('c of unit 2', 'h')
    """
    letter, _, unit = name.rpartition("_")
    return f"{letter} of unit {int(unit) + 1}" if units > 1 else letter


def list_axes(model: Model) -> tuple[str, ...]:
    """Return what a plane of a model's states can show: the state first, then other internals."""
    state = _state_names(model)
    rest = [f"{name}_{u}" for name in model.cell.names[::-1] for u in range(model.spec.units)]
    components = COMPONENTS if len(state) >= 3 else ()
    return (*components, *state, *(name for name in rest if name not in state))


def usual_axes(model: Model, dimensions: int = 2) -> tuple[str, ...]:
    """Return the axes to begin with: components from three state numbers on, else the state."""
    axes = list_axes(model)
    return axes[:dimensions] if len(axes) >= dimensions else (*axes, *axes)[:dimensions]


def measure_state_plane(
    trace: Trace, start: int = 0, stop: int | None = None, axes: Sequence[str] | None = None
) -> StatePlane:
    """Measure where the state of a model is on a stretch of a string; at most 2,000 steps of it.

    Parameters
    ----------
    trace
        The run.
    start, stop
        The stretch, in positions from 0; by default the whole string.
    axes
        Two or three of those that ``list_axes`` returns.

    """
    model = trace.model
    stop = len(trace.string) if stop is None else stop
    axes = usual_axes(model) if axes is None else tuple(axes)
    _check_axes(model, axes)
    positions, values = _gather(trace, start, stop)
    usable = (np.abs(values) < LARGEST).all(axis=(1, 2))
    positions, values = positions[usable], values[usable]
    origin, directions, explained = _project(model, values, axes)
    points = (values.reshape(len(values), origin.size) - origin) @ directions.T
    components = axes[0] in COMPONENTS
    lines, about = find_lines(model, origin, directions, points, values, components=components)
    counts = trace.reading.closings[positions].sum(axis=1).astype(float)
    return StatePlane(
        model=model,
        precision=trace.precision,
        start=start,
        stop=stop,
        axes=axes,
        positions=positions,
        counts=np.where(positions < trace.reading.legal, counts, np.nan),
        symbols=model.language.encode(trace.string)[positions],
        points=points,
        explained=explained,
        lines=lines,
        about_lines=about,
        left_out=int((~usable).sum()),
    )


def _state_names(model: Model) -> list[str]:
    return [f"{name}_{unit}" for name in model.cell.state for unit in range(model.spec.units)]


def _check_axes(model: Model, axes: tuple[str, ...]) -> None:
    there = list_axes(model)
    foreign = [axis for axis in axes if axis not in there]
    if foreign:
        raise ValueError(f"{model.name} has no axis {foreign[0]!r}; there are: {', '.join(there)}")
    if len(axes) not in (2, 3) or len({axis in COMPONENTS for axis in axes}) > 1:
        raise ValueError(
            f"the axes {', '.join(axes)} came; two or three are right, all of them components or "
            "none"
        )


def _gather(trace: Trace, start: int, stop: int) -> tuple[np.ndarray, np.ndarray]:
    """Return positions [P] and internals [P, N, H]: all steps, or one of each of 2,000 buckets."""
    positions = np.arange(start, stop)
    if stop - start > POINTS:
        edges = np.linspace(start, stop, POINTS + 1).astype(np.int64)
        positions = np.random.default_rng(0).integers(edges[:-1], edges[1:])  # no beat with "()()"
    shape = -1, len(trace.model.cell.internals), trace.model.spec.units
    values = []
    for begin, rows in walk(trace, start, stop):
        inside = positions[(begin <= positions) & (positions < begin + len(rows) - 1)]
        values.append(rows[1 + inside - begin].reshape(shape))
    return positions, np.concatenate(values)


def _project(
    model: Model, values: np.ndarray, axes: tuple[str, ...]
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the plane's origin and directions among all internals, and the explained variance."""
    names = [f"{name}_{unit}" for name in model.cell.names for unit in range(model.spec.units)]
    origin, directions = np.zeros(len(names)), np.zeros((len(axes), len(names)))
    if axes[0] not in COMPONENTS:
        directions[np.arange(len(axes)), [names.index(axis) for axis in axes]] = 1
        return origin, directions, np.empty(0)
    state = [names.index(name) for name in _state_names(model)]
    states = values.reshape(len(values), len(names))[:, state]
    centre, components, explained = find_components(states)
    origin[state] = centre
    for row, axis in enumerate(axes):
        directions[row, state] = components[COMPONENTS.index(axis)]
    return origin, directions, explained


def find_components(states: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the mean [S], principal components [S, S] and variance shares [S] of states [P, S].

    A component points to where its largest loading is positive. States that are all the same have
    shares of 0.
    """
    numbers = states.shape[1]
    if not len(states):
        return np.zeros(numbers), np.eye(numbers), np.zeros(numbers)
    centre = states.mean(axis=0)
    rows = np.concatenate([states - centre, np.zeros((max(0, numbers - len(states)), numbers))])
    _, spread, components = np.linalg.svd(rows, full_matrices=False)
    largest = np.abs(components).argmax(axis=1)
    components = components * np.sign(components[np.arange(numbers), largest])[:, None]
    variance = spread**2
    return centre, components, variance / (variance.sum() or 1.0)
