"""The conditions under which a unit counts exactly, cell by cell, each with what is missing.

An LSTM's unit counts if it forgets nothing, takes every bracket in full and moves by a step that
is the same whatever came before (Weiss, Goldberg, Yahav 2018, arXiv 1805.04908). A rectified and a
linear unit count if they keep the state as it is and add and take away the same (El-Naggar,
Madhyastha, Weyde 2023, arXiv 2304.03639; El-Naggar et al. 2023, PMLR 217). Every condition is
judged for all hidden states that can be reached, in the arithmetic of the precision: if all hold,
no operation rounds, and the count is exact.
"""

import math
from collections.abc import Callable, Iterator
from fractions import Fraction

import numpy as np

from countviz.analysis.saturation.saturation_bounds import bound_gates
from countviz.analysis.saturation.saturation_zones import find_lack, find_thresholds
from countviz.analysis.weights.condition import Condition, make_condition
from countviz.arithmetic.precision import find_precision
from countviz.languages.text import COMMAND_LIMIT
from countviz.models import Model
from countviz.traces import run

_SYMBOLS = "“(”", "“)”"


def list_conditions(model: Model, precision: str) -> tuple[Condition, ...]:
    """Return the conditions of every unit of a Dyck-1 counter; none for a cell that has none."""
    make = _LISTS.get(model.spec.cell)
    if make is None:
        return ()
    units = range(model.spec.units)
    alone = list(_judge_read_out(model, precision)) if model.spec.units == 1 else []
    return (*(one for unit in units for one in make(model, precision, unit)), *alone)


def _judge_lstm(model: Model, precision: str, unit: int) -> Iterator[Condition]:
    bounds, ends = bound_gates(model, precision), find_thresholds("lstm", precision)
    gates = model.cell.gates
    for key, gate in (("forget", "f"), ("input", "i")):
        k = gates.index(gate)
        yield _judge_gate(key, unit, bounds.low[k, :, unit], ends[k])
    k = gates.index("g")
    steps = _find_steps(model, precision, unit)
    size = (abs(steps[0]) + abs(steps[1])) / 2
    sum_ = abs(steps[0] + steps[1]) / size if size else 2.0
    yield make_condition(
        "opposite",
        unit,
        met=size > 0 and steps[0] == -steps[1],
        value=float(sum_),
        residual=float(sum_),
        where=f"({steps[0]:+.4g} and {steps[1]:+.4g})".replace("-", "\N{MINUS SIGN}"),
    )
    column = k * model.spec.units + unit
    unseen = not model.pack(precision).recurrent[:, column].any()
    limits = bounds.low[k, :, unit], bounds.high[k, :, unit]
    yield _judge_steadiness(unit, limits, ends[k], size, unseen=unseen)
    yield _judge_rounding(unit, precision, size, steps)
    k = gates.index("o")
    yield _judge_gate("output", unit, bounds.low[k, :, unit], ends[k])


def _judge_gate(key: str, unit: int, low: np.ndarray, end: float) -> Condition:
    """Judge whether a gate stays beyond the point from which on it is exactly 1."""
    worst = int(low.argmin())
    z = float(low[worst])
    met, lack = z >= end, find_lack(z, "sigmoid")
    return make_condition(
        key,
        unit,
        met=met,
        ideal=1.0,
        value=1.0 if met else 1 - lack,
        residual=lack,
        margin=z - end,
        where=f"at worst, on {_SYMBOLS[worst] if np.ptp(low) else 'both brackets'}",
    )


def _find_steps(model: Model, precision: str, unit: int) -> tuple[float, float]:
    """Return an LSTM's candidates on ( and ), as the precision has them where nothing came yet."""
    place = model.cell.names.index("g") * model.spec.units + unit
    rows = (run(model, precision, np.array([symbol]))[0] for symbol in (0, 1))
    return tuple(float(one[1, place]) for one in rows)


def _judge_steadiness(
    unit: int, limits: tuple[np.ndarray, np.ndarray], end: float, size: float, *, unseen: bool
) -> Condition:
    """Judge whether the candidate is the same for all hidden states; [V] limits of its z.

    So it is if it sees no hidden state, or if it is saturated whatever it sees.
    """
    low, high = limits
    nearest = np.where(low * high > 0, np.minimum(abs(low), abs(high)), 0.0)
    swing = np.tanh(high) - np.tanh(low)
    worst = int(swing.argmax())
    share = 0.0 if unseen else float(swing[worst] / size) if size else 2.0
    return make_condition(
        "steady",
        unit,
        met=unseen or bool((nearest >= end).all()),
        value=share,
        residual=share,
        margin=None if unseen else float(nearest.min() - end),
        where=f"of a step at worst, on {_SYMBOLS[worst]}",
    )


def _judge_rounding(
    unit: int, precision: str, size: float, parts: tuple[float, ...], slack: float = 0.0
) -> Condition:
    """Judge whether the multiples of a step up to the longest string are numbers of the precision.

    All that is added is a multiple of a power of two; so are all sums, and of those the precision
    has every one up to 2^p times that power.
    """
    digits = find_precision(precision).digits
    grid = min((_lowest_bit(part) for part in parts if part), default=Fraction(0))
    room = _largest_exact(precision, grid) - Fraction(slack)
    exact_to = int(max(room, Fraction(0)) / Fraction(size)) if size else 0
    lost = 2.0 ** (math.floor(math.log2(COMMAND_LIMIT * size)) - digits) / size if size else 1.0
    return make_condition(
        "round",
        unit,
        met=exact_to >= COMMAND_LIMIT,
        ideal=float(COMMAND_LIMIT),
        value=float(exact_to),
        residual=min(lost, 1.0),
        margin=float(exact_to - COMMAND_LIMIT),
        where=f"of a step at each symbol; exact up to {exact_to:,}",
    )


