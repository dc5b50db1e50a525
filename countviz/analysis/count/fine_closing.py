"""The closes-left count between whole numbers: how near a model is to closing one more, or less.

After the last closer that is still accepted the logit of the next falls below zero. Where a line
from the one to the other crosses zero, half-way between n - ½ and n + ½ for a counter that changes
its mind half-way, is read as a number within half a symbol of the whole count n. So a model that
would close just what is open lies within half a symbol of the truth, and any other does not:
whatever the cell and however many its units.
"""

import numpy as np

from countviz.analysis.count.stepper import Stepper, make_stepper
from countviz.engine.closing import NEVER
from countviz.runs import Moment
from countviz.traces import Trace


def refine_closings(
    trace: Trace, counts: np.ndarray, counter: int = 0, wanted: np.ndarray | None = None
) -> np.ndarray:
    """Return the closes-left count [T] of a counter with what lies between whole numbers.

    Parameters
    ----------
    trace
        Of up to 20,000 symbols.
    counts
        [T], the whole closes-left counts of that counter; NaN where the model never closes.
    counter
        Which of the language's.
    wanted
        [T] bool: where; elsewhere the whole counts are left as they are. By default everywhere.

    Returns
    -------
    ndarray of float64, [T]
        Within ½ of the whole counts; NaN as they are. Along a run of closers it falls by exactly 1
        a closer, and where the model says closed without having been led there, it is 0.

    """
    language = trace.model.language
    closer = language.alphabet.index(language.closers[counter])
    symbols = language.encode(trace.string)
    values, later = counts.astype(np.float64), _goes_on(counts, symbols, closer)
    logits = trace.whole.logits[:, closer].astype(np.float64)
    if wanted is not None:  # a run of closers is wanted or not as a whole
        later &= wanted
    own = np.flatnonzero(~later & (counts > 0) & (True if wanted is None else wanted))
    walk = _Walk(make_stepper(trace.model, trace.precision, trace.actions), closer)
    for t, moment in zip(own.tolist(), trace.moments((own + 1).tolist()), strict=True):
        values[t] = walk.refine(moment, int(counts[t]), logits[t])
    led = np.flatnonzero(~later & (counts == 0))
    led = led[(led > 0) & later[led - 1]]
    values[led] = _cross(0, logits[led - 1], logits[led]) - 1
    for t in np.flatnonzero(later)[::-1].tolist():
        values[t] = values[t + 1] + 1
    return values


class _Walk:
    """Closes from one state after the other, and remembers where that led."""

    def __init__(self, stepper: Stepper, closer: int) -> None:
        self.stepper, self.closer = stepper, closer
        self.known: dict[tuple[bytes, ...], float] = {}

    def refine(self, moment: Moment, count: int, logit: float) -> float:
        """Return the refined count of a moment with `count` > 0 whose closer has some logit."""
        key = self._identify(moment)
        if key not in self.known:
            once = self.stepper.feed(moment, [self.closer])
            below = self.known.get(self._identify(once.end))
            if below is not None and count > 1:
                self.known[key] = below + 1
            else:
                more = self.stepper.feed(once.end, [self.closer] * (count - 1)).logits
                said = once.logits[0, self.closer], *more[-2:, self.closer]
                last = [logit, *map(float, said)]
                self.known[key] = float(_cross(count - 1, *map(np.float64, last[-2:])))
        return self.known[key]

    def _identify(self, moment: Moment) -> tuple[bytes, ...]:
        """Return what tells the state of a moment from any other."""
        held = () if moment.stacks is None else (moment.stacks.tobytes(),)
        return moment.row[self.stepper.state].tobytes(), *held


def _goes_on(counts: np.ndarray, symbols: np.ndarray, closer: int) -> np.ndarray:
    """Say after which symbols [T] the string itself goes on with a closer that is accepted."""
    later = np.zeros(counts.size, bool)
    later[:-1] = (counts[:-1] > 0) & (symbols[1:] == closer)
    return later


def _cross(before: int, accepted: np.ndarray, refused: np.ndarray) -> np.ndarray:
    """Return where a line from one logit, after `before` closers, to the next crosses zero; + ½."""
    with np.errstate(invalid="ignore", over="ignore"):
        share = accepted / (accepted - refused)
    return before + 0.5 + np.where(np.isfinite(share), share, 0.5)


def refine_at(trace: Trace, position: int, counter: int, cap: int) -> tuple[float, float]:
    """Return one row of the closes-left counts of a trace, whole and refined.

    More than `cap` closers are not counted: that, and never closing, is NaN. Position -1 is the
    moment before the string, at which nothing is open.
    """
    if position < 0:
        return 0.0, 0.0
    language = trace.model.language
    closer = language.alphabet.index(language.closers[counter])
    stepper = make_stepper(trace.model, trace.precision, trace.actions)
    window = trace.window(max(position - 1, 0), position + 1)
    logits, moment = window.logits[:, closer].astype(np.float64), trace.moment(position + 1)
    count = stepper.count_closings(moment, closer, cap)
    if count == NEVER:
        return np.nan, np.nan
    if count:
        return float(count), _Walk(stepper, closer).refine(moment, count, logits[-1])
    led = position > 0 and logits[0] >= 0 and trace.string[position] == language.closers[counter]
    return 0.0, float(_cross(0, logits[0], logits[1])) - 1 if led else 0.0
