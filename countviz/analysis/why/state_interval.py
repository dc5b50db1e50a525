"""The values of its state from which one unit can still close just what is open.

Fewer closers are accepted the nearer the counting internal lies to where a count of zero puts it.
So the values from which n and no other number of closers are accepted form an interval, whose ends
are found by halving: each guess is put into the state and the model is run on closers alone.
"""

from dataclasses import dataclass

import numpy as np

from countviz.analysis.count.stepper import Stepper, find_opener
from countviz.analysis.why.equations import EQUATIONS
from countviz.runs import Moment

HALVINGS = 44  # of what lies between two guesses
DOUBLINGS = 60  # of a step away from a value, in a state without bounds


@dataclass(frozen=True, kw_only=True)
class StateInterval:
    """The values of a unit's counting internal from which `count` closers are accepted.

    Attributes
    ----------
    count
        How many closers are to be accepted, and no more.
    near, far
        The ends on the side of fewer closers, included, and on the side of more, excluded:
        infinite where there is no end, NaN where no value within the internal's bounds will do.
    sign
        +1 where the internal grows with the count, -1 where it falls.

    """

    count: int
    near: float
    far: float
    sign: int

    @property
    def low(self) -> float:
        """The smaller end."""
        return self.near if self.sign > 0 else self.far

    @property
    def high(self) -> float:
        """The larger end."""
        return self.far if self.sign > 0 else self.near

    @property
    def empty(self) -> bool:
        """Whether no value will do."""
        return bool(np.isnan(self.near))


def find_sign(stepper: Stepper, counter: int = 0) -> int:
    """Return whether a unit counts upwards, +1, or downwards, -1; 0 where that cannot be said.

    Beside a memory it cannot: that may hold the count.
    """
    cell, opener = stepper.model.cell, find_opener(stepper.model.language, counter)
    if opener is None or stepper.model.spec.units > 1 or stepper.model.spec.memory is not None:
        return 0
    rows = stepper.feed(stepper.start, [opener, opener]).rows
    moved = rows[-1, cell.names.index(cell.counter)]
    return int(np.sign(moved)) if np.isfinite(moved) else 0


def find_interval(
    stepper: Stepper, moment: Moment, count: int, sign: int, counter: int = 0
) -> StateInterval:
    """Return from which values of the counting internal just `count` closers are accepted.

    Parameters
    ----------
    stepper
        A model of one unit.
    moment
        After a step; its internals, all but the counting internal and an h that follows from
        it, stay as they are.
    count, counter
        How many closers, of which of the language's counters.
    sign
        As ``find_sign`` returns it, not 0.

    """
    near = -sign * np.inf if count == 0 else _find_edge(stepper, moment, count, sign, counter)
    far = np.nan if np.isnan(near) else _find_edge(stepper, moment, count + 1, sign, counter)
    if np.isnan(near) or far == -sign * np.inf:  # none accepts so many, or all accept more
        return StateInterval(count=count, near=np.nan, far=np.nan, sign=sign)
    far = sign * np.inf if np.isnan(far) else far
    return StateInterval(count=count, near=near, far=far, sign=sign)


def _find_edge(stepper: Stepper, moment: Moment, count: int, sign: int, counter: int) -> float:
    """Return the value nearest to zero count from which `count` closers or more are accepted.

    It is NaN where none will do, and infinite where all will.
    """
    language, cell = stepper.model.language, stepper.model.cell
    closer = language.alphabet.index(language.closers[counter])
    bounds = next(one.bounds for one in cell.internals if one.name == cell.counter)
    least, most = (float(bound) for bound in (bounds if sign > 0 else bounds[::-1]))
    value = float(moment.row[cell.names.index(cell.counter)])

    def reaches(guess: float) -> bool:
        return stepper.closes_at_least(put(stepper, moment, guess), closer, count)

    start = value if np.isfinite(value) else 0.0
    if reaches(start):
        end = _search(lambda guess: not reaches(guess), start, -sign, least)
        yes, no = start, end
    else:
        end = _search(reaches, start, sign, most)
        yes, no = end, start
    if end is None:
        return -sign * np.inf if yes is not None else np.nan
    return _halve(reaches, yes, no)


def put(stepper: Stepper, moment: Moment, value: float) -> Moment:
    """Return a unit's moment with another value of the counting internal, and the h that follows.

    Where the counting internal is the hidden state itself there is nothing else to follow.
    """
    cell = stepper.model.cell
    changed = stepper.place(moment, cell.counter, 0, value)
    equation = EQUATIONS.get(cell.name)
    if equation is not None and equation.hidden is not None:
        internals = dict(zip(cell.names, changed.row.tolist(), strict=True))
        changed = stepper.place(changed, cell.state[-1], 0, equation.hidden(internals))
    return changed


def _search(found, start: float, direction: int, bound: float) -> float | None:  # noqa: ANN001
    """Return a value in a direction from `start`, up to a bound, that is found; None without."""
    if np.isfinite(bound):
        return bound if found(bound) else None
    step = max(abs(start), 1.0) * 2.0**-6
    for _ in range(DOUBLINGS):
        if found(start + direction * step):
            return start + direction * step
        step *= 2
    return None


def _halve(reaches, yes: float, no: float) -> float:  # noqa: ANN001
    """Return the last value that still reaches, between one that does and one that does not."""
    for _ in range(HALVINGS):
        middle = (yes + no) / 2
        if middle in (yes, no):
            break
        if reaches(middle):
            yes = middle
        else:
            no = middle
    return yes