def _lowest_bit(value: float) -> Fraction:
    exact = Fraction(value)
    return Fraction(exact.numerator & -exact.numerator, exact.denominator)


def _largest_exact(precision: str, grid: Fraction) -> Fraction:
    """Return up to where a precision has every multiple of a power of two."""
    kind = find_precision(precision)
    limit = grid * 2**kind.digits
    while limit and not np.isfinite(kind.round(np.float64(limit))):
        limit /= 2
    return limit


def _judge_adder(model: Model, precision: str, unit: int) -> Iterator[Condition]:
    packed, units = model.pack(precision), model.spec.units
    kept, bias = float(packed.recurrent[unit, unit]), float(packed.bias[unit])
    fed = [float(one) for one in packed.inputs[:, unit]]
    up, down = (Fraction(one) + Fraction(bias) for one in fed)
    yield make_condition(
        "kept",
        unit,
        met=kept == 1,
        ideal=1.0,
        value=kept,
        residual=abs(1 - kept),
    )
    if units > 1:
        others = float(abs(np.delete(packed.recurrent[:, unit], unit)).max())
        yield make_condition("alone", unit, met=others == 0, value=others, residual=others)
    size = max(abs(up), abs(down))
    off = float((up + down) / size) if size else 2.0
    yield make_condition(
        "opposite",
        unit,
        met=size > 0 and up == -down,
        value=off,
        residual=abs(off),
        where=f"of a step ({float(up):+.5g} and {float(down):+.5g})".replace("-", "\N{MINUS SIGN}"),
    )
    yield _judge_signs(unit, up, down, rectified=model.cell.squash[0] == "relu")
    slack = abs(bias) + max(map(abs, fed))
    yield _judge_rounding(unit, precision, abs(float(up)), (*fed, bias), slack)


def _judge_signs(unit: int, up: Fraction, down: Fraction, *, rectified: bool) -> Condition:
    """Judge whether ( and ) move the count apart; a rectifier only counts above 0."""
    size = max(abs(up), abs(down))
    least = min(up, -down) if rectified or up > 0 else min(-up, down)
    share = float(least / size) if size else 0.0
    return make_condition(
        "signs",
        unit,
        met=least > 0,
        ideal=1.0,
        value=share,
        residual=1.0,
        margin=share,
        where="of a step",
    )


def _judge_read_out(model: Model, precision: str) -> Iterator[Condition]:
    """Judge what a single unit's read-out says: ) from a count of 1 on, ( always."""
    packed = model.pack(precision)
    weights, biases = packed.readout[:, 0].tolist(), packed.readout_bias.tolist()
    step, kept = _find_first_count(model, precision)
    h = kept * math.tanh(step) if model.spec.cell == "lstm" else step
    logit = weights[1] * h + biases[1]
    threshold = _find_threshold(model, -biases[1], weights[1] * kept, step)
    out = not math.isfinite(threshold)
    yield make_condition(
        "threshold",
        0,
        met=biases[1] < 0 < weights[1] * h
        and logit >= 2.0 ** (4 - find_precision(precision).digits) * abs(weights[1] * h),
        ideal=0.5,
        value=threshold,
        residual=math.inf if out else max(0.0, -threshold, threshold - 1),
        margin=None if out else min(threshold, 1 - threshold),
        where="" if out else "brackets",
    )
    lowest, highest = next(one.bounds for one in model.cell.internals if one.name == "h")
    if math.isinf(lowest):  # of a linear unit the legal counts lie on one side of 0
        lowest, highest = (0.0, math.inf) if step > 0 else (-math.inf, 0.0)
    least = min(weights[0] * end if weights[0] else 0.0 for end in (lowest, highest)) + biases[0]
    yield make_condition(
        "open",
        0,
        met=least >= 0,
        value=least,
        residual=max(0.0, -least),
        margin=least,
    )


def _find_first_count(model: Model, precision: str) -> tuple[float, float]:
    """Return the counting internal at a count of 1, and the least that the output gate leaves."""
    if model.spec.cell == "lstm":
        lowest = bound_gates(model, precision).low[model.cell.gates.index("o"), :, 0].min()
        return _find_steps(model, precision, 0)[0], 1 - find_lack(float(lowest), "sigmoid")
    packed = model.pack(precision)
    step = float(packed.inputs[0, 0]) + float(packed.bias[0])
    return (max(step, 0.0) if model.cell.squash[0] == "relu" else step), 1.0


def _find_threshold(model: Model, wanted: float, weight: float, step: float) -> float:
    """Return the count, in brackets, from which on the read-out says that one is open."""
    if weight == 0 or step == 0:
        return math.inf
    h = wanted / weight
    if model.spec.cell != "lstm":
        return h / step
    return (math.atanh(h) if abs(h) < 1 else math.copysign(math.inf, h)) / step


_LISTS: dict[str, Callable[[Model, str, int], Iterator[Condition]]] = {
    "lstm": _judge_lstm,
    "relu": _judge_adder,
    "linear": _judge_adder,
}
