"""Stacks with weights set by hand: they count brackets, of one kind or of two, for ever.

The controller is a simple network whose units are all -1 or 1, because every pre-activation is
at least 10 from zero, and more in a narrow format never hurts. Actions 1,000 apart are certain.
A network that reads the top of its stack before it moves does not see what a pop uncovers. So each
cell says what lies under it: whoever pops knows what is on top next.
"""

import numpy as np

from countviz.models import HandSet, Model, Spec, Stacks

_CERTAIN = 1_000.0  # between the logits of two actions; the weaker one's share is 0
_STEEPNESS = 20.0  # of the read-out, and of the units that look at a symbol
_LOOK = 80.0  # of the units that look at a cell: 20 where it is a quarter off their threshold


def exact_stack_dyck1(*, name: str = "exact-stack-dyck1") -> Model:
    """Return a stack of numbers as deep as brackets of one kind are open.

    The lowest bracket is a 1, any other a half, and an empty cell reads as 0; so a ``)`` that pops
    a 1 closes the last one.
    """
    opens, first, empty = range(3)  # the units: reads "(", reads a 1, reads a 0
    weight_ih = np.zeros((3, 3))
    weight_ih[opens, :2] = _STEEPNESS, -_STEEPNESS
    weight_ih[[first, empty], 2] = _LOOK, -_LOOK
    return _build(
        name,
        Spec(language="dyck1", cell="stack-rnn", units=3, memory=Stacks(), recipe=HandSet()),
        weight_ih=weight_ih,
        bias=[0, -0.75 * _LOOK, 0.25 * _LOOK],
        pushes=([1, 0, 0], 0),
        push_weight=[[0, 0, 20]],  # sigmoid(40) is 1, sigmoid(0) a half
        push_bias=[20],
        readout=[[0, 0, 0], [_STEEPNESS, -_STEEPNESS, 0]],
        readout_bias=[10, 10],
    )


def exact_stack_dyck2(*, name: str = "exact-stack-dyck2") -> Model:
    """Return a stack that holds the open brackets, round and square.

    A cell has four numbers, each 0 or 1: it is round, it is square, what lies under it is round,
    is square.
    """
    units = 6  # reads "(", "["; the top is round, is square; under it is round, is square
    weight_ih = np.zeros((units, 8))
    weight_ih[0, :4] = _STEEPNESS * np.array([1, -1, -1, -1])
    weight_ih[1, :4] = _STEEPNESS * np.array([-1, -1, 1, -1])
    weight_ih[2:, 4:] = _LOOK * np.eye(4)
    push = np.zeros((4, units))
    push[range(4), range(4)] = _CERTAIN  # so the new cell is what was read, on what was on top
    closes_round = [_STEEPNESS, -_STEEPNESS, 0, 0, 10, 0]
    closes_square = [-_STEEPNESS, _STEEPNESS, 0, 0, 0, 10]
    return _build(
        name,
        Spec(
            language="dyck2",
            cell="stack-rnn",
            units=units,
            memory=Stacks(width=4),
            recipe=HandSet(),
        ),
        weight_ih=weight_ih,
        bias=[0, 0, *[-_LOOK / 2] * 4],
        pushes=([1, 1, 0, 0, 0, 0], 1),
        push_weight=push,
        push_bias=[0] * 4,
        readout=[[0] * units, closes_round, [0] * units, closes_square],
        readout_bias=[10, 0, 10, 0],
    )


def _build(
    name: str,
    spec: Spec,
    *,
    weight_ih: np.ndarray,
    bias: list,
    pushes: tuple[list, float],
    push_weight: list | np.ndarray,
    push_bias: list,
    readout: list,
    readout_bias: list,
) -> Model:
    """Return the model that pushes where `pushes`, a weight and a bias, come to 1, else pops."""
    push, constant = np.array(pushes[0]), pushes[1]
    parameters = {
        "rnn.weight_ih_l0": weight_ih,
        "rnn.weight_hh_l0": np.zeros((spec.units, spec.units)),
        "rnn.bias_ih_l0": bias,
        "rnn.bias_hh_l0": np.zeros(spec.units),
        "stack.action.weight": _CERTAIN * np.array([push, -push, 0 * push]),
        "stack.action.bias": _CERTAIN * np.array([constant, -constant, -1]),
        "stack.push.weight": push_weight,
        "stack.push.bias": push_bias,
        "readout.weight": readout,
        "readout.bias": readout_bias,
    }
    arrays = {key: np.array(value, np.float64) for key, value in parameters.items()}
    return Model(name=name, spec=spec, parameters=arrays, seed=0, epoch=0)
