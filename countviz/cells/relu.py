"""The simple recurrent cell with a rectifier: h' = max(0, a + U h).

With U = 1 and equal and opposite steps it counts exactly, and absorbs closings at zero
(El-Naggar, Ryzhikov, Daviaud, Madhyastha, Weyde 2023, PMLR 217).
"""

import math

from countviz.arithmetic.instructions import equation
from countviz.arithmetic.number import relu, step_at_zero, zero_like
from countviz.cells.base import Cell, Internal

GATES = (0,)
STATE = (1,)  # h


@equation
def step(a, r, h):
    """Return the pre-activation and h of one unit after a symbol."""
    a = a + r
    return a, relu(a)


@equation
def adjoint(a, h, r, h_before, dh):
    """Return the derivatives by a, by r, and by the state before (which acts through r alone)."""
    d_a = dh * step_at_zero(a)
    return d_a, d_a, zero_like(dh)


RELU = Cell(
    name="relu",
    title="ReLU",
    gates=("h",),
    squash=("relu",),
    internals=(
        Internal(name="a", meaning="pre-activation"),
        Internal(name="h", meaning="hidden state", bounds=(0, math.inf)),
    ),
    state=("h",),
    counter="h",
    step=step,
    adjoint=adjoint,
)
