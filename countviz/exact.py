"""Counters with weights set by hand: the ground truth that trained counters are held against.

Each counts Dyck-1 with one unit. The LSTM's gates are held open by a bias B, so that its cell
state moves by ±1; sigmoid(B) is exactly 1 from B = 17 on in float32 and from B = 37 on in
float64. The ReLU and the linear counter add and subtract a step (El-Naggar, Madhyastha, Weyde
2023, arXiv 2304.03639). The read-out's threshold lies half-way between a count of 0 and of 1; "("
may always come.
"""

import math

import numpy as np

from countviz.models import HandSet, Model, Spec

_STEEPNESS = 20.0  # slope of the read-out
_ALWAYS = 10.0  # logit of a continuation that is always allowed
_SATURATED = 20.0  # pre-activation at which tanh is exactly ±1 in every precision


def exact_lstm(
    gate_bias: float = 40.0, step: float = 1.0, threshold: float = 0.5, *, name: str = "exact-lstm"
) -> Model:
    """Return an LSTM whose cell state is the count times the step.

    Parameters
    ----------
    gate_bias
        Bias of the input, forget and output gate. Below 37 (17 in float32) the counter leaks.
    step
        What one bracket adds to the cell state, in (0, 1].
    threshold
        The count, in brackets and in (0, 1), from which the read-out says that one is open.
    name
        The model's address.

    """
    candidate = _SATURATED if step == 1 else math.atanh(step)
    recipe = HandSet(step=step, threshold=threshold, gate_bias=gate_bias)
    return _dyck1_counter(
        name,
        Spec(language="dyck1", cell="lstm", recipe=recipe),
        weight_ih=[[0, 0], [0, 0], [candidate, -candidate], [0, 0]],
        weight_hh=[[0], [0], [0], [0]],
        bias=[gate_bias, gate_bias, 0, gate_bias],
        slope=_STEEPNESS,
        at=math.tanh(threshold * step),
    )


def exact_relu(step: float = 1.0, threshold: float = 0.5, *, name: str = "exact-relu") -> Model:
    """Return a ReLU unit whose hidden state is the count times the step.

    A surplus ``)`` finds the state at zero and leaves it there.
    """
    return _adder("relu", step, threshold, name)


def exact_linear(step: float = 1.0, threshold: float = 0.5, *, name: str = "exact-linear") -> Model:
    """Return a linear unit whose hidden state is the signed count times the step."""
    return _adder("linear", step, threshold, name)


def _adder(cell: str, step: float, threshold: float, name: str) -> Model:
    return _dyck1_counter(
        name,
        Spec(language="dyck1", cell=cell, recipe=HandSet(step=step, threshold=threshold)),
        weight_ih=[[step, -step]],
        weight_hh=[[1]],
        bias=[0],
        slope=_STEEPNESS / step,
        at=threshold * step,
    )


def _dyck1_counter(
    name: str, spec: Spec, *, weight_ih: list, weight_hh: list, bias: list, slope: float, at: float
) -> Model:
    """Return the model with ``)`` allowed where slope * (h - at) >= 0."""
    parameters = {
        "rnn.weight_ih_l0": weight_ih,
        "rnn.weight_hh_l0": weight_hh,
        "rnn.bias_ih_l0": bias,
        "rnn.bias_hh_l0": [0] * len(bias),
        "readout.weight": [[0], [slope]],
        "readout.bias": [_ALWAYS, -slope * at],
    }
    arrays = {key: np.array(value, np.float64) for key, value in parameters.items()}
    return Model(name=name, spec=spec, parameters=arrays, seed=0, epoch=0)
