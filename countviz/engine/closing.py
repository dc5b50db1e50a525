"""Count how many closing symbols a model still accepts: a count read off its behaviour alone.

It needs no fit and no look at the state, so it is an exact whole number for any cell with any
number of units.
"""

from collections.abc import Callable

import numpy as np

from countviz.arithmetic.instructions import equation
from countviz.arithmetic.precision import Precision
from countviz.cells.base import Cell
from countviz.engine.places import (
    write_advance,
    write_copy,
    write_read_logit,
    write_same_state,
)

NEVER, LATER = -1, -2
NO_SYMBOL = -1


@equation
def one_more(count, cap):
    """Return one more than a count, within the cap."""
    return NEVER if count in (NEVER, cap) else count + 1


def write_count_closings(cell: Cell, precision: Precision) -> Callable:
    """Write ``count_closings(packed, symbols, rows, says_open, closer, cap, counts)``.

    From the state after each of the T symbols (rows as ``record`` left them) the model is fed the
    closer until it no longer predicts it; counts [T] receives how many that took. It receives NEVER
    where the state stopped moving, so that no further closer can change the answer, or where `cap`
    closers were not enough. says_open [T] tells whether the closer is predicted after each symbol:
    where it is, and the string itself goes on with it, the count is one more than the next one;
    where a closer leads back to the state before the symbol, one more than the one before.

    Of a stack model, whose stacks are not all kept, `rows` are four places, of which the first
    holds the state before the string; it reads the symbols anew. NO_SYMBOL leaves them as
    they are.
    """
    reach, close_from = _write_reach(cell, precision), _write_close_from(cell, precision)
    make_room = _write_make_room(cell)

    @equation
    def count_closings(packed, symbols, rows, says_open, closer, cap, counts):
        recurrent = np.empty((1, packed.bias.size), packed.bias.dtype)
        places, last = make_room(rows), symbols.size - 1
        for t in range(symbols.size):
            before, now = t % 2, (t + 1) % 2
            reach(packed, symbols, t, rows, places, recurrent)
            if says_open[t] and t < last and symbols[t + 1] == closer:
                counts[t] = LATER
            else:
                known = counts[t - 1] if t > 0 else LATER
                counts[t] = close_from(packed, places, before, now, known, closer, cap, recurrent)
        for t in range(last - 1, -1, -1):
            if counts[t] == LATER:
                counts[t] = one_more(counts[t + 1], cap)

    return count_closings


def _write_make_room(cell: Cell) -> Callable:
    """Write ``make_room(rows)``, which returns four places: two on the string, two beside it."""
    if cell.memory:
        return equation(lambda places: places)
    return equation(lambda rows: np.empty((4, rows.shape[1]), rows.dtype))


def _write_reach(cell: Cell, precision: Precision) -> Callable:
    """Write what brings the states before and after symbol t to places t % 2 and (t + 1) % 2."""
    if cell.memory:
        advance, copy = write_advance(cell, precision), write_copy(cell)

        @equation
        def reach(packed, symbols, t, rows, places, recurrent):
            if symbols[t] == NO_SYMBOL:
                copy(places, t % 2, (t + 1) % 2)
            else:
                advance(packed, symbols[t], places, t % 2, recurrent, 0, places, (t + 1) % 2)

    else:

        @equation
        def reach(packed, symbols, t, rows, places, recurrent):
            for at in range(rows.shape[1]):  # a slice would compile ten times as long
                places[t % 2, at] = rows[t, at]
                places[(t + 1) % 2, at] = rows[t + 1, at]

    return reach


def _write_close_from(cell: Cell, precision: Precision) -> Callable:
    """Write the walk that feeds closers to the state at place `now`, and counts them.

    `known` is the count at place `before`, LATER where there is none yet; two more places are room.
    """
    advance, read_logit = write_advance(cell, precision), write_read_logit(cell, precision)
    copy, same_state = write_copy(cell), write_same_state(cell)

    @equation
    def close_from(packed, places, before, now, known, closer, cap, recurrent):
        copy(places, now, 2)
        for count in range(cap + 1):
            old, new = 2 + count % 2, 2 + (count + 1) % 2
            if read_logit(packed, places, old, closer) < 0:
                return count
            advance(packed, closer, places, old, recurrent, 0, places, new)
            if same_state(packed, places, old, new):
                return NEVER
            undone = count == 0 and known != LATER  # perhaps the closer undid the symbol
            if undone and same_state(packed, places, new, before):
                return one_more(known, cap)
        return NEVER

    return close_from
