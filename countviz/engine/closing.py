"""Count how many closing symbols a model still accepts: a count read off its behaviour alone.

It needs no fit and no look at the state, so it is an exact whole number for any cell with any
number of units.
"""

from collections.abc import Callable

import numpy as np

from countviz.arithmetic.instructions import equation, inlined
from countviz.arithmetic.precision import Precision
from countviz.cells.base import Cell
from countviz.engine.advance import write_advance, write_read_logit

NEVER, LATER = -1, -2


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
    """
    close_from = _write_close_from(cell, precision)

    @equation
    def count_closings(packed, symbols, rows, says_open, closer, cap, counts):
        recurrent = np.empty((1, packed.bias.size), packed.bias.dtype)
        scratch = np.empty((2, rows.shape[1]), rows.dtype)
        last = symbols.size - 1
        for t in range(symbols.size):
            if says_open[t] and t < last and symbols[t + 1] == closer:
                counts[t] = LATER
            else:
                counts[t] = close_from(packed, rows, t, closer, cap, counts, scratch, recurrent)
        for t in range(last - 1, -1, -1):
            if counts[t] == LATER:
                counts[t] = one_more(counts[t + 1], cap)

    return count_closings


def _write_close_from(cell: Cell, precision: Precision) -> Callable:
    """Write the walk that feeds closers to the state after symbol t, and counts them."""
    advance, read_logit = write_advance(cell, precision), write_read_logit(precision)
    state = len(cell.internals) - len(cell.state)

    @inlined
    def same_state(some, s, rows, t, units):
        same = True
        for at in range(state * units, rows.shape[1]):
            same &= some[s, at] == rows[t, at]
        return same

    @inlined
    def close_from(packed, rows, t, closer, cap, counts, scratch, recurrent):
        answer, units = NEVER, packed.readout.shape[1]
        for at in range(scratch.shape[1]):  # a slice would compile ten times as long
            scratch[0, at] = rows[t + 1, at]
        for count in range(cap + 1):
            old, new = count % 2, (count + 1) % 2
            if read_logit(packed, scratch, old, closer) < 0:
                answer = count
                break
            advance(packed, closer, scratch, old, recurrent, 0, scratch, new)
            if same_state(scratch, old, scratch, new, units):
                break
            known = count == 0 and t > 0 and counts[t - 1] != LATER
            if known and same_state(scratch, new, rows, t, units):  # the closer undid symbol t
                answer = one_more(counts[t - 1], cap)
                break
        return answer

    return close_from
