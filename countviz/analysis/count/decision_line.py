"""Decision lines: where on a plane of states a closer's read-out crosses zero.

On one side the model says that the closer may come next, on the other that it may not. The read-out
looks at the hidden state alone: a plane that does not hold it has no such line.
"""

from dataclasses import dataclass

import numpy as np

from countviz.models import Model
from countviz.words import join_words

_ROOM = 0.06  # beside the points, as a share of their spread


@dataclass(frozen=True, eq=False, kw_only=True)
class DecisionLine:
    """Where a closer's read-out is zero: a segment of the plane, by the ends' coordinates."""

    symbol: str
    x: tuple[float, float]
    y: tuple[float, float]


def find_lines(
    model: Model,
    origin: np.ndarray,
    directions: np.ndarray,
    points: np.ndarray,
    values: np.ndarray,
    *,
    components: bool,
) -> tuple[tuple[DecisionLine, ...], str]:
    """Return each closer's line on a plane, and in words how it lies or why there is none.

    Parameters
    ----------
    model
        Whose read-out it is.
    origin, directions
        [N H] and [A, N H]: where the plane lies among all internals, and its axes.
    points, values
        [P, A] and [P, N, H]: the states on the plane, and all their internals.
    components
        Whether the axes are principal components.

    """
    if len(directions) == 3 or not len(points):
        return (), "The decision line is drawn on two axes." if len(points) else "No state is left."
    names, units = model.cell.names, model.spec.units
    readout, bias = (model.parameters[f"readout.{part}"] for part in ("weight", "bias"))
    hidden = slice(names.index("h") * units, (names.index("h") + 1) * units)
    closers = [model.language.alphabet.index(symbol) for symbol in model.language.closers]
    weights = readout[closers].astype(np.float64)
    slopes = weights @ directions[:, hidden].T  # [K, 2]
    if not slopes.any():
        return (), "No decision line: the read-out looks at h, which is on neither axis."
    shown = directions[:, hidden].any(axis=0)
    elsewhere = values[:, -1].mean(axis=0) * ~shown if not components else origin[hidden]
    constants = weights @ elsewhere + bias[closers]
    held = not components and not shown.all()
    box = _frame(points)
    drawn = [
        DecisionLine(symbol=symbol, x=ends[0], y=ends[1])
        for symbol, slope, constant in zip(model.language.closers, slopes, constants, strict=True)
        if (ends := _cross(slope, float(constant), box)) is not None
    ]
    if not drawn:
        return (), "The decision line lies outside of what is shown."
    where = "with the other units at their mean" if held else "as the weights have it"
    if components and model.spec.units * len(model.cell.state) > 2:
        where = "with the other components at zero"
    said = join_words([line.symbol for line in drawn], "or")
    return tuple(drawn), f"Dashed: where the model changes its mind on {said}, {where}."


def _frame(points: np.ndarray) -> np.ndarray:
    """Return [[x0, y0], [x1, y1]]: what a figure of the points shows, with some room beside."""
    low, high = points.min(axis=0), points.max(axis=0)
    room = _ROOM * np.where(high > low, high - low, 1.0)
    return np.stack([low - room, high + room])


def _cross(
    slope: np.ndarray, constant: float, box: np.ndarray
) -> tuple[tuple[float, float], tuple[float, float]] | None:
    """Return x and y of where slope . (x, y) + constant = 0 enters and leaves a box."""
    if not slope.any():
        return None
    foot = -constant * slope / (slope @ slope)
    along = np.array([-slope[1], slope[0]])
    first, last = -np.inf, np.inf
    for axis in range(2):
        if along[axis] == 0:
            if not box[0, axis] <= foot[axis] <= box[1, axis]:
                return None
            continue
        enters, leaves = np.sort((box[:, axis] - foot[axis]) / along[axis])
        first, last = max(first, enters), min(last, leaves)
    if first >= last:
        return None
    x, y = np.stack([foot + first * along, foot + last * along], axis=1)
    return (float(x[0]), float(x[1])), (float(y[0]), float(y[1]))
