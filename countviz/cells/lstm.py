"""The long short-term memory cell, as PyTorch has it (Hochreiter, Schmidhuber 1997; Gers 2000).

With i, f and o saturated at 1 and the candidate g at ±a, the cell state c counts in steps of a:
the LSTM can count exactly (Weiss, Goldberg, Yahav 2018, arXiv 1805.04908).
"""

from countviz.arithmetic.instructions import equation
from countviz.arithmetic.number import complement, sigmoid, tanh, zero_like
from countviz.cells.base import Cell, Internal

GATES = (0, 1, 2, 3)  # i, f, g, o: their blocks of rows in the packed parameters
STATE = (4, 5)  # c, h: their places among the internals


@equation
def step(a_i, a_f, a_g, a_o, r_i, r_f, r_g, r_o, c, h):
    """Return i, f, g, o, c, h of one unit after a symbol."""
    i, f, g, o = sigmoid(a_i + r_i), sigmoid(a_f + r_f), tanh(a_g + r_g), sigmoid(a_o + r_o)
    c = f * c + i * g
    h = o * tanh(c)
    return i, f, g, o, c, h


@equation
def adjoint(i, f, g, o, c, h, r_i, r_f, r_g, r_o, c_before, h_before, dc, dh):
    """Return the derivatives by the four a, the four r, and the state before."""
    squashed = h / o  # tanh(c), without computing it again
    dc = dc + dh * o * complement(squashed * squashed)
    d_i = dc * g * i * complement(i)
    d_f = dc * c_before * f * complement(f)
    d_g = dc * i * complement(g * g)
    d_o = dh * squashed * o * complement(o)
    return d_i, d_f, d_g, d_o, d_i, d_f, d_g, d_o, dc * f, zero_like(dh)


LSTM = Cell(
    name="lstm",
    title="LSTM",
    gates=("i", "f", "g", "o"),
    squash=("sigmoid", "sigmoid", "tanh", "sigmoid"),
    internals=(
        Internal(name="i", meaning="input gate", bounds=(0, 1)),
        Internal(name="f", meaning="forget gate", bounds=(0, 1)),
        Internal(name="g", meaning="candidate", bounds=(-1, 1)),
        Internal(name="o", meaning="output gate", bounds=(0, 1)),
        Internal(name="c", meaning="cell state"),
        Internal(name="h", meaning="hidden state", bounds=(-1, 1)),
    ),
    state=("c", "h"),
    counter="c",
    step=step,
    adjoint=adjoint,
)
