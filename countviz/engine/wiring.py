"""The parameters of any model, with a memory or without, as one flat vector and as its parts."""

from typing import NamedTuple

import numpy as np

from countviz.arithmetic.instructions import equation
from countviz.arithmetic.lanes import as_matrix


class Wiring(NamedTuple):
    """Whatever decides the parts' shapes and how they are joined; without a memory K is 0."""

    units: int  # H
    stacks: int  # K
    width: int  # W
    actions: int  # A: push, pop and, if it is 3, no-op
    learned: bool  # what is pushed is sigmoid(D h + d), otherwise h itself
    added: bool  # what is on top is added to h, otherwise it stands in the input
    depth: int  # cells a stack has
    bottom: float  # what an empty cell reads as


class Parts(NamedTuple):
    """Views into one flat vector of parameters (or gradients), in their order and shapes.

    The columns of W_ih that read the stacks are none where what is read is added to h, and so are
    the rows of whatever else a model does without.
    """

    weight_ih: np.ndarray  # [G H, V + K W or V]
    weight_hh: np.ndarray  # [G H, H]
    bias_ih: np.ndarray  # [G H]
    bias_hh: np.ndarray  # [G H]
    read: np.ndarray  # [H, K W]
    action: np.ndarray  # [K A, H]
    action_bias: np.ndarray  # [K A]
    push: np.ndarray  # [K W, H]
    push_bias: np.ndarray  # [K W]
    readout: np.ndarray  # [V, H]
    readout_bias: np.ndarray  # [V]


@equation
def view_parts(vector, gates, wiring, symbols):
    """Return the views of a flat vector."""
    units, layer = wiring.units, wiring.stacks * wiring.width
    rows, actions = gates * units, wiring.stacks * wiring.actions
    pushed, added = layer if wiring.learned else 0, layer if wiring.added else 0
    columns = symbols + layer - added
    hh = rows * columns
    ih_bias = hh + rows * units
    hh_bias = ih_bias + rows
    read = hh_bias + rows
    action = read + units * added
    action_bias = action + actions * units
    push = action_bias + actions
    push_bias = push + pushed * units
    readout = push_bias + pushed
    readout_bias = readout + symbols * units
    return Parts(
        as_matrix(vector[:hh], rows, columns),
        as_matrix(vector[hh:ih_bias], rows, units),
        vector[ih_bias:hh_bias],
        vector[hh_bias:read],
        as_matrix(vector[read:action], units, added),
        as_matrix(vector[action:action_bias], actions, units),
        vector[action_bias:push],
        as_matrix(vector[push:push_bias], pushed, units),
        vector[push_bias:readout],
        as_matrix(vector[readout:readout_bias], symbols, units),
        vector[readout_bias:],
    )
