"""Every weight of a one-unit model under a short code, and models with some of them changed.

A code is a gate's letter and what it weighs: the place of a symbol in the alphabet, ``h`` for the
hidden state or ``b`` for the bias, as in ``f0``, ``fh``, ``fb``; of the read-out ``y``, a symbol's
place and ``w`` or ``b``, as in ``y1w``. Where PyTorch's two biases only act together they are one
here; in a GRU they do not, and the recurrent one is ``r``, as in ``nr``.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from countviz.cells.base import add_parts
from countviz.models import Model

LARGEST = 1_000_000.0
READ_OUT = "y"
CHANGED = ", changed"  # behind the name of a model whose weights were changed


class BadChange(ValueError):
    """A change of weights that cannot be made; the sentence says why."""


@dataclass(frozen=True, kw_only=True)
class Weight:
    """One weight of a one-unit model.

    Attributes
    ----------
    code, group
        What it is called, and the gate's letter, or ``y`` for the read-out.
    name
        What it weighs, in words.
    value
        What it is.

    """

    code: str
    group: str
    name: str
    value: float


def list_weights(model: Model) -> tuple[Weight, ...]:
    """Return every weight of a one-unit model, gate by gate; the read-out comes last."""
    _refuse_several(model)
    parts = {name: array.astype(np.float64) for name, array in model.parameters.items()}
    biases, recurrent = parts["rnn.bias_ih_l0"], parts["rnn.bias_hh_l0"]
    together = _act_together(model)
    symbols = [f"on “{symbol}”" for symbol in model.language.alphabet]
    listed = []
    for k, gate in enumerate(model.cell.gates):
        inputs = parts["rnn.weight_ih_l0"][k]
        named = [*zip(map(str, range(inputs.size)), symbols, inputs, strict=True)]
        named.append(("h", "recurrent", parts["rnn.weight_hh_l0"][k, 0]))
        named.append(("b", "bias", biases[k] + recurrent[k] * together))
        named += [] if together else [("r", "recurrent bias", recurrent[k])]
        listed += [(gate, f"{gate}{code}", name, value) for code, name, value in named]
    for v, symbol in enumerate(model.language.alphabet):
        weight, bias = parts["readout.weight"][v, 0], parts["readout.bias"][v]
        listed.append((READ_OUT, f"{READ_OUT}{v}w", f"weight, for “{symbol}”", weight))
        listed.append((READ_OUT, f"{READ_OUT}{v}b", f"bias, for “{symbol}”", bias))
    return tuple(
        Weight(code=code, group=group, name=name, value=float(value))
        for group, code, name, value in listed
    )


def name_groups(model: Model) -> dict[str, str]:
    """Return the groups of a one-unit model's weights, with a name each."""
    meanings = {one.name: one.meaning for one in model.cell.internals}
    gates = {gate: f"{meanings[gate].removesuffix(' gate')} {gate}" for gate in model.cell.gates}
    gates = gates if len(gates) > 1 else dict.fromkeys(gates, "unit")
    return {**gates, READ_OUT: "read-out"}


def change_weights(model: Model, changes: Mapping[str, float]) -> Model:
    """Return a one-unit model with some weights changed, each by its code; no recipe made it.

    Raises
    ------
    BadChange
        If the model has several units, a code names no weight of it, or a value is not finite or
        beyond ±1,000,000.

    """
    weights = {one.code for one in list_weights(model)}
    arrays = {name: array.astype(np.float64) for name, array in model.parameters.items()}
    for code, value in changes.items():
        if code not in weights:
            there = ", ".join(one.code for one in list_weights(model))
            raise BadChange(f"{model.name} has no weight {code[:20]!r}; there are: {there}")
        if not (math.isfinite(value) and abs(value) <= LARGEST):
            raise BadChange(f"{code} cannot be {value:g}; a number within ±{LARGEST:,.0f} can")
        name, place = _find_place(model, code)
        arrays[name][place] = value
        if name == "rnn.bias_ih_l0" and _act_together(model):
            arrays["rnn.bias_hh_l0"][place] = 0
    spec = model.spec.model_copy(update={"recipe": None})
    name = model.name.removesuffix(CHANGED) + CHANGED
    return Model(name=name, spec=spec, parameters=arrays)


def find_changes(before: Model, after: Model) -> dict[str, float]:
    """Return what has to be changed in one one-unit model to have another of its kind."""
    old = {one.code: one.value for one in list_weights(before)}
    return {one.code: one.value for one in list_weights(after) if one.value != old[one.code]}


def _find_place(model: Model, code: str) -> tuple[str, tuple[int, ...]]:
    """Return which parameter a code names, and where in it."""
    if code.startswith(READ_OUT):
        v = int(code[1:-1])
        return ("readout.weight", (v, 0)) if code.endswith("w") else ("readout.bias", (v,))
    k, what = model.cell.gates.index(code[0]), code[1:]
    if what in "br":
        return ("rnn.bias_ih_l0" if what == "b" else "rnn.bias_hh_l0"), (k,)
    return ("rnn.weight_hh_l0", (k, 0)) if what == "h" else ("rnn.weight_ih_l0", (k, int(what)))


def _act_together(model: Model) -> bool:
    """Say whether the gates add both biases, so that only their sum tells."""
    return model.cell.pre_activations is add_parts


def has_sliders(model: Model) -> bool:
    """Say whether the weights of a model can be changed one by one."""
    return model.spec.units == 1 and model.spec.memory is None


def _refuse_several(model: Model) -> None:
    if model.spec.memory is not None:
        raise BadChange(f"{model.name} has a memory; weights are changed one by one without one")
    if model.spec.units != 1:
        raise BadChange(
            f"{model.name} has {model.spec.units} units; the weights of a model of one unit can be "
            "changed one by one"
        )
