"""The linear recurrent cell: h' = a + U h.

One unit counts exactly if and only if U = 1 and the two steps are equal and opposite
(El-Naggar, Madhyastha, Weyde 2023, arXiv 2304.03639).
"""

from countviz.arithmetic.instructions import equation
from countviz.arithmetic.number import zero_like
from countviz.cells.base import Cell, Internal

GATES = (0,)
STATE = (0,)  # h


@equation
def step(a, r, h):
    """Return h of one unit after a symbol."""
    return (a + r,)


@equation
def adjoint(h_after, r, h_before, dh):
    """Return the derivatives by a, by r, and by the state before (which acts through r alone)."""
    return dh, dh, zero_like(dh)


LINEAR = Cell(
    name="linear",
    title="linear",
    gates=("h",),
    squash=("identity",),
    internals=(Internal(name="h", meaning="hidden state"),),
    state=("h",),
    counter="h",
    step=step,
    adjoint=adjoint,
)
