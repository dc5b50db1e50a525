"""The corridor: the values from which a model can still finish correctly, and its way through it.

On the axis of closes-left counts the corridor is the truth plus or minus one half, for any cell. An
inexact counter slides out of it long before a verdict is wrong. Beside what it did stands what the
constants of a single step foretell, v' = λ v + α of the read-out table, carried from symbol to
symbol.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from countviz.analysis.count.closing import measure_closings
from countviz.analysis.count.fine_closing import refine_closings
from countviz.analysis.count.read_out import ReadOut, read_out
from countviz.analysis.trajectory.trajectory import noun_of
from countviz.analysis.why.no_return import find_no_return
from countviz.models import Model
from countviz.traces import Trace
from countviz.words import count_nouns, signed

if TYPE_CHECKING:
    import pandas as pd

HALF = 0.5  # symbols; how far from the truth one may be
NEAR = 8  # symbols from the truth; further off, whole numbers will do


@dataclass(frozen=True, eq=False, kw_only=True)
class Corridor:
    """One counter of a model along a string, on the axis of closes-left counts.

    Attributes
    ----------
    model, precision
        What was run, in which number format.
    string
        On what.
    closer, counter
        The symbol that counts this counter down, and the counter's place among the language's.
    truth
        [T]: how many closers could come in a row; NaN from the first illegal symbol on.
    counts
        [T]: how many the model would accept; NaN where it never stops.
    values
        [T]: the same between whole numbers, within ½ of `counts`, up to 8 symbols from the truth;
        the model can still finish correctly exactly while this lies within ½ of the truth.
    errors
        [T]: values - truth.
    predicted
        [T]: what the constants of a step foretell for `values`; NaN where they foretell nothing.
    r_squared
        How well the count can be read that these constants move; None by construction.
    lost
        The first step, from 0, at which this counter leaves the corridor; None if it never does.
    first_failure
        The first visible mistake of all counters, from 0.
    legal
        How many symbols come before the first illegal one.
    noun
        What a symbol is called.

    """

    model: Model
    precision: str
    string: str
    closer: str
    counter: int
    truth: np.ndarray
    counts: np.ndarray
    values: np.ndarray
    errors: np.ndarray
    predicted: np.ndarray
    r_squared: float | None
    lost: int | None
    first_failure: int | None
    legal: int
    noun: str

    def sentence(self) -> str:
        """Say how far from the truth it gets; positions count from 1."""
        if not self.errors.size:
            return "The string is empty: there is no corridor."
        if not self.legal:
            return f"The first {self.noun} is illegal: there is no corridor."
        band = "Inside the grey band it can still finish correctly"
        if self.lost is None:
            largest = float(np.nanmax(np.abs(self.errors[: self.legal])))
            return f"{band}; it stays inside, at most {largest:.2f} from the truth (½ is allowed)."
        said = f"{band}; it leaves at {self.noun} {self.lost + 1:,}{self._tops_out()}."
        if np.isnan(self.errors[self.lost]):
            return f"{said} From there on it would never stop accepting {self.closer}."
        if self.first_failure is None:
            return f"{said} No verdict on this string shows it.{self._dashed()}"
        shows = f"✕ marks the first mistake, at {self.first_failure + 1:,}."
        return f"{said} {shows}{self._dashed()}"

    def _dashed(self) -> str:
        """Say what the dashed line is and how far it can be trusted, if there is one."""
        if not np.isfinite(self.predicted).any():
            return ""
        fit = "" if self.r_squared is None else f", by a linear fit, R² {self.r_squared:.2f}"
        return f" Dashed: what the leak and the asymmetry of one step foretell (estimated{fit})."

    def _tops_out(self) -> str:
        """Say how much of the deepest count it has, if it has too little there."""
        deepest = int(np.nanargmax(self.truth))
        value, truth = self.counts[deepest], self.truth[deepest]
        if np.isnan(value) or value == truth:
            return ""
        return f"; where {truth:,.0f} are open it closes {value:,.0f}"

    def at(self, position: int) -> str:
        """Say where the model stands after a symbol, for whoever looks at one; from 0."""
        where = f"{self.noun.title()} {position + 1:,}, {self.string[position]}"
        if position >= self.legal:
            return f"{where}: no longer legal."
        truth = count_nouns(int(self.truth[position]), f"{self.closer}")
        if np.isnan(self.counts[position]):
            return f"{where}: {truth} can come; the model never stops accepting them."
        error = signed(float(self.errors[position]))
        closes = f"the model closes {self.counts[position]:,.0f} ({error})"
        return f"{where}: {truth} can come, {closes}."

    def to_frame(self) -> "pd.DataFrame":
        """Return a row a symbol; positions count from 0."""
        import pandas as pd

        return pd.DataFrame(
            {
                "position": np.arange(len(self.string)),
                "symbol": list(self.string),
                "truth": self.truth,
                "low": self.truth - HALF,
                "high": self.truth + HALF,
                "closes_left": self.counts,
                "value": self.values,
                "error": self.errors,
                "predicted": self.predicted,
            }
        )


def measure_corridor(
    trace: Trace, counter: int | None = None, table: ReadOut | None = None
) -> Corridor:
    """Follow one counter of a trace of up to 20,000 symbols through its corridor.

    Parameters
    ----------
    trace
        Of a model of a language with closers.
    counter
        Which of the language's counters, from 0; by default the one that is lost first.
    table
        What ``read_out`` says of the model at the trace's precision, where that is known.

    Raises
    ------
    ValueError
        If the language has no such counter, or the string is too long to be kept whole.

    """
    language, legal = trace.model.language, trace.reading.legal
    counters = len(language.closers)
    if counter is None:
        counter = find_no_return(trace).counter or 0
    if not 0 <= counter < counters:
        raise ValueError(f"counter {counter} came; {language.name} has 0 ... {counters - 1}")
    counts = measure_closings(trace).counts[:, counter]
    truth = trace.reading.closings[:, counter].astype(np.float64)
    truth[legal:] = np.nan
    differs = (counts != truth)[:legal]
    values = refine_closings(trace, counts, counter, np.abs(counts - truth) <= NEAR)
    table = table or read_out(trace.model, trace.precision)
    arrays = {
        "truth": truth,
        "counts": counts,
        "values": values,
        "errors": values - truth,
        "predicted": foretell(trace, table),
    }
    for array in arrays.values():
        array.flags.writeable = False
    return Corridor(
        model=trace.model,
        precision=trace.precision,
        string=trace.string,
        closer=language.closers[counter],
        counter=counter,
        r_squared=table.r_squared,
        lost=int(differs.argmax()) if differs.any() else None,
        first_failure=trace.first_failure,
        legal=legal,
        noun=noun_of(language),
        **arrays,
    )


def foretell(trace: Trace, table: ReadOut) -> np.ndarray:
    """Return the closes-left count [T] that v' = λ v + α foretells; NaN where it says nothing.

    The count that is read is carried over the string by the constants of one opening and one
    closing alone; how many closings bring it down to the threshold is the closes-left count.
    """
    nothing = np.full(len(trace.string), np.nan)
    language, model = trace.model.language, trace.model
    if language.signs is None or len(language.closers) != 1 or language.signs != (1, -1):
        return nothing
    keep = 1 - np.array([table.leak_up, table.leak_down])
    add = np.array([table.constant_up, table.constant_down])
    if not np.isfinite([*keep, *add, table.threshold]).all() or (keep <= 0).any():
        return nothing
    floor = _find_floor(model, table)
    value = table.offset if table.r_squared is not None else 0.0
    symbols, values = language.encode(trace.string), []
    for share, step in zip(keep[symbols].tolist(), add[symbols].tolist(), strict=True):
        value = max(share * value + step, floor)
        values.append(value)
    left = _count_down(np.array(values), float(keep[1]), float(add[1]), table.threshold)
    return np.maximum(left + HALF, 0)  # nan stays nan


def _find_floor(model: Model, table: ReadOut) -> float:
    """Return the least count that one unit's bounded state can be read as."""
    low, high = next(one.bounds for one in model.cell.internals if one.name == table.internal)
    direction = float(table.direction[0])
    if model.spec.units > 1 or not direction:
        return -np.inf
    return direction * (low if direction > 0 else high) + table.offset


def _count_down(values: np.ndarray, keep: float, add: float, threshold: float) -> np.ndarray:
    """Return how many closings v' = λ v + α take to the threshold, fractions included."""
    with np.errstate(all="ignore"):
        if keep == 1:
            left = (threshold - values) / add
        else:
            rest = add / (1 - keep)  # where it would come to rest
            left = np.log((threshold - rest) / (values - rest)) / np.log(keep)
    return np.where(np.isfinite(left), left, np.nan)
