"""Intervention: change one number of the state after one symbol, and watch every later verdict.

What a counter does with the error tells what its state means to it: an exact counter carries it to
the end, one that leaks forgets it, and one that is clipped at zero repairs it there.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from countviz.analysis.count.closing import measure_closings
from countviz.analysis.count.stepper import make_stepper
from countviz.engine.closing import NEVER
from countviz.traces import Trace
from countviz.verdicts import find_mistakes
from countviz.words import count_nouns, in_words

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, eq=False, kw_only=True)
class Intervention:
    """What a model says on a string before and after its state was changed between two symbols.

    Attributes
    ----------
    original
        What it did before.
    step
        The symbol, from 0, after which the state was changed.
    delta, unit, internal
        By how much, of which unit (from 0), and in which internal of its state.
    true_counts
        [T] how many closers could really come in a row, over all counters.
    original_counts, patched_counts
        [T] how many the model accepts; NaN where it never closes.
    original_verdicts, patched_verdicts
        [T, V] bool: what it lets come after each symbol.
    original_failure, patched_failure
        The first mistake, from 0; None if there is none.
    differing
        After how many later symbols a verdict differs.
    first_difference
        The first of them, from 0; None if no verdict differs.
    recovered_at
        The position from which on neither count nor verdict differs any more; None if some do as
        long as there is something to count. Where nothing ever differs it is `step`.

    """

    original: Trace
    step: int
    delta: float
    unit: int
    internal: str
    true_counts: np.ndarray
    original_counts: np.ndarray
    patched_counts: np.ndarray
    original_verdicts: np.ndarray
    patched_verdicts: np.ndarray
    original_failure: int | None
    patched_failure: int | None
    differing: int
    first_difference: int | None
    recovered_at: int | None

    def sentence(self) -> str:
        """Say what the change does to the verdicts, and whether it wears off."""
        later = self.original.reading.legal - self.step - 1
        amount = f"{self.delta:+.4g}".replace("-", "\N{MINUS SIGN}")
        of = f" of unit {self.unit + 1}" if self.original.model.spec.units > 1 else ""
        done = f"Adding {amount} to {self.internal}{of} after symbol {self.step + 1:,}"
        if later < 1:
            legal = " that may come there" * (self.original.reading.legal < len(self.true_counts))
            return f"{done} changes nothing: no symbol{legal} comes after it."
        if self.first_difference is None:
            said = f"changes none of the {count_nouns(later, 'later verdict')}"
            return f"{done} {said}; {self._say_recovery()}."
        said = f"changes {in_words(self.differing)} of the {count_nouns(later, 'later verdict')}"
        return f"{done} {said}, first at {self.first_difference + 1:,}; {self._say_recovery()}."

    def _say_recovery(self) -> str:
        """Say when the error is gone, or how large it still is at the end."""
        if self.recovered_at is None:
            left = self.patched_counts[-1] - self.original_counts[-1]
            size = f"{left:+.0f}".replace("-", "\N{MINUS SIGN}")
            end = f": {size} at the end" if abs(left) > 0 else ""
            return f"it never recovers on this string{end}"
        if self.recovered_at == self.step:
            return "its count stays the same"
        return f"its count is as before from {self.recovered_at + 1:,} on"

    def to_frame(self) -> "pd.DataFrame":
        """Return a row a symbol."""
        import pandas as pd

        alphabet = self.original.model.language.alphabet
        columns = {"position": np.arange(len(self.original.string))}
        columns["symbol"] = list(self.original.string)
        columns["true count"] = self.true_counts
        columns["original count"] = self.original_counts
        columns["patched count"] = self.patched_counts
        verdicts = {"original": self.original_verdicts, "patched": self.patched_verdicts}
        for name, said in verdicts.items():
            for v, symbol in enumerate(alphabet):
                columns[f"{name} verdict {symbol}"] = said[:, v]
        return pd.DataFrame(columns)


def intervene(
    trace: Trace, step: int, delta: float, unit: int = 0, internal: str | None = None
) -> Intervention:
    """Add a number to one internal of a model's state after one symbol, and run on from there.

    Parameters
    ----------
    trace
        Of up to 20,000 symbols.
    step
        After which symbol, from 0. What was said there has been said: the verdicts after it count.
    delta
        What is added, in the internal's own unit.
    unit
        To which unit, from 0.
    internal
        To which internal of the state; by default to the one in which the cell counts. Whatever
        else there is of the state, as an LSTM's h beside its c, stays as it is.

    Raises
    ------
    ValueError
        If there is no such symbol, unit or internal, or delta is not finite.

    """
    internal = trace.model.cell.counter if internal is None else internal
    _check(trace, step, delta, unit, internal)
    said, after = _run_on(trace, step, delta, unit, internal)
    before = measure_closings(trace).total
    wrong = np.flatnonzero(find_mistakes(trace.model.language, said, trace.reading))
    verdicts = (trace.verdicts != said).any(axis=1)
    other = verdicts | ~((before == after) | (np.isnan(before) & np.isnan(after)))
    verdicts[trace.reading.legal :] = other[trace.reading.legal :] = False  # nothing is true there
    changed = np.flatnonzero(verdicts)
    last = int(np.flatnonzero(other)[-1]) if other.any() else step - 1
    shows = ~(before[last + 1 :] <= 0)  # where a count is 0, less would not be seen
    return Intervention(
        original=trace,
        step=step,
        delta=float(delta),
        unit=unit,
        internal=internal,
        true_counts=trace.reading.closings.sum(axis=1),
        original_counts=before,
        patched_counts=after,
        original_verdicts=trace.verdicts,
        patched_verdicts=said,
        original_failure=trace.first_failure,
        patched_failure=int(wrong[0]) if wrong.size else None,
        differing=changed.size,
        first_difference=int(changed[0]) if changed.size else None,
        recovered_at=last + 1 if shows.any() or not other.any() else None,
    )


def find_bracket(trace: Trace, unit: int = 0, internal: str | None = None) -> float:
    """Return by how much one bracket more moves an internal of a unit on a trace, on average.

    It is the slope of a line through the internal on the true count; 1 where there is none.
    """
    internal = trace.model.cell.counter if internal is None else internal
    state = trace.whole.internals[internal][:, unit].astype(np.float64)
    counts = trace.reading.closings.sum(axis=1)
    usable = np.isfinite(state)
    if not usable.any() or np.ptp(counts[usable]) == 0:
        return 1.0
    counts = counts[usable] - counts[usable].mean()
    with np.errstate(over="ignore", invalid="ignore"):  # of a state that is about to overflow
        slope = float(f"{counts @ state[usable] / (counts @ counts):.6g}")
    return slope if np.isfinite(slope) and slope else 1.0


def _check(trace: Trace, step: int, delta: float, unit: int, internal: str) -> None:
    cell, units, length = trace.model.cell, trace.model.spec.units, len(trace.string)
    if not 0 <= step < length:
        raise ValueError(f"no symbol {step}; counted from 0 the string has 0 ... {length - 1}")
    if not 0 <= unit < units:
        raise ValueError(f"{trace.model.name} has no unit {unit}; it has 0 ... {units - 1}")
    if internal not in cell.state:
        there = ", ".join(cell.state)
        raise ValueError(
            f"{internal[:20]!r} is not kept from symbol to symbol; the state of {cell.title} "
            f"cells is: {there}"
        )
    if not np.isfinite(delta):
        raise ValueError(f"{delta} cannot be added to a state; a finite number can")


def _run_on(
    trace: Trace, step: int, delta: float, unit: int, internal: str
) -> tuple[np.ndarray, np.ndarray]:
    """Return what is said [T, V] and the closes-left counts [T] if a state is changed at a step.

    A step says what it says before its state is changed; what it could close, it closes after.
    """
    model, language = trace.model, trace.model.language
    stepper = make_stepper(model, trace.precision, trace.actions)
    moment = trace.moment(step + 1)
    row = moment.row.copy()
    row[model.cell.names.index(internal) * model.spec.units + unit] += delta
    later = language.encode(trace.string)[step + 1 :]
    done = stepper.feed(moment._replace(row=row), later)
    verdicts = np.concatenate([trace.verdicts[: step + 1], done.logits >= 0])
    cap, rows = measure_closings(trace).cap, np.concatenate([done.rows[:1], done.rows])
    counts = measure_closings(trace).counts.copy()
    for k, symbol in enumerate(language.closers):
        closer = language.alphabet.index(symbol)
        says = verdicts[step:, closer]
        found = stepper.count_along(moment._replace(row=row), later, rows, says, closer, cap)
        counts[step:, k] = np.where(found == NEVER, np.nan, found)
    return verdicts, counts.sum(axis=1)
