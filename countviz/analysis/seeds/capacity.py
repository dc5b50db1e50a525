"""How many counts a bounded state can tell apart: what a cell without an exact setting has.

Every opening symbol takes such a state a part of the way to a fixed point. The distance shrinks by
a factor, the contraction, until what is left to go is less than the format's last digit; a cell
that contracts forgets (Weiss, Goldberg, Yahav 2018, arXiv 1805.04908).
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from countviz.analysis.failure.nesting import measure_nesting
from countviz.models import Model
from countviz.traces import run
from countviz.words import count_nouns

if TYPE_CHECKING:
    import pandas as pd

MOST_OPENED = 10_000  # symbols in a row
_NUDGE = 1e-6  # of the state, on either side


@dataclass(frozen=True, eq=False, kw_only=True)
class Capacity:
    """What is left of the room of a bounded state as brackets are opened.

    Attributes
    ----------
    model, precision
        What was run, in which number format.
    moves
        [N] by how much the state moves at the first, second, ... bracket that is opened; the
        largest change of a unit.
    told_apart
        After so many the state stops moving in this precision; None if it has not within 10,000.
    contraction
        The share of a small distance from the fixed point that one more bracket leaves (float64);
        nan where the state does not come to rest.
    closed
        The nesting horizon: how many it opens and closes again rightly.

    """

    model: Model
    precision: str
    moves: np.ndarray
    told_apart: int | None
    contraction: float
    closed: int

    def sentence(self) -> str:
        """Say how soon the state stops moving, and how much of that is used."""
        opened = f"It nests {self.closed:,} deep"
        if self.told_apart is None:
            return f"{opened}. Its state still moves after {MOST_OPENED:,} ( in a row."
        after = f"after {count_nouns(self.told_apart, 'bracket')} the state no longer moves"
        shrinks = f"Each further ( leaves {self.contraction:.3g} of the way to a resting point; "
        shrinks = shrinks if np.isfinite(self.contraction) else ""
        said = f"{shrinks}{after} in {self.precision}."
        return f"{said[0].upper()}{said[1:]} {opened}: that is all it can use of them."

    def to_frame(self) -> "pd.DataFrame":
        """Return a row a bracket that is opened."""
        import pandas as pd

        return pd.DataFrame({"opened": np.arange(1, self.moves.size + 1), "moved by": self.moves})


def measure_capacity(model: Model, precision: str = "float64") -> Capacity:
    """Open brackets until the state of a Dyck-1 model comes to rest, and see how fast it does."""
    rows, _ = run(model, precision, np.zeros(MOST_OPENED, np.int64))
    states = rows[:, -len(model.cell.state) * model.spec.units :].astype(np.float64)
    with np.errstate(invalid="ignore", over="ignore"):
        moves = abs(np.diff(states, axis=0)).max(axis=1)
    still = moves == 0
    rests = int(still.argmax()) if still.any() else None
    moves = moves[: rests or None]
    moves.flags.writeable = False
    return Capacity(
        model=model,
        precision=precision,
        moves=moves,
        told_apart=rests,
        contraction=_find_contraction(model),
        closed=measure_nesting(model, precision).depth,
    )


def _find_contraction(model: Model) -> float:
    """Return the largest eigenvalue, in size, of what ( does to a small distance from rest."""
    rows, _ = run(model, "float64", np.zeros(MOST_OPENED, np.int64))
    size = len(model.cell.state) * model.spec.units
    rest, columns = rows[-1], []
    if not np.allclose(rows[-1], rows[-2], rtol=0, atol=1e-9):
        return np.nan
    for place in range(rest.size - size, rest.size):
        ends = []
        for nudge in (_NUDGE, -_NUDGE):
            start = rest.copy()
            start[place] += nudge
            ends.append(run(model, "float64", np.zeros(1, np.int64), start)[0][1, -size:])
        columns.append((ends[0] - ends[1]) / (2 * _NUDGE))
    return float(abs(np.linalg.eigvals(np.array(columns))).max())
