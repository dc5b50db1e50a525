"""The diagnosis: what made a model lose the count on a string, in three lines.

A cause is looked for in a fixed order, from what makes everything else meaningless, a state that
overflows or does not move, to the slow ones, and the first whose evidence is there is named. The
second line says how far the step at which the count was lost falls short; the third, whether
another number format would have changed anything.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from countviz.analysis.count.read_out import ReadOut, read_out
from countviz.analysis.count.stepper import make_stepper
from countviz.analysis.trajectory.trajectory import noun_of
from countviz.analysis.why.causes import Case, Finding, find_cause
from countviz.analysis.why.digits import tell_apart
from countviz.analysis.why.no_return import find_no_return
from countviz.analysis.why.state_interval import find_interval, find_sign
from countviz.traces import Trace, trace
from countviz.words import join_words

if TYPE_CHECKING:
    import pandas as pd

FORMATS = ("float16", "float32", "float64")
"""The number formats that are compared with a trace's own."""


@dataclass(frozen=True, kw_only=True)
class Diagnosis:
    """Why a model lost the count on a string.

    Attributes
    ----------
    cause
        One of ``causes.CAUSES``: of the loss, or "none".
    lines
        Three findings: the cause, the step at which it shows, and the precision.
    point_of_no_return
        The step at which the count was lost, from 0; None if it never was.
    first_failures
        The first mistake, from 0, in each of float16, float32 and float64, and in the trace's own
        format; None if there is none.

    """

    cause: str
    lines: tuple[Finding, ...]
    point_of_no_return: int | None
    first_failures: Mapping[str, int | None]

    def sentence(self) -> str:
        """Return the lines one after the other."""
        return " ".join(f"{line.title}. {line.text}" for line in self.lines)

    def to_frame(self) -> "pd.DataFrame":
        """Return a row a line."""
        import pandas as pd

        return pd.DataFrame([vars(line) for line in self.lines])


def diagnose(trace: Trace, table: ReadOut | None = None) -> Diagnosis:
    """Say why a model lost the count on a string of up to 20,000 symbols, or that it did not.

    What ``read_out`` says of the model at the trace's precision may be given, where it is known.
    """
    lost = find_no_return(trace)
    formats = dict.fromkeys((*FORMATS, trace.precision))
    failures = {name: _first_failure(trace, name) for name in formats}
    case = Case(
        trace=trace,
        lost=lost,
        table=table or read_out(trace.model, trace.precision),
        failures=failures,
        noun=noun_of(trace.model.language),
    )
    cause = find_cause(case)
    return Diagnosis(
        cause=cause.cause,
        lines=(cause, _describe_step(case), _compare_formats(case)),
        point_of_no_return=lost.position,
        first_failures=failures,
    )


def _first_failure(done: Trace, precision: str) -> int | None:
    if precision == done.precision:
        return done.first_failure
    return trace(done.model, done.string, precision).first_failure


def _describe_step(case: Case) -> Finding:
    """Say how much the step that lost the count had to cover, and covers; else what a step does."""
    needed = _measure_step(case)
    if needed is None:
        up, down = case.table.step_up, case.table.step_down
        if case.table.dead or not np.isfinite([up, down]).all():
            return Finding(title="No steps", text="No symbol adds to a count that could be read.")
        text = case.table.sentence().partition(" Read from ")[0]
        return Finding(title="Steps", text=text)
    must, does, count = needed
    share = does / must - 1
    short = "too short" if share < 0 else "too long"
    wanted, covered = tell_apart(must, does)
    size = f"{100 * abs(share):.2g} % {'missing' if share < 0 else 'too much'}"
    covers = f"At count {count:,} a step must cover {wanted} and covers {covered}: {size}."
    return Finding(title=f"Steps {short}", text=covers)


def _measure_step(case: Case) -> tuple[float, float, int] | None:
    """Return what an opening at the point of no return had to cover, does, and the count there."""
    done, at = case.trace, case.lost.position
    stepper = make_stepper(done.model, done.precision)
    sign = find_sign(stepper) if len(done.model.language.closers) == 1 else 0
    if at is None or not sign or at == 0:
        return None
    counts = done.reading.closings[at - 1 : at + 1, 0].tolist()
    if counts[1] != counts[0] + 1 or counts[0] < 1:
        return None
    moment = done.moment(at + 1)
    ends = [find_interval(stepper, moment, count, sign).near for count in counts]
    moved = case.counter[at] - case.counter[at - 1]
    must, does = float(sign * (ends[1] - ends[0])), float(sign * moved[0])
    return (must, does, counts[1]) if np.isfinite(must) and must > 0 else None


def _compare_formats(case: Case) -> Finding:
    """Say whether the first mistake comes elsewhere in another number format."""
    places = {name: None if at is None else at + 1 for name, at in case.failures.items()}
    names = join_words(list(places))
    found = set(places.values())
    if found == {None}:
        return Finding(title="Not precision", text=f"No mistake in {names} alike.")
    if len(found) == 1:
        where = f"The first mistake is at {found.pop():,}"
        return Finding(title="Not precision", text=f"{where} in {names} alike.")
    words = {name: "none" if at is None else f"at {at:,}" for name, at in places.items()}
    said = [f"{where} in {name}" for name, where in words.items()]
    text = f"The first mistake: {join_words(said)}."
    title = "Precision matters" if places["float64"] is None else "Precision shifts it"
    return Finding(title=title, text=text)
