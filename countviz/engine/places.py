"""Where the loops keep states: the rows of an array, or with stacks a ``Places``.

A loop names a state by its place. What it does to one is written here for both kinds of cells, so
that every loop is written once.
"""

from collections.abc import Callable

from countviz.arithmetic.instructions import equation, inlined
from countviz.arithmetic.precision import Precision
from countviz.cells.base import Cell
from countviz.engine import advance, stack


def write_advance(cell: Cell, precision: Precision) -> Callable:
    """Write ``advance(packed, symbol, source, s, recurrent, r, places, t)``.

    It fills place t with all that happens when the model, in the state of place s of `source`,
    reads the symbol; recurrent[r] receives W_hh h + b_hh, [G H].
    """
    write = stack.write_stack_advance if cell.memory else advance.write_advance
    return write(cell, precision)


def write_read_logit(cell: Cell, precision: Precision) -> Callable:
    """Write ``read_logit(packed, places, t, v)``, the logit of continuation v at place t."""
    read_row = advance.write_read_logit(precision)
    if not cell.memory:
        return read_row

    @inlined
    def read_logit(packed, places, t, v):
        return read_row(packed, places.rows, t, v)

    return read_logit


def write_copy(cell: Cell) -> Callable:
    """Write ``copy(places, s, t)``, which copies the state at place s to place t."""

    @equation
    def copy_row(rows, s, t):
        for at in range(rows.shape[1]):
            rows[t, at] = rows[s, at]

    if not cell.memory:
        return copy_row

    @equation
    def copy(places, s, t):
        copy_row(places.rows, s, t)
        stack.copy_stacks(places, s, t)

    return copy


def write_same_state(cell: Cell) -> Callable:
    """Write ``same_state(packed, places, s, t)``, which says whether two states are equal."""
    state = len(cell.internals) - len(cell.state)

    @equation
    def same_row(packed, rows, s, t):
        same = True
        for at in range(state * packed.readout.shape[1], rows.shape[1]):
            same &= rows[s, at] == rows[t, at]
        return same

    if not cell.memory:
        return same_row

    @equation
    def same_state(packed, places, s, t):
        return same_row(packed, places.rows, s, t) and stack.same_stacks(places, s, t)

    return same_state
