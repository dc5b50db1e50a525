"""Make a unit meet one condition for exact counting, and leave every other weight alone.

One after the other, in the order in which they are listed, all conditions are met in the end. Out
of that order one may have to wait: a dead unit has no threshold between two counts.
"""

import math
from collections.abc import Callable

from countviz.analysis.weights.condition import Condition
from countviz.analysis.weights.exact_conditions import list_conditions
from countviz.analysis.weights.unit_weights import BadChange, change_weights, list_weights
from countviz.arithmetic.precision import find_precision
from countviz.models import Model

_OPEN = 40.0  # a pre-activation at which a gate is exactly 1 in every precision
_SATURATED = 20.0  # and one at which a candidate is exactly ±1
_ALWAYS = 10.0  # logit of a continuation that is always allowed
_SLOPE = 20.0  # of a read-out that had none, per step
_COUNTED = 20  # binary digits that counts up to 1,000,000 take

Changes = dict[str, float]


def snap_to_exact(model: Model, condition: str | Condition, precision: str = "float64") -> Model:
    """Return a one-unit model that meets one more condition, the other weights as they were.

    Parameters
    ----------
    model
        A Dyck-1 counter of one unit.
    condition
        One of ``check_exactness(model).conditions``, or its key.
    precision
        In which number format no step shall be rounded.

    Raises
    ------
    BadChange
        If the model has no such condition.

    """
    key = condition.key if isinstance(condition, Condition) else condition
    known = list_conditions(model, precision) if model.language.name == "dyck1" else ()
    if key not in [one.key for one in known]:
        there = ", ".join(dict.fromkeys(one.key for one in known)) or "none"
        raise BadChange(f"{model.name} has no condition {key[:20]!r}; there are: {there}")
    weights = {one.code: one.value for one in list_weights(model)}
    find = (_LSTM if model.spec.cell == "lstm" else _ADDER)[key]
    return change_weights(model, find(weights, precision))


def _open_gate(gate: str) -> Callable[[Changes, str], Changes]:
    def find(weights: Changes, precision: str) -> Changes:
        return {f"{gate}0": 0.0, f"{gate}1": 0.0, f"{gate}h": 0.0, f"{gate}b": _OPEN}

    return find


def _find_steps(weights: Changes, gate: str) -> tuple[float, float]:
    return weights[f"{gate}0"] + weights[f"{gate}b"], weights[f"{gate}1"] + weights[f"{gate}b"]


def _level_steps(gate: str) -> Callable[[Changes, str], Changes]:
    """Return what gives ( and ) half of their difference each, without a bias."""

    def find(weights: Changes, precision: str) -> Changes:
        up, down = _find_steps(weights, gate)
        half = (up - down) / 2 or 1.0
        return {f"{gate}0": half, f"{gate}1": -half, f"{gate}b": 0.0}

    return find


def _saturate_candidate(weights: Changes, precision: str) -> Changes:
    """Make the candidate ±1, which is the step whose multiples every format has longest."""
    reach = _SATURATED + abs(weights["gh"])
    up, down = (math.copysign(reach, step) for step in _find_steps(weights, "g"))
    return {"g0": up, "g1": down, "gb": 0.0}


def _shorten_steps(weights: Changes, precision: str) -> Changes:
    """Round the steps to so few binary digits that their multiples need no rounding."""
    digits = max(find_precision(precision).digits - _COUNTED - 1, 1)
    up, down = (_shorten(step, digits) for step in _find_steps(weights, "h"))
    return {"h0": up, "h1": down, "hb": 0.0}


def _shorten(value: float, digits: int) -> float:
    if value == 0:
        return 0.0
    unit = 2.0 ** (math.floor(math.log2(abs(value))) - digits + 1)
    return round(value / unit) * unit


def _turn_steps(weights: Changes, precision: str) -> Changes:
    up, down = (abs(step) or 1.0 for step in _find_steps(weights, "h"))
    return {"h0": up, "h1": -down, "hb": 0.0}


def _centre_threshold(gate: str) -> Callable[[Changes, str], Changes]:
    """Return what puts the threshold for ) half-way between a count of 0 and of 1."""

    def find(weights: Changes, precision: str) -> Changes:
        step = _find_steps(weights, gate)[0]
        half, one = step / 2, step
        if gate == "g":
            half, one = math.tanh(math.tanh(step) / 2), math.tanh(math.tanh(step))
        if not one:
            return {}
        slope = weights["y1w"] if weights["y1w"] * one > 0 else _SLOPE / one
        return {"y1w": slope, "y1b": -slope * half}

    return find


def _always_open(weights: Changes, precision: str) -> Changes:
    return {"y0w": 0.0, "y0b": weights["y0b"] if weights["y0b"] > 0 else _ALWAYS}


_LSTM = {
    "forget": _open_gate("f"),
    "input": _open_gate("i"),
    "opposite": _level_steps("g"),
    "steady": lambda weights, precision: {"gh": 0.0},
    "round": _saturate_candidate,
    "output": _open_gate("o"),
    "threshold": _centre_threshold("g"),
    "open": _always_open,
}
_ADDER = {
    "kept": lambda weights, precision: {"hh": 1.0},
    "opposite": _level_steps("h"),
    "signs": _turn_steps,
    "round": _shorten_steps,
    "threshold": _centre_threshold("h"),
    "open": _always_open,
}
