"""Where on its curve a gate works: in the middle, near its end, or exactly at it.

What a gate squashes is its pre-activation z. Between -2 and 2 it answers nearly linearly; far out
it is nearly on or off; and from some |z| on its format has no number left between the gate and 1,
which an exact counter needs (Weiss, Goldberg, Yahav 2018, arXiv 1805.04908). From there on a gate
that is off is off exactly as far as 1 can tell: 1 less the gate is 1.
"""

import math
from functools import lru_cache

import numpy as np

from countviz.analysis.count.stack_reading import hear
from countviz.arithmetic.precision import find_precision
from countviz.models import MOST_UNITS, Model, Spec
from countviz.traces import WHOLE, Trace, run
from countviz.words import in_powers

LINEAR = 2.0  # up to this |z| a gate answers nearly linearly
ZONES = ("linear", "nearly on or off", "exactly on or off", "clipped at zero")
SQUASHING = ("sigmoid", "tanh")  # what has ends to be saturated at
_FARTHEST = 64.0  # at this |z| every format is saturated


@lru_cache(maxsize=32)
def find_thresholds(cell: str, precision: str) -> tuple[float, ...]:
    """Return, for each gate of a cell, the smallest z from which on it is exactly 1.

    The cell's own arithmetic answers: units without weights, whose biases are z, read one symbol.
    What has no such end, as a rectifier, has infinity.
    """
    squashed = Model(name=cell, spec=Spec(language="dyck1", cell=cell), parameters=_biases(cell, 0))
    return tuple(
        _bisect(squashed.spec.cell, gate, precision) if squash in SQUASHING else math.inf
        for gate, squash in squashed.cell.squashed.items()
    )


def _biases(cell: str, z: float | np.ndarray, units: int = 1) -> dict[str, np.ndarray]:
    """Return the parameters of units that do nothing but squash z [H]."""
    shapes = Spec(language="dyck1", cell=cell, units=units).parameter_shapes()
    parameters = {name: np.zeros(shape) for name, shape in shapes.items()}
    gates = parameters["rnn.bias_ih_l0"].reshape(-1, units)
    gates[:] = z
    return parameters


def _bisect(cell: str, gate: str, precision: str) -> float:
    """Narrow down from which z on a gate is 1, with as many units as a model may have."""
    spec = Spec(language="dyck1", cell=cell, units=MOST_UNITS)
    low, high = 0.0, _FARTHEST
    while True:
        tried = find_precision(precision).round(np.linspace(low, high, MOST_UNITS))
        model = Model(name=cell, spec=spec, parameters=_biases(cell, tried, MOST_UNITS))
        rows, _ = run(model, precision, np.zeros(1, np.int64))
        place = model.cell.names.index(gate) * MOST_UNITS
        last_below = int(np.flatnonzero(rows[1, place : place + MOST_UNITS] != 1)[-1])
        found = float(tried[last_below]), float(tried[last_below + 1])
        if found == (low, high):
            return high
        low, high = found


@lru_cache(maxsize=2)  # a trace is asked for several reports, one after the other
def find_pre_activations(trace: Trace) -> np.ndarray:
    """Return what every gate squashes at every symbol, [T, G, H], of a trace of up to 20,000.

    It is that of the trace's own precision, to the last digit or two: only compiled code rounds
    after every single operation.
    """
    if len(trace.string) > WHOLE:
        raise ValueError(
            f"this string has {len(trace.string):,} symbols; gates are measured up to {WHOLE:,}"
        )
    symbols, whole = trace.model.language.encode(trace.string), trace.whole
    reading = whole.memory.get("reading")
    reading = reading if reading is None else reading.reshape(symbols.size, -1)
    return pre_activate(trace.model, trace.precision, symbols, whole.rows, reading)


def pre_activate(
    model: Model,
    precision: str,
    symbols: np.ndarray,
    rows: np.ndarray,
    reading: np.ndarray | None = None,
) -> np.ndarray:
    """Return what every gate squashes, [T, G, H].

    Parameters
    ----------
    model, precision, symbols
        What ran, and on which T symbols.
    rows
        [T + 1, N H], as ``runs.follow`` returns them.
    reading
        [T, L]: what was read of the memory before each symbol; None for a cell without one.

    """
    cell, units, packed = model.cell, model.spec.units, model.pack(precision)
    to, steps = find_precision(precision).round, symbols.size
    shape = steps, len(cell.gates), units
    by_name = rows[1:].reshape(steps, len(cell.internals), units)
    internals = {name: by_name[:, k] for k, name in enumerate(cell.names)}
    hidden = rows[:-1, -units:].astype(np.float64)
    hidden, read = hear(model, precision, hidden, reading)
    with np.errstate(invalid="ignore", over="ignore"):  # a state may have overflowed
        recurrent = to(hidden @ packed.recurrent.astype(np.float64) + packed.bias).reshape(shape)
        fed = (packed.inputs[symbols] + read).reshape(shape)
        gates = range(len(cell.gates))
        a, r = tuple(fed[:, k] for k in gates), tuple(recurrent[:, k] for k in gates)
        found = to(np.stack(cell.pre_activations(a, r, internals), axis=1))
    found.flags.writeable = False
    return found


