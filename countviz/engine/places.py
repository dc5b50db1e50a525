"""Where the loops keep states: the rows of an array, or with stacks a ``Places``.

A loop names a state by its place. What it does to one is written here for both kinds of cells, so
that every loop is written once.
"""

from collections.abc import Callable
from functools import cache

from countviz.arithmetic.instructions import equation, inlined
from countviz.arithmetic.precision import Precision
from countviz.cells.base import Cell
from countviz.engine import advance, automaton, stack, strata

_MEMORIES = {  # how a memory is read, acted on and moved; how it is copied and compared
    "superposition": (
        (stack.write_no_recall, stack.write_act, stack.write_move),
        (stack.copy_stacks, stack.same_stacks),
    ),
    "stratification": (
        (strata.write_recall, strata.write_act, strata.write_move),
        (stack.copy_stacks, stack.same_stacks),
    ),
    "nondeterministic": (
        (stack.write_no_recall, automaton.write_act, automaton.write_move),
        (automaton.copy_runs, automaton.same_runs),
    ),
}


@cache
def write_advance(cell: Cell, precision: Precision) -> Callable:
    """Write ``advance(packed, symbol, source, s, recurrent, r, places, t)``.

    It fills place t with all that happens when the model, in the state of place s of `source`,
    reads the symbol; recurrent[r] receives W_hh h + b_hh, [G H].
    """
    if not cell.memory:
        return advance.write_advance(cell, precision)
    written, _ = _MEMORIES[cell.memory_kind]
    return stack.write_stack_advance(cell, precision, *written)


@cache
def write_read_logit(cell: Cell, precision: Precision) -> Callable:
    """Write ``read_logit(packed, places, t, v)``, the logit of continuation v at place t."""
    read_row = advance.write_read_logit(precision)
    if not cell.memory:
        return read_row

    @inlined
    def read_logit(packed, places, t, v):
        return read_row(packed, places.rows, t, v)

    return read_logit


@cache
def write_copy(cell: Cell) -> Callable:
    """Write ``copy(places, s, t)``, which copies the state at place s to place t."""

    @equation
    def copy_row(rows, s, t):
        for at in range(rows.shape[1]):
            rows[t, at] = rows[s, at]

    if not cell.memory:
        return copy_row
    copy_memory, _ = _MEMORIES[cell.memory_kind][1]

    @equation
    def copy(places, s, t):
        copy_row(places.rows, s, t)
        copy_memory(places, s, t)

    return copy


@cache
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
    _, same_memory = _MEMORIES[cell.memory_kind][1]

    @equation
    def same_state(packed, places, s, t):
        return same_row(packed, places.rows, s, t) and same_memory(places, s, t)

    return same_state
