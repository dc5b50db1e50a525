"""The numbers that went into a step: gates with what they squash, weights, the state before."""

from dataclasses import dataclass

import numpy as np

from countviz.analysis.count.stack_reading import hear
from countviz.analysis.why.digits import in_digits
from countviz.analysis.why.equations import EQUATIONS
from countviz.traces import Trace, Window

_SQUASH = {
    "sigmoid": "\N{GREEK SMALL LETTER SIGMA}({})",
    "tanh": "tanh({})",
    "relu": "max(0, {})",
    "identity": "{}",
}


@dataclass(frozen=True, kw_only=True)
class Quantity:
    """A number of a step: its letter, what it means, and what was squashed to give it, if any."""

    name: str
    meaning: str
    value: float
    squash: str | None = None
    pre_activation: float | None = None

    def in_words(self) -> str:
        """Return the number, after what it was made of."""
        if self.squash is None or self.pre_activation is None:
            return in_digits(self.value)
        inside = _SQUASH.get(self.squash, "{}").format(in_digits(self.pre_activation))
        return f"{inside} = {in_digits(self.value)}"


def list_quantities(trace: Trace, window: Window, unit: int) -> tuple[Quantity, ...]:
    """Return the gates of a unit, with what they squash, and its state before the step."""
    cell, units = trace.model.cell, trace.model.spec.units
    meanings = {one.name: one.meaning for one in cell.internals}
    squashed = _find_squashed(trace, window)
    if len(cell.gates) == 1:
        fed, back, weight, read = _feed_one(trace, window, unit)
        listed = [Quantity(name="w", meaning="the symbol feeds", value=fed)]
        if trace.model.spec.memory is not None:
            listed.append(Quantity(name="s", meaning="the stacks feed", value=read))
        if units > 1:
            return (*listed, Quantity(name="r", meaning="the units feed back", value=back))
        listed.append(Quantity(name="u", meaning="recurrent weight", value=weight))
    else:
        listed = [
            Quantity(
                name=gate,
                meaning=meanings[gate],
                value=float(window.internals[gate][0, unit]),
                squash=squash,
                pre_activation=float(squashed[k][unit]),
            )
            for k, (gate, squash) in enumerate(cell.squashed.items())
        ]
    place = cell.names.index(cell.counter)
    start = float(window.rows[0, place * units + unit])
    name = f"{meanings[cell.counter]} before"
    return (*listed, Quantity(name=cell.counter, meaning=name, value=start))


def _find_squashed(trace: Trace, window: Window) -> tuple[np.ndarray, ...]:
    """Return the pre-activations [H] of each gate at the first step of a window."""
    cell, units = trace.model.cell, trace.model.spec.units
    packed = trace.model.pack(trace.precision)
    symbol = int(trace.model.language.encode(trace.string[window.start])[0])
    hidden = np.asarray(window.rows[0, -units:], np.float64)
    hidden, read = hear(trace.model, trace.precision, hidden, _read_before(window))
    with np.errstate(all="ignore"):  # a state that overflowed
        back = hidden @ np.asarray(packed.recurrent, np.float64) + packed.bias
    gates, fed = len(cell.gates), packed.inputs[symbol] + read
    parts = (np.split(np.asarray(one, np.float64), gates) for one in (fed, back))
    return cell.pre_activations(*parts, {name: one[0] for name, one in window.internals.items()})


def _read_before(window: Window) -> np.ndarray | None:
    """Return what was read of the memory [L] at the first step of a window; None without one."""
    reading = window.memory.get("reading")
    return None if reading is None else reading[0].ravel()


def _feed_one(trace: Trace, window: Window, unit: int) -> tuple[float, float, float, float]:
    """Return what feeds a unit of a cell with one gate.

    That is the symbol with the biases, the state, the recurrent weight, and what is read.
    """
    packed, units = trace.model.pack(trace.precision), trace.model.spec.units
    symbol = int(trace.model.language.encode(trace.string[window.start])[0])
    fed = float(packed.inputs[symbol, unit]) + float(packed.bias[unit])
    hidden = np.asarray(window.rows[0, -units:], np.float64)
    heard, read = hear(trace.model, trace.precision, hidden, _read_before(window))
    weights = np.asarray(packed.recurrent[:, unit], np.float64)
    with np.errstate(all="ignore"):
        back, more = float(hidden @ weights), float((heard - hidden) @ weights)
    return fed, back, float(packed.recurrent[0, unit]), more + float(read[unit])


def write_equation(trace: Trace, window: Window, unit: int) -> tuple[str, str] | None:
    """Return the equation of the counting internal in letters and in numbers."""
    cell, units = trace.model.cell, trace.model.spec.units
    if cell.name not in EQUATIONS:
        return None
    equation = EQUATIONS[cell.name]
    values = {one.name: in_digits(one.value) for one in list_quantities(trace, window, unit)}
    return equation.write(units), equation.write(units, values)
