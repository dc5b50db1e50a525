"""Between which limits a gate must stay, whatever the string: its worst and its best case.

A gate hears of the past through the hidden state alone, and a bounded hidden state cannot move it
by more than its recurrent weights allow (El-Naggar, Madhyastha, Weyde 2022, arXiv 2211.16429).
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from countviz.analysis.count.stack_reading import bound_reading, read_weights
from countviz.analysis.saturation.saturation_zones import SQUASHING
from countviz.arithmetic.precision import find_precision
from countviz.models import Model

Limits = tuple[float | np.ndarray, float | np.ndarray]
_OPERATIONS = 4  # in a pre-activation, besides one for every number that is summed up


@dataclass(frozen=True, eq=False, kw_only=True)
class GateBounds:
    """The limits of the pre-activations over all hidden states that the cell can reach.

    Attributes
    ----------
    low, high
        [G, V, H]: no string brings a gate of a unit below or above them at a symbol; infinite
        where the hidden state itself has no limit.

    """

    low: np.ndarray
    high: np.ndarray


def bound_gates(model: Model, precision: str = "float64") -> GateBounds:
    """Bound every gate of every unit at every symbol, over all hidden states there can be.

    The limits are those of the weights rounded to the precision, and leave room for what rounding
    adds at a step. Where one gate acts inside another, as the reset gate of a GRU does, the limits
    of the first bound the second.
    """
    cell, packed = model.cell, model.pack(precision)
    inputs, bias = (array.astype(np.float64) for array in (packed.inputs, packed.bias))
    limits: dict[str, Limits] = {one.name: one.bounds for one in cell.internals}
    weights, ends = _list_terms(model, precision, limits[cell.names[-1]])
    recurrent, sizes = _bound_sum(weights, ends, bias)
    rounding = (len(weights) + _OPERATIONS) * 2.0 ** -find_precision(precision).digits

    def by_gate(array: np.ndarray) -> np.ndarray:
        """Return what all symbols have in common, or each its own, as [G, V, H]."""
        shape = len(inputs), len(cell.gates), model.spec.units
        return np.broadcast_to(array, inputs.shape).reshape(shape).swapaxes(0, 1)

    fed, *recurrent = map(by_gate, (inputs, *recurrent))
    below, above = (rounding * by_gate(abs(inputs) + size) for size in sizes)
    for _ in range(2):  # the second time with the limits of the gates that act inside others
        low, high = _bound_once(model, fed, recurrent, limits)
        low, high = low - below, high + above
        limits |= _squash(model, low, high)
    low.flags.writeable = high.flags.writeable = False
    return GateBounds(low=low, high=high)


def _list_terms(
    model: Model, precision: str, hidden: tuple[float, float]
) -> tuple[np.ndarray, tuple[np.ndarray, np.ndarray]]:
    """Return the weights [M, G H] of all that is heard of the past, and its two limits [M, 1].

    That is the hidden state and, with a memory, what is read of it: beside the hidden state, or
    added to it, which moves the limits of the hidden state apart.
    """
    recurrent = model.pack(precision).recurrent.astype(np.float64)
    low, high = (np.full((len(recurrent), 1), end) for end in hidden)
    if model.spec.memory is None:
        return recurrent, (low, high)
    weights, limits = read_weights(model), bound_reading(model)
    weights = find_precision(precision).round(weights).astype(np.float64)
    if model.spec.memory.reads == "hidden":
        ends = np.stack([weights * end for end in limits])
        added = (ends.min(axis=0).sum(axis=1), ends.max(axis=0).sum(axis=1))
        return recurrent, (low + added[0][:, np.newaxis], high + added[1][:, np.newaxis])
    read = (np.full((weights.shape[1], 1), end) for end in limits)
    low, high = (np.concatenate(ends) for ends in zip((low, high), read, strict=True))
    return np.concatenate([recurrent, weights.T]), (low, high)


def _bound_sum(
    weights: np.ndarray, ends: tuple[np.ndarray, np.ndarray], bias: np.ndarray
) -> tuple[list[np.ndarray], list[np.ndarray]]:
    """Return the two limits [G H] of a sum of weighted terms and a bias, and its terms' size.

    Rounding keeps the order of what it rounds, so a limit is missed by no more than what rounding
    adds where it is reached.
    """
    idle = weights == 0  # also of a state without limit
    with np.errstate(invalid="ignore"):
        products = [np.where(idle, 0.0, weights * end) for end in ends]
    ordered = [pick(*products) for pick in (np.minimum, np.maximum)]
    limits = [one.sum(axis=0) + bias for one in ordered]
    return limits, [abs(one).sum(axis=0) + abs(bias) for one in ordered]


def _bound_once(
    model: Model, fed: np.ndarray, recurrent: list[np.ndarray], limits: Mapping[str, Limits]
) -> tuple[np.ndarray, np.ndarray]:
    """Return the least and the largest pre-activations [G, V, H].

    A pre-activation changes in proportion to its recurrent part and to the gate that acts on it,
    so that its extremes lie where each of the two is at one of its ends.
    """
    corners = [
        np.stack(
            model.cell.pre_activations(fed, part, {name: one[end] for name, one in limits.items()})
        )
        for part in recurrent
        for end in (0, 1)
    ]
    return np.min(corners, axis=0), np.max(corners, axis=0)


def _squash(model: Model, low: np.ndarray, high: np.ndarray) -> dict[str, Limits]:
    """Return between which values the gates lie whose pre-activations lie between limits."""
    ends = {
        "sigmoid": lambda z: np.exp(-np.logaddexp(0, -z)),
        "tanh": np.tanh,
    }
    return {
        gate: (ends[squash](low[k]), ends[squash](high[k]))
        for k, (gate, squash) in enumerate(model.cell.squashed.items())
        if squash in SQUASHING
    }
