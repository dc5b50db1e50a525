"""The causes for which a counter loses the count, each with the evidence that it rests on."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from countviz.analysis.count.fine_closing import refine_at
from countviz.analysis.count.read_out import ReadOut, in_percent
from countviz.analysis.why.digits import in_digits
from countviz.analysis.why.equations import EQUATIONS
from countviz.analysis.why.no_return import NoReturn
from countviz.traces import Trace
from countviz.words import count_nouns, in_powers, join_words, signed

CAUSES = (
    "overflow",
    "dead unit",
    "precision",
    "threshold",
    "clipped at zero",
    "bounded state",
    "unsaturated gate",
    "leak",
    "gain",
    "asymmetry",
    "none",
)
_SHRUNK = 0.5  # a step of less than this share of the first has become small


@dataclass(frozen=True, kw_only=True)
class Finding:
    """A line of a diagnosis: a title, what was measured, and the cause it names, if any."""

    title: str
    text: str
    cause: str = ""


@dataclass(frozen=True, eq=False, kw_only=True)
class Case:
    """What a cause is looked for in.

    Attributes
    ----------
    trace, lost, table
        What the model did, when the count was lost, and what a step does to it.
    failures
        The first mistake by number format, from 0.
    noun
        What a symbol is called.

    """

    trace: Trace
    lost: NoReturn
    table: ReadOut
    failures: Mapping[str, int | None]
    noun: str

    @cached_property
    def counter(self) -> np.ndarray:
        """[T, H]: the counting internal."""
        return self.trace.whole.internals[self.trace.model.cell.counter].astype(np.float64)

    @cached_property
    def error(self) -> float:
        """How far the closes-left count is from the truth at the point of no return; nan: never."""
        at, counter = self.lost.position, self.lost.counter
        if at is None:
            return 0.0
        closings = self.trace.reading.closings
        _, value = refine_at(self.trace, at, counter, 1_000 + 2 * int(closings.max()))
        return value - int(closings[at, counter])

    @cached_property
    def end(self) -> int:
        """How many symbols lead to the loss; all legal ones without one."""
        at = self.lost.position
        return self.trace.reading.legal if at is None else at + 1

    @cached_property
    def counts(self) -> np.ndarray:
        """[end + 1]: the true count over all counters, before the string and after each symbol."""
        return np.append(0, self.trace.reading.closings[: self.end].sum(axis=1))


def find_cause(case: Case) -> Finding:
    """Return the first cause whose evidence is there."""
    if case.lost.position is None:
        return _find_nothing(case)
    return next(found for look in _CAUSES if (found := look(case)) is not None)


def _find_nothing(case: Case) -> Finding:
    table = case.table
    if not case.trace.reading.legal:
        why = f"The first {case.noun} is illegal" if case.trace.string else "The string is empty"
        text = f"{why}: nothing was counted."
        return Finding(title="Nothing to diagnose", text=text, cause="none")
    if max(abs(table.leak), abs(table.asymmetry)) < 1e-9:
        text = "Openings and closings are equal and opposite, and nothing leaks."
        return Finding(title="Exact steps", text=text, cause="none")
    does = "leaks" if table.leak > 0 else "gains"
    text = (
        f"A step {does} {_percent(table.leak)} and is {_percent(table.asymmetry)} lopsided: "
        "too little to lose the count on this string."
    )
    return Finding(title="Never lost", text=text, cause="none")


def _look_for_overflow(case: Case) -> Finding | None:
    wild = ~np.isfinite(case.counter[: case.end]).all(axis=1)
    if not wild.any():
        return None
    name, at = case.trace.model.cell.counter, int(wild.argmax()) + 1
    text = f"{name} grows beyond what {case.trace.precision} can hold at {case.noun} {at:,}."
    return Finding(title="Overflow", text=text, cause="overflow")


def _look_for_death(case: Case) -> Finding | None:
    if not case.table.dead:
        return None
    name = case.trace.model.cell.counter
    text = f"No symbol moves {name}: it stays at {in_digits(float(case.counter[0, 0]))}."
    return Finding(title="Dead unit", text=text, cause="dead unit")


def _look_for_rounding(case: Case) -> Finding | None:
    precision = case.trace.precision
    if case.trace.first_failure is None or case.failures["float64"] is not None:
        return None
    text = f"The same weights make no mistake here in float64, and their first in {precision} at "
    text += f"{case.trace.first_failure + 1:,}."
    return Finding(title="Precision", text=text, cause="precision")


def _look_at_threshold(case: Case) -> Finding | None:
    """See whether what it says changes where it should: between the readings of 0 and of 1."""
    table = case.table
    if np.isnan(table.threshold):
        text = "Whatever it reads, its verdict stays the same: zero is not told from one."
        return Finding(title="Threshold", text=text, cause="threshold")
    if min(table.margin_closed, table.margin_open) >= 0 or case.counts[-1] > 1:
        return None
    zero, one = table.threshold - table.margin_closed, table.threshold + table.margin_open
    text = (
        f"It says open from a reading of {table.threshold:.2f} {case.noun}s on; a count of 0 reads "
        f"{zero:.2f} and a count of 1 reads {one:.2f}."
    ).replace("-", "\N{MINUS SIGN}")
    return Finding(title="Threshold", text=text, cause="threshold")


def _look_for_clipping(case: Case) -> Finding | None:
    """See whether the state hit a bound at one end, with something still open."""
    cell = case.trace.model.cell
    low, high = next(one.bounds for one in cell.internals if one.name == cell.counter)
    if np.isfinite([low, high]).sum() != 1:
        return None
    bound = low if np.isfinite(low) else high
    clipped = (case.counter[: case.end] == bound).all(axis=1) & (case.counts[1:] > 0)
    if not clipped.any():
        return None
    at = int(clipped.argmax())
    still = count_nouns(int(case.counts[at + 1]), case.noun)
    text = f"{cell.counter} is cut off at {bound:g} at {case.noun} {at + 1:,}, with {still} open."
    return Finding(title="Clipped at zero", text=text, cause="clipped at zero")


def _look_at_bounds(case: Case) -> Finding | None:
    """See whether the steps have become small because the state may not grow."""
    cell = case.trace.model.cell
    bounds = next(one.bounds for one in cell.internals if one.name == cell.counter)
    ups = np.flatnonzero(np.diff(case.counts) > 0)
    if not np.isfinite(bounds).all() or ups.size < 2:
        return None
    read = np.append(0.0, case.counter[: case.end] @ _unit_direction(case))
    first, last = (float(abs(read[t + 1] - read[t])) for t in (ups[0], ups[-1]))
    if last >= _SHRUNK * first:
        return None
    low, high = map(in_digits, bounds)
    of = "its units' direction" if case.trace.model.spec.units > 1 else "it"
    text = f"{cell.counter} lives between {low} and {high}. The first {case.noun} moved {of} by "
    text += f"{in_powers(first)}, {case.noun} {ups[-1] + 1:,} by {in_powers(last)}."
    return Finding(title="Bounded state", text=text, cause="bounded state")


def _unit_direction(case: Case) -> np.ndarray:
    """Return the direction [H] in which the count is read, of length 1."""
    size = float(np.linalg.norm(case.table.direction))
    return case.table.direction / size if size else case.table.direction


def _look_at_gates(case: Case) -> Finding | None:
    """See which of the gates that make the counting internal is furthest from fully on."""
    cell, equation = case.trace.model.cell, EQUATIONS.get(case.trace.model.cell.name)
    bounds = next(one.bounds for one in cell.internals if one.name == cell.counter)
    if equation is None or np.isfinite(bounds).any():
        return None
    gates = [
        gate
        for gate, squash in cell.squashed.items()
        if squash == "sigmoid" and f"{{{gate}}}" in equation.one
    ]
    if not gates:
        return None
    off = max(gates, key=lambda gate: 1 - min(_average_gate(case, gate).values()))
    averages = _average_gate(case, off)
    if min(averages.values()) >= 1:
        return None
    meaning = next(one.meaning for one in cell.internals if one.name == off)
    said = join_words([f"{in_digits(value)} on “{symbol}”" for symbol, value in averages.items()])
    text = f"The {meaning} {off} is {said} on average, not 1. {_say_error(case)}"
    return Finding(title="Unsaturated gate", text=text, cause="unsaturated gate")


def _average_gate(case: Case, gate: str) -> dict[str, float]:
    """Return the mean of a gate over the symbols up to the loss, by symbol."""
    language, used = case.trace.model.language, np.abs(case.table.direction) > 0
    values = case.trace.whole.internals[gate][: case.end][:, used].astype(np.float64)
    symbols = language.encode(case.trace.string[: case.end])
    return {language.alphabet[v]: float(values[symbols == v].mean()) for v in np.unique(symbols)}


def _say_error(case: Case) -> str:
    """Say how far off closing all from the point of no return comes out."""
    if np.isnan(case.error):
        return "Closing all from there never ends."
    return f"Closing all from there is {signed(case.error)} of a {case.noun} off."


def _look_at_drift(case: Case) -> Finding:
    """Say whether leak, gain or asymmetry carried the count away."""
    parts = measure_drift_parts(case)
    missing = bool(case.lost.closes is not None and case.lost.closes < case.lost.true_count)
    names = ("leak" if missing else "gain", "asymmetry")
    toward = [-part if missing else part for part in parts]
    title = names[int(np.argmax(np.nan_to_num(toward, nan=-np.inf)))]
    return Finding(title=title.title(), text=_say_drift(case), cause=title)


def measure_drift_parts(case: Case) -> tuple[float, float]:
    """Return what leaking and what lopsided steps add up to, in symbols, if all is closed now.

    By the constants of a step, v' = λ v + α, over the string up to the loss and over the closers
    that would follow: (λ - 1) times the count before, and α less what the symbol should add.
    """
    rest = np.arange(case.counts[-1] - 1, -1, -1)
    counts = np.append(case.counts, rest)
    moves, before = np.diff(counts), counts[:-1]
    table, up = case.table, moves > 0
    keep = np.where(up, -table.leak_up, -table.leak_down) * before
    add = np.where(up, table.constant_up, table.constant_down) * np.abs(moves) - moves
    return float(keep[moves != 0].sum()), float(add[moves != 0].sum())


def _say_drift(case: Case) -> str:
    parts = measure_drift_parts(case)
    if not np.isfinite(parts).all():
        return f"What a step adds to the count cannot be read. {_say_error(case)}"
    table = case.table
    sizes = f"{_percent(table.leak)} and {_percent(table.asymmetry)}"
    rates = f"A step's {'leak' if table.leak > 0 else 'gain'} and asymmetry are {sizes}"
    if sum(parts) * case.error <= 0:
        why = "which does not explain it: steps change with the count"
        return f"{rates}, {why}. {_say_error(case)}"
    adds = f"adding {signed(parts[0])} and {signed(parts[1])} of a {case.noun} until all is closed"
    return f"{rates}, {adds} (estimated). {_say_error(case)}"


def _percent(share: float) -> str:
    return in_percent(share) if np.isfinite(share) else "an unknown share"


_CAUSES: tuple[Callable[[Case], Finding | None], ...] = (
    _look_for_overflow,
    _look_for_death,
    _look_for_rounding,
    _look_at_threshold,
    _look_for_clipping,
    _look_at_bounds,
    _look_at_gates,
    _look_at_drift,
)
