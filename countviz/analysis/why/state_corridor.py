"""The corridor of one unit in its own measure: the values of its state to finish from.

For every count there is an interval of the counting internal from which just that many closers are
accepted. Where a state has a second number that does not follow from the first, as an LSTM's output
gate, the interval is that of the value it has at the step, to three digits.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from countviz.analysis.count.stepper import Stepper, make_stepper
from countviz.analysis.trajectory.trajectory import noun_of
from countviz.analysis.why.equations import EQUATIONS
from countviz.analysis.why.no_return import find_no_return
from countviz.analysis.why.state_interval import StateInterval, find_interval, find_sign
from countviz.models import Model
from countviz.traces import Trace
from countviz.words import count_nouns

if TYPE_CHECKING:
    import pandas as pd

DEEPEST = 300  # counts beyond have no interval here: each takes as many closers as it counts
_DIGITS = 3


@dataclass(frozen=True, eq=False, kw_only=True)
class StateCorridor:
    """The counting internal of a one-unit model along a string, and where it should be.

    Attributes
    ----------
    model, precision, string
        What was run, in which number format, on what.
    internal, meaning
        The counting internal, and its name in words.
    values
        [T]: what it was.
    truth
        [T]: the true count; NaN from the first illegal symbol on.
    low, high
        [T]: between which values just the true count of closers is accepted; infinite where there
        is no end, NaN where there is no such value, or the count is beyond 300.
    shares
        [T]: where in the band the value lies: from 0, at its end towards a count of zero, to 1, at
        the other; NaN where the band has no two ends.
    bounds
        Between which values the cell keeps the internal.
    unreachable
        The smallest count, among those of the string, for which there is no value; None if none.
    lost, first_failure
        The point of no return and the first mistake, from 0; None if there is none.
    noun
        What a symbol is called.

    """

    model: Model
    precision: str
    string: str
    internal: str
    meaning: str
    values: np.ndarray
    truth: np.ndarray
    low: np.ndarray
    high: np.ndarray
    shares: np.ndarray
    bounds: tuple[float, float]
    unreachable: int | None
    lost: int | None
    first_failure: int | None
    noun: str

    def sentence(self) -> str:
        """Say how wide the corridor is, and where it ends."""
        widths = (self.high - self.low)[np.isfinite(self.high - self.low)]
        if not widths.size:
            return f"No value of the {self.meaning} {self.internal} lets it count this string."
        said = f"The band holds the values of {self.internal} from which it can still finish"
        narrow, wide = float(widths.min()), float(widths.max())
        size = f"{wide:.2g} wide" if narrow > 0.99 * wide else f"{narrow:.2g} to {wide:.2g} wide"
        parts = [f"{said}: {size}."]
        if self.unreachable is not None:
            low, high = (f"{bound:g}".replace("-", "\N{MINUS SIGN}") for bound in self.bounds)
            noun = count_nouns(self.unreachable, self.noun)
            parts.append(f"No {self.internal} between {low} and {high} closes {noun} in a row.")
        if np.nanmax(self.truth, initial=0) > DEEPEST:
            parts.append(f"Drawn up to a count of {DEEPEST}.")
        return " ".join(parts)

    def to_frame(self) -> "pd.DataFrame":
        """Return a row a symbol; positions count from 0."""
        import pandas as pd

        return pd.DataFrame(
            {
                "position": np.arange(len(self.string)),
                "symbol": list(self.string),
                "truth": self.truth,
                "low": self.low,
                "high": self.high,
                self.internal: self.values,
                "share": self.shares,
            }
        )


def has_state_corridor(model: Model, precision: str = "float64") -> bool:
    """Say whether a model has one unit and one counter, and moves as it counts."""
    one = len(model.language.closers) == 1 and model.spec.units == 1
    return one and find_sign(make_stepper(model, precision)) != 0


def measure_state_corridor(trace: Trace) -> StateCorridor:
    """Find, for every step of a one-unit model, the values from which it could still finish.

    Raises
    ------
    ValueError
        If the model has several units or counters, or its unit does not move on opening: then
        there is no such axis.

    """
    model, legal = trace.model, trace.reading.legal
    stepper = make_stepper(model, trace.precision)
    sign = find_sign(stepper)
    if not has_state_corridor(model, trace.precision):
        why = f"has {model.spec.units} units" if model.spec.units > 1 else "does not count this way"
        why = why if model.spec.memory is None else "counts in its memory too"
        raise ValueError(f"{model.name} {why}; a corridor of the state is that of one unit")
    truth = trace.reading.closings[:, 0].astype(np.float64)
    truth[legal:] = np.nan
    intervals = _find_intervals(trace, stepper, sign)
    internal = next(one for one in model.cell.internals if one.name == model.cell.counter)
    values = trace.whole.internals[internal.name][:, 0].astype(np.float64)
    near, far = np.full((2, len(trace.string)), np.nan)
    for position, one in intervals.items():
        near[position], far[position] = one.near, one.far
    with np.errstate(all="ignore"):
        shares = (values - near) / (far - near)
    return StateCorridor(
        model=model,
        precision=trace.precision,
        string=trace.string,
        internal=internal.name,
        meaning=internal.meaning,
        values=values,
        truth=truth,
        low=near if sign > 0 else far,
        high=far if sign > 0 else near,
        shares=np.where(np.isfinite(near) & np.isfinite(far), shares, np.nan),
        bounds=internal.bounds,
        unreachable=min((one.count for one in intervals.values() if one.empty), default=None),
        lost=find_no_return(trace).position,
        first_failure=trace.first_failure,
        noun=noun_of(model.language),
    )


def _find_intervals(trace: Trace, stepper: Stepper, sign: int) -> Mapping[int, StateInterval]:
    """Return the interval of every step, found once for all steps that have the same."""
    cell, counts = trace.model.cell, trace.reading.closings[: trace.reading.legal, 0]
    equation = EQUATIONS.get(cell.name)
    others = [cell.names.index(name) for name in equation.needs] if equation else []
    known: dict[tuple, StateInterval] = {}
    found = {}
    places = np.flatnonzero(counts <= DEEPEST)
    moments = trace.moments((places + 1).tolist())
    for position, moment in zip(places.tolist(), moments, strict=True):
        count = int(counts[position])
        key = count, *(round(float(moment.row[k]), _DIGITS) for k in others)
        if key not in known:
            known[key] = find_interval(stepper, moment, count, sign)
        found[position] = known[key]
    return found
