"""A count that moves by v' = λ v + α: what (^D )^D makes of it, without running it."""

from dataclasses import dataclass

import numpy as np

from countviz.analysis.count.first_mistakes import EARLY_ZERO, NONE, STUCK_OPEN
from countviz.arithmetic.precision import find_precision

_BLOCK = 4_096  # depths looked at together


@dataclass(frozen=True, kw_only=True)
class AffineCount:
    """A number that openings and closings move, and a threshold that it is held against.

    Attributes
    ----------
    start
        Before the first symbol.
    keep_up, add_up, keep_down, add_down
        λ and α of an opening and of a closing; λ > 0.
    threshold
        From which, included, it says that something is open.
    clipped
        It stops at 0 on its way down.

    """

    start: float
    keep_up: float
    add_up: float
    keep_down: float
    add_down: float
    threshold: float
    clipped: bool

    def nest(self, opened: np.ndarray, closed: np.ndarray) -> np.ndarray:
        """Return the number after so many openings and then so many closings.

        >>> one = AffineCount(start=0.0, keep_up=1, add_up=1, keep_down=1, add_down=-1,
        ...                   threshold=0.5, clipped=True)
        >>> one.nest(np.array([5, 5]), np.array([2, 7])).tolist()
        [3.0, 0.0]
        """
        top = _advance(self.keep_up, self.add_up, self.start, opened)
        values = _advance(self.keep_down, self.add_down, top, closed)
        return np.maximum(values, 0) if self.clipped else values


@dataclass(frozen=True, kw_only=True)
class FirstFailure:
    """The first D at which (^D )^D is judged wrong.

    Attributes
    ----------
    depth, kind
        That D and the kind of mistake, a place in ``first_mistakes.KINDS``; None and "none" where
        all are right as deep as was looked.
    margin
        How near any of the numbers that decide comes to the threshold.
    largest
        The largest of the numbers.
    symbols
        How many symbols it takes to get there.
    growth
        By how much an error made at the first of them has grown at the last, at most.

    """

    depth: int | None
    kind: int
    margin: float
    largest: float
    symbols: int
    growth: float

    def is_clear(self, precision: str) -> bool:
        """Say whether rounding at every symbol cannot carry a deciding number over the threshold.

        A symbol costs up to two roundings, of half a unit in the last place of the largest number.
        """
        ulp = 2.0 ** (1 - find_precision(precision).digits)
        return self.margin > 4 * ulp * self.symbols * self.largest * self.growth


def find_first_failure(count: AffineCount, deepest: int) -> FirstFailure | None:
    """Return the first failing nest of up to some depth; None where the numbers are not known.

    On the way down the number moves one way only, as λ > 0, so that the verdicts after 0 and D - 1
    closings, open, and after D, closed, stand for all; on the way up they stand for one another.
    """
    known = count.start, count.keep_up, count.add_up, count.keep_down, count.add_down
    if not np.isfinite([*known, count.threshold]).all() or min(count.keep_up, count.keep_down) <= 0:
        return None
    margin, largest = np.inf, 0.0
    depth, kind = None, NONE
    for first in range(1, deepest + 1, _BLOCK):
        opened = np.arange(first, min(first + _BLOCK, deepest + 1))
        ends = np.stack([np.zeros_like(opened), opened - 1, opened])
        values = count.nest(opened, ends)
        says_open = values >= count.threshold
        wrong = ~says_open[0] | ~says_open[1] | says_open[2]
        last = int(wrong.argmax()) if wrong.any() else opened.size - 1
        margin = min(margin, float(np.abs(values[:, : last + 1] - count.threshold).min()))
        largest = max(largest, float(np.abs(values[:, : last + 1]).max()))
        if wrong.any():
            depth = int(opened[last])
            kind = STUCK_OPEN if says_open[:2, last].all() else EARLY_ZERO
            break
    symbols = 2 * (depth or deepest)
    with np.errstate(over="ignore"):
        growth = float(np.exp(symbols * np.log(max(1, count.keep_up, count.keep_down))))
    return FirstFailure(
        depth=depth, kind=kind, margin=margin, largest=largest, symbols=symbols, growth=growth
    )


def _advance(keep: float, add: float, start: float | np.ndarray, times: np.ndarray) -> np.ndarray:
    """Return λ^n v + α (λ^n - 1)/(λ - 1) for every n; for λ = 1 v + n α."""
    if keep == 1:
        return start + times * add
    with np.errstate(over="ignore", invalid="ignore"):
        grown = np.expm1(times * np.log(keep))  # λ^n - 1, without cancellation
        return (grown + 1) * start + add * (grown / (keep - 1))
