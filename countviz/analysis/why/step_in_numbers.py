"""One step in numbers: the cell's equation with what it held, and what it should have given.

What would have been right is not a single number: any value will do from which just what is open
can still be closed. For one unit that interval is found by running the model from other values; for
any number of units the error that the step adds is read off the closes-left count.
"""

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from countviz.analysis.count.fine_closing import refine_at
from countviz.analysis.count.stepper import make_stepper
from countviz.analysis.trajectory.trajectory import noun_of
from countviz.analysis.why.digits import in_digits, tell_apart
from countviz.analysis.why.no_return import find_no_return
from countviz.analysis.why.quantities import Quantity, list_quantities, write_equation
from countviz.analysis.why.state_interval import StateInterval, find_interval, find_sign
from countviz.traces import Trace, Window
from countviz.words import count_nouns, signed

if TYPE_CHECKING:
    import pandas as pd

PRIME = "\N{PRIME}"  # behind the letter of what an internal becomes
_SURE = 1e-9  # brackets; a smaller error is rounding


@dataclass(frozen=True, eq=False, kw_only=True)
class StepInNumbers:
    """What one unit did at one symbol, and whether that was right.

    Attributes
    ----------
    position, symbol
        The step, from 0.
    counts
        The true number of closers that could come, before and after; None where it is illegal.
    unit, units
        Which unit of how many: the one whose counting internal moves most at this step.
    internal, value
        The counting internal, and what it became.
    quantities
        The gates, with what they squash, and the state before.
    equation
        How the counting internal is made: in letters, and with the numbers of this step.
    interval
        From which values just what is open could be closed; None for several units.
    bounds
        Between which values the cell keeps the internal.
    closes
        How many closers the model accepts after the step; None if it never stops.
    error_before, error_after
        How far the closes-left count lies from the truth, in symbols; NaN where there is none.
    noun
        What a symbol is called.

    """

    position: int
    symbol: str
    counts: tuple[int, int] | None
    unit: int
    units: int
    internal: str
    value: float
    quantities: tuple[Quantity, ...]
    equation: tuple[str, str] | None
    interval: StateInterval | None
    bounds: tuple[float, float]
    closes: int | None
    error_before: float
    error_after: float
    noun: str

    @property
    def result(self) -> str:
        """What the internal became, to as many digits as show whether that is right."""
        ends = (self.interval.near, self.interval.far) if self.interval else ()
        finite = [end for end in ends if math.isfinite(end)]
        if not finite or not math.isfinite(self.value):
            return in_digits(self.value)
        return tell_apart(min(finite, key=lambda end: abs(end - self.value)), self.value)[1]

    @property
    def error_added(self) -> float:
        """By how much the step moves the closes-left count from the truth, in symbols."""
        return self.error_after - self.error_before

    def sentence(self) -> str:
        """Say what would have been right, and what the step adds to the error."""
        if self.counts is None:
            return f"This {self.noun} is no longer legal: nothing would be right."
        return f"{self._say_needed()} {self._say_added()}"

    def _say_needed(self) -> str:
        count = self.counts[1]
        aim = f"To close {count_nouns(count, self.noun)}" if count else "To say that all are closed"
        if self.interval is None:
            could = f"{count_nouns(count, self.noun)} could be closed from here"
            could = could if count else "All are closed here"
            closes = f"would close {self.closes or 0:,}"
            closes = "never stops closing" if self.closes is None else closes
            return f"{could}; it {closes}{': right' if self.closes == count else ''}."
        if self.interval.empty:
            low, high = map(in_digits, self.bounds)
            return f"{aim}, no {self.internal}{PRIME} between {low} and {high} will do."
        return f"{aim} it needs {self._say_interval()}"

    def _say_interval(self) -> str:
        one, name, value = self.interval, f"{self.internal}{PRIME}", self.value
        if math.isnan(value):
            return f"a number, and {name} is none: the state overflowed."
        past_near = one.sign * (value - one.near)
        past_far = one.sign * (value - one.far)
        at_least, below = ("≥", "<") if one.sign > 0 else ("≤", ">")
        if past_near < 0:
            need, got = tell_apart(one.near, value)
            return f"{name} {at_least} {need}. It got {got}: too little."
        if past_far >= 0:
            need, got = tell_apart(one.far, value)
            return f"{name} {below} {need}. It got {got}: too much."
        if math.isinf(one.near) or math.isinf(one.far):
            end, sign = (one.far, below) if math.isinf(one.near) else (one.near, at_least)
            need, got = tell_apart(end, value)
            return f"{name} {sign} {need}. It got {got}: right."
        low, high = tell_apart(one.low, one.high)
        return f"{name} between {low} and {high}. It got {in_digits(value)}: right."

    def _say_added(self) -> str:
        added = self.error_added
        if np.isnan(added):
            return "How far it is off cannot be said."
        if abs(added) < _SURE:
            return f"This step adds no error ({signed(self.error_after)} in all)."
        total = f"{signed(self.error_after)} in all"
        return f"This step adds {signed(added)} of a {self.noun} ({total})."

    def to_frame(self) -> "pd.DataFrame":
        """Return a row a quantity."""
        import pandas as pd

        return pd.DataFrame([vars(one) for one in self.quantities])


