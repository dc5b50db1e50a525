"""The gated recurrent unit, as PyTorch has it (Cho et al. 2014).

The new hidden state lies between the old one and a candidate in (-1, 1), so abs(h) never exceeds 1:
a count has to be squeezed into a bounded state (Weiss, Goldberg, Yahav 2018, arXiv 1805.04908).
"""

from countviz.arithmetic.instructions import equation
from countviz.arithmetic.number import complement, sigmoid, tanh
from countviz.cells.base import Cell, Internal

GATES = (0, 1, 2)  # r, z, n
STATE = (3,)  # h


@equation
def step(a_r, a_z, a_n, r_r, r_z, r_n, h):
    """Return r, z, n, h of one unit after a symbol."""
    r, z = sigmoid(a_r + r_r), sigmoid(a_z + r_z)
    n = tanh(a_n + r * r_n)
    h = n + z * (h - n)  # = (1 - z) n + z h, in the order of operations of PyTorch
    return r, z, n, h


@equation
def adjoint(r, z, n, h, r_r, r_z, r_n, h_before, dh):
    """Return the derivatives by the three a, the three r, and the state before."""
    d_n = dh * complement(z) * complement(n * n)
    d_z = dh * (h_before - n) * z * complement(z)
    d_r = d_n * r_n * r * complement(r)
    return d_r, d_z, d_n, d_r, d_z, d_n * r, dh * z


def find_pre_activations(a, r, internals):
    """Return what r, z and n squash: the reset gate acts on the candidate's recurrent part."""
    (a_r, a_z, a_n), (r_r, r_z, r_n) = a, r
    return a_r + r_r, a_z + r_z, a_n + internals["r"] * r_n


GRU = Cell(
    name="gru",
    title="GRU",
    gates=("r", "z", "n"),
    squash=("sigmoid", "sigmoid", "tanh"),
    internals=(
        Internal(name="r", meaning="reset gate", bounds=(0, 1)),
        Internal(name="z", meaning="update gate", bounds=(0, 1)),
        Internal(name="n", meaning="candidate", bounds=(-1, 1)),
        Internal(name="h", meaning="hidden state", bounds=(-1, 1)),
    ),
    state=("h",),
    counter="h",
    step=step,
    adjoint=adjoint,
    pre_activations=find_pre_activations,
)
