"""What one run says of drift: a string of up to a million symbols is passed over, never kept."""

from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

import numpy as np

from countviz.analysis.count.closing import measure_closings
from countviz.analysis.count.first_mistakes import EARLY_ZERO, NONE, OTHER, STUCK_OPEN
from countviz.analysis.count.state_count import StateCount
from countviz.engine.groups import work_through
from countviz.languages.dyck1 import Dyck1
from countviz.models import Model
from countviz.runs import follow
from countviz.traces import WHOLE, trace

LARGEST = 1e9  # what reads as more has overflowed: no count of a million symbols comes near
_BLOCK = 2**20  # numbers of a run that are held at once
_CLOSER = Dyck1.alphabet.index(Dyck1.closers[0])


class RunDrift(NamedTuple):
    """The drift of one model on one string of Dyck-1, in brackets.

    Attributes
    ----------
    total, steps
        The sum of the drifts, and over how many steps a count could be read.
    largest
        The largest absolute drift; nan if no count could be read at all.
    failure
        The first wrong verdict, from 0; the string's length if all are right.
    kind
        Of the first mistake: a place in ``first_mistakes.KINDS``.
    overflowed, never_closes
        The state overflowed somewhere; somewhere it never says "closed", so that it has no
        closes-left count.
    deepest, closed_at
        The largest true count, and the first position where all is closed (the string's length if
        there is none): what a model that never moves and always answers "open" gets wrong.

    """

    total: float
    steps: int
    largest: float
    failure: int
    kind: int
    overflowed: bool
    never_closes: bool
    deepest: int
    closed_at: int


def measure_run(
    model: Model, precision: str, reading: StateCount | None, symbols: np.ndarray
) -> RunDrift:
    """Measure the drift on a member of Dyck-1; without a reading, of the closes-left count."""
    counts = np.cumsum(1 - 2 * symbols)
    if reading is None:
        blocks = _read_closings(model, precision, symbols)
    else:
        blocks = _read_states(model, precision, reading, symbols)
    total, steps, largest, overflowed, never = 0.0, 0, np.nan, False, False
    failure, kind = symbols.size, NONE
    for start, values, verdicts in blocks:
        truth = counts[start : start + len(values)]
        usable = np.abs(values) < LARGEST  # nan is not
        error = (values - truth)[usable]
        total, steps = total + float(error.sum()), steps + error.size
        largest = np.fmax(largest, np.abs(error).max()) if error.size else largest
        missing = not usable.all()
        overflowed, never = overflowed or (missing and reading is not None), never or missing
        if kind == NONE:
            at, kind = _find_mistake(verdicts, truth)
            failure = start + at if kind != NONE else failure
    zeros = counts == 0
    return RunDrift(
        total=total,
        steps=steps,
        largest=float(largest),
        failure=failure,
        kind=kind,
        overflowed=overflowed,
        never_closes=never and reading is None,
        deepest=int(counts.max()),
        closed_at=int(zeros.argmax()) if zeros.any() else symbols.size,
    )


def measure_runs(
    model: Model,
    precision: str,
    reading: StateCount | None,
    make: Callable[[int], Iterable[np.ndarray]],
    lengths: Iterable[int],
) -> RunDrift:
    """Measure the drift on B strings of each of L lengths; the report's numbers are then [L, B].

    The strings of a length are made when it is their turn.
    """

    def work(length: int) -> list[RunDrift]:
        return [measure_run(model, precision, reading, symbols) for symbols in make(length)]

    runs = work_through(work, [(int(length),) for length in lengths])
    return RunDrift(*np.moveaxis(np.array(runs, np.float64), 2, 0))


def _read_states(
    model: Model, precision: str, reading: StateCount, symbols: np.ndarray
) -> Iterator[tuple[int, np.ndarray, np.ndarray]]:
    """Yield where each block of steps begins, the counts read there, and the verdicts."""
    units, names = model.spec.units, model.cell.names
    first = names.index(reading.internal) * units
    size, moment = max(1024, _BLOCK // (len(names) * units)), None
    for start in range(0, symbols.size, size):
        done = follow(model, precision, symbols[start : start + size], moment)
        rows, moment = done.rows, done.end
        with np.errstate(invalid="ignore", over="ignore"):  # an overflow reads as no number
            values = rows[1:, first : first + units] @ reading.direction + reading.offset
        yield start, values, done.logits >= 0


def _read_closings(
    model: Model, precision: str, symbols: np.ndarray
) -> Iterator[tuple[int, np.ndarray, np.ndarray]]:
    if symbols.size > WHOLE:
        raise ValueError(
            f"a length of {symbols.size:,} came; closes-left counts are taken up to {WHOLE:,}"
        )
    string = np.where(symbols, b")", b"(").tobytes().decode("ascii")
    done = trace(model, string, precision)
    yield 0, measure_closings(done).total, done.verdicts


def _find_mistake(verdicts: np.ndarray, counts: np.ndarray) -> tuple[int, int]:
    """Return the first step with a wrong verdict, and of which kind it is."""
    closes = verdicts[:, _CLOSER]
    strange = ~verdicts[:, 1 - _CLOSER]  # an opening may always come
    wrong = strange | (closes != (counts > 0))
    at = int(wrong.argmax())
    if not wrong[at]:
        return 0, NONE
    if strange[at]:
        return at, OTHER
    return at, STUCK_OPEN if closes[at] else EARLY_ZERO
