"""The simple recurrent cell of Elman (1990): h' = tanh(a + U h).

Its state is bounded and always contracted somewhere, so it cannot count without bound.
"""

from countviz.arithmetic.instructions import equation
from countviz.arithmetic.number import complement, tanh, zero_like
from countviz.cells.base import Cell, Internal

GATES = (0,)
STATE = (1,)  # h


@equation
def step(a, r, h):
    """Return the pre-activation and h of one unit after a symbol."""
    a = a + r
    return a, tanh(a)


@equation
def adjoint(a, h, r, h_before, dh):
    """Return the derivatives by a, by r, and by the state before (which acts through r alone)."""
    d_a = dh * complement(h * h)
    return d_a, d_a, zero_like(dh)


TANH = Cell(
    name="tanh",
    title="tanh",
    gates=("h",),
    squash=("tanh",),
    internals=(
        Internal(name="a", meaning="pre-activation"),
        Internal(name="h", meaning="hidden state", bounds=(-1, 1)),
    ),
    state=("h",),
    counter="h",
    step=step,
    adjoint=adjoint,
)