def step_in_numbers(
    trace: Trace, position: int, counter: int | None = None, unit: int | None = None
) -> StepInNumbers:
    """Take one step of a trace apart.

    Parameters
    ----------
    trace
        Of any length.
    position
        Of the symbol, from 0.
    counter
        Which of the language's counters the truth is about; by default the one lost first.
    unit
        Which unit, from 0; by default the one whose counting internal moves most.

    Raises
    ------
    ValueError
        If the string has no such position.

    """
    length, cell = len(trace.string), trace.model.cell
    if not 0 <= position < length:
        raise ValueError(f"position {position} came; this string has 0 ... {length - 1}")
    counter = (find_no_return(trace).counter or 0) if counter is None else counter
    window = trace.window(position, position + 1)
    internals = len(cell.internals)
    before, after = np.asarray(window.rows, np.float64).reshape(2, internals, -1)
    place = cell.names.index(cell.counter)
    if unit is None:
        with np.errstate(invalid="ignore"):  # a state that overflowed
            moves = np.abs(after[place] - before[place])
        unit = int(np.nan_to_num(moves, nan=-1.0).argmax())
    declared = cell.internals[place]
    errors, closes, counts = _measure_errors(trace, position, counter)
    return StepInNumbers(
        position=position,
        symbol=trace.string[position],
        counts=counts,
        unit=unit,
        units=trace.model.spec.units,
        internal=cell.counter,
        value=float(after[place, unit]),
        quantities=list_quantities(trace, window, unit),
        equation=write_equation(trace, window, unit),
        interval=_find_needed(trace, window, counts, counter),
        bounds=declared.bounds,
        closes=closes,
        error_before=errors[0],
        error_after=errors[1],
        noun=noun_of(trace.model.language),
    )


def _measure_errors(
    trace: Trace, position: int, counter: int
) -> tuple[tuple[float, float], int | None, tuple[int, int] | None]:
    """Return the errors before and after a step, what could be closed, and the true counts."""
    if position >= trace.reading.legal:
        return (math.nan, math.nan), None, None
    true = trace.reading.closings[:, counter]
    counts = int(true[position - 1]) if position else 0, int(true[position])
    cap = 1_000 + 2 * int(trace.reading.closings.max())
    found = [refine_at(trace, at, counter, cap) for at in (position - 1, position)]
    errors = tuple(fine - count for (_, fine), count in zip(found, counts, strict=True))
    whole = found[1][0]
    return errors, None if math.isnan(whole) else int(whole), counts


def _find_needed(
    trace: Trace, window: Window, counts: tuple[int, int] | None, counter: int
) -> StateInterval | None:
    """Return the values from which a single unit could close just what is open."""
    stepper = make_stepper(trace.model, trace.precision)
    sign = find_sign(stepper, counter) if trace.model.spec.units == 1 else 0
    if not sign or counts is None or len(trace.model.language.closers) > 1:
        return None
    return find_interval(stepper, trace.moment(window.stop), counts[1], sign, counter)