def find_zones(z: np.ndarray, squash: str, threshold: float) -> np.ndarray:
    """Return the place in ``ZONES`` of every pre-activation; -1 for what is not a number."""
    size = abs(z)
    if squash == "relu":
        zones = np.where(z > 0, 0, 3)
    elif squash == "identity":
        zones = np.zeros(z.shape, np.int64)
    else:
        zones = np.where(size < LINEAR, 0, np.where(size < threshold, 1, 2))
    return np.where(np.isnan(z), -1, zones)


def count_nines(z: np.ndarray, squash: str) -> np.ndarray:
    """Return -log10 of what a gate lacks to 1, computed from z so that no digit is lost.

    99 % is 2, 99.9 % is 3; for a tanh it is that of its size. What has no end at 1 has nan.

    >>> count_nines(np.array([0.0, 6.9067]), "sigmoid").round(3).tolist()
    [0.301, 3.0]
    """
    with np.errstate(invalid="ignore"):
        if squash == "sigmoid":
            return np.logaddexp(0, z) / math.log(10)
        if squash == "tanh":
            return (np.logaddexp(0, 2 * abs(z)) - math.log(2)) / math.log(10)
    return np.full(np.shape(z), np.nan)


def say_gate(z: float, squash: str, threshold: float) -> str:
    """Return in words how far on a gate is, with all digits that tell.

    >>> say_gate(12.0, "sigmoid", 37), say_gate(-12.0, "sigmoid", 17), say_gate(-3, "tanh", 9)
    ('99.9994 %', '0.00061 %', '\N{MINUS SIGN}99.51 %')
    """
    if not math.isfinite(z) or squash == "identity":
        return f"{z:.3g}".replace("-", "\N{MINUS SIGN}")
    if squash == "relu":
        return f"{z:.3g}" if z > 0 else "clipped at zero"
    if squash == "tanh":
        return _say_tanh(z, threshold)
    if abs(z) >= threshold:
        return "exactly on" if z > 0 else "exactly off"
    missing = find_lack(abs(z), squash)
    return say_share_but(missing) if z > 0 else say_share(missing)


def _say_tanh(z: float, threshold: float) -> str:
    sign = "+" if z > 0 else "\N{MINUS SIGN}"
    if abs(z) >= threshold:
        return f"exactly {sign}1"
    size = say_share_but(find_lack(z, "tanh"))
    return f"{sign}({size})" if " \N{MINUS SIGN} " in size else sign * (size != "0 %") + size


def find_lack(z: float, squash: str) -> float:
    """Return what a gate lacks to 1, computed from z so that no digit is lost."""
    return 10 ** -float(count_nines(np.float64(z), squash))


def say_share(share: float) -> str:
    """Return a small share in per cent, or as a power of ten where that has too many zeros.

    >>> say_share(0.076), say_share(0.0002), say_share(3e-12)
    ('7.6 %', '0.02 %', '3·10⁻¹²')
    """
    if share < 1e-8:
        return in_powers(share)
    decimals = max(0, 1 - math.floor(math.log10(100 * share)))
    text = f"{100 * share:.{decimals}f}"
    return f"{text.rstrip('0').rstrip('.') if '.' in text else text} %"


def say_share_but(missing: float) -> str:
    """Return what is left of a whole that lacks a share, with all digits that tell.

    >>> say_share_but(6.1e-6), say_share_but(0.0058), say_share_but(0.25), say_share_but(2e-11)
    ('99.9994 %', '99.42 %', '75 %', '1 \N{MINUS SIGN} 2·10⁻¹¹')
    """
    if missing < 1e-8:
        return f"1 \N{MINUS SIGN} {in_powers(missing)}"
    size = 100 * missing
    decimals = max(0, math.ceil(-math.log10(size)) + (size >= 0.1))
    return f"{100 - size:.{decimals}f} %"
