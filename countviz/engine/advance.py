"""One step of a model: the piece that every loop is made of.

The functions here write compiled functions for one cell and one precision. A row holds every
internal of every unit after a symbol, N internals of H units side by side, [N H]: one internal
after the other as PyTorch packs gates, so that unit j finds its numbers at j, H + j, 2 H + j, ...
"""

from collections.abc import Callable
from functools import cache
from typing import NamedTuple

import numpy as np

from countviz.arithmetic.half import lower
from countviz.arithmetic.instructions import equation, fma, inlined
from countviz.arithmetic.precision import Precision
from countviz.cells.base import Cell


class Packed(NamedTuple):
    """A model's parameters as the loops want them, for V symbols, G gates and H units.

    ``inputs[x]`` is what symbol x feeds to every gate; ``recurrent`` is W_hh transposed, so that
    the loop over its rows runs through memory in order.
    """

    inputs: np.ndarray  # [V, G H]  W_ih x + b_ih
    recurrent: np.ndarray  # [H, G H]  W_hh transposed
    bias: np.ndarray  # [G H]  b_hh
    readout: np.ndarray  # [V, H]
    readout_bias: np.ndarray  # [V]


@cache
def write_take(count: int, make: Callable) -> Callable:
    """Write ``take(values, row, at, stride)``: a tuple of `count` numbers from a row of a matrix.

    ``make`` makes them of values[row, at], values[row, at + stride], ...
    """
    if count == 1:

        @equation
        def take_one(values, row, at, stride):
            return (make(values[row, at]),)

        return take_one

    rest = write_take(count - 1, make)

    @equation
    def take(values, row, at, stride):
        return (make(values[row, at]),) + rest(values, row, at + stride, stride)  # noqa: RUF005

    return take


@cache
def write_advance(cell: Cell, precision: Precision) -> Callable:
    """Write ``advance(packed, symbol, source, s, recurrent, r, rows, t)``.

    It fills rows[t] with everything that happens when the model, in the state of source[s], reads
    the symbol; recurrent[r] receives W_hh h + b_hh, [G H].
    """
    step = cell.step
    internals = len(cell.internals)
    state = internals - len(cell.state)  # the state is the last of the internals
    take_inputs = write_take(len(cell.gates), precision.restore)
    take_recurrent = write_take(len(cell.gates), precision.lift)
    take_state = write_take(len(cell.state), precision.restore)

    @inlined
    def advance(packed, symbol, source, s, recurrent, r, rows, t):
        units = packed.readout.shape[1]
        hidden = (internals - 1) * units
        for row in range(packed.bias.size):
            recurrent[r, row] = fma(packed.recurrent[0, row], source[s, hidden], packed.bias[row])
        for k in range(1, units):
            for row in range(packed.bias.size):
                recurrent[r, row] = fma(
                    packed.recurrent[k, row], source[s, hidden + k], recurrent[r, row]
                )
        for unit in range(units):
            after = step(
                *(
                    take_inputs(packed.inputs, symbol, unit, units)
                    + take_recurrent(recurrent, r, unit, units)
                    + take_state(source, s, state * units + unit, units)
                )
            )
            for place in range(internals):
                rows[t, place * units + unit] = lower(after[place])

    return advance


@cache
def write_read_logit(precision: Precision) -> Callable:
    """Write ``read_logit(packed, rows, t, v)``: the read-out's logit for continuation v.

    Continuation v is predicted if and only if this is >= 0; nothing else in the project decides it.
    """
    lift = precision.lift

    @inlined
    def read_logit(packed, rows, t, v):
        units = packed.readout.shape[1]
        logit = packed.readout_bias[v]
        for unit in range(units):
            logit = fma(packed.readout[v, unit], rows[t, rows.shape[1] - units + unit], logit)
        return lower(lift(logit))

    return read_logit
